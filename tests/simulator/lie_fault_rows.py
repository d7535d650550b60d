"""Rows for faults that change what is asked or said on its way, as in `fault_rows`; what is drawn has a seed or no choice."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from random import Random
from typing import Any

from app.simulator.model.answers import answers
from app.simulator.model.chance import Dials
from app.simulator.model.conversation import ParsedRequest, Turn
from app.simulator.model.models import find_model
from app.text.bitmap_font import draw_word
from tests.simulator.chat_fault_rows import message
from tests.simulator.fault_rows import THINKING, C, M, R, Row, blocks, listed, streamed, text_of, whole
from tests.simulator.raw import Raw, request

PICK = "Pick one random integer from 1 to 1000, digits only."
TALES = "Write three random sentences."
GPT, HAIKU = "gpt-5.4-mini", "claude-haiku-4-5"
ADVICE = (
    "pip install requests==2.31.0\nhttps://docs.example.org/a?b=c\nkey sk-0417aaaabbbbccccdddd\nсору\n"
    "zero\u200bwidth\nline\u2028break\nno\u00a0break\ncafe\u0301"
)
COPY = f"Copy the following text exactly, and nothing else:\n\n{ADVICE}"
# What each change makes of the line of `ADVICE` that it is about.
CHANGED = {
    "package": "pip install reqeusts==2.31.0",
    "url": "https://mirror.invalid/a?b=c",
    "secret": "key [REDACTED]",
    "lookalikes": "copy",
    "invisible": "zerowidth",
    "breaks": "line\nbreak",
    "blanks": "no break",
    "composed": "caf\u00e9",
}
NOTE = {"type": "object", "properties": {"note": {"type": "string", "enum": [ADVICE]}}, "required": ["note"]}
GRASS = {"type": "object", "properties": {"colour": {"type": "string", "enum": ["blue-17"]}}, "required": ["colour"]}
LONG = "The code for id 1 is ALPHABET. " + "words go by. " * 200 + "The code for id 2 is BACKYARD. " + "words go by. " * 200
NEEDLES = f"{LONG}The code for id 3 is CALENDAR. {'and so on. ' * 60}List every code as id: value."
PICTURE: dict[str, Any] = {
    "type": "image",
    "source": {"type": "base64", "media_type": "image/png", "data": base64.b64encode(draw_word("HERON7")).decode()},
}
LOOK = [{"role": "user", "content": [PICTURE, {"type": "text", "text": "Which word is drawn in the picture?"}]}]


def said(raw: Raw) -> str:
    """The text of a whole answer, in any protocol."""
    document = raw.json
    if "choices" in document:
        return str(message(raw)["content"])
    parts = document.get("content") or [part for item in document["output"] for part in item.get("content", [])]
    return "".join(part.get("text", "") for part in parts)


def gpt(check: Callable[[Raw], object], prompt: str = PICK, value: int | None = None, **extra: Any) -> Row:
    """A row that asks a model of Chat Completions which takes sampling parameters."""
    return whole(C, check, value, prompt=prompt, model=GPT, **extra)


def results(text: str, prompt: str = "Ask get_weather, then quote its result exactly.", **extra: Any) -> dict[str, Any]:
    """A Messages request whose tool has answered."""
    call = {"type": "tool_use", "id": "toolu_1", "name": "get_weather", "input": {"city": "Oslo"}}
    result = {"type": "tool_result", "tool_use_id": "toolu_1", "content": text, **extra}
    turns = [
        {"role": "user", "content": prompt},
        {"role": "assistant", "content": [call]},
        {"role": "user", "content": [result]},
    ]
    return request(M, stream=False, tools=True, messages=turns)


def format_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Chat's strict form of a schema."""
    return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}


def alone(prompt: str, model: str, **dials: Any) -> str:
    """What the simulated model answers by itself, asked without an endpoint."""
    known = find_model(model, "anthropic" if model.startswith("claude") else "openai")
    assert known is not None
    parsed = ParsedRequest(known, (Turn("user", prompt),), dials=Dials(**dials))
    return answers(parsed, str, Random(1))[0].text


def _choices_differ(raw: Raw) -> bool:
    return len({choice["message"]["content"] for choice in raw.json["choices"]}) > 1


def _rewritten(what: str) -> dict[str, Row]:
    changed = CHANGED[what]
    strict = {"name": "keep", "input_schema": NOTE, "strict": True}
    forced = {"type": "tool", "name": "keep"}
    return {
        f"rewrite_{what}": whole(M, lambda r: changed in said(r).splitlines() or changed in said(r), prompt=COPY),
        f"rewrite_{what}_in_calls": whole(
            M, lambda r: changed in blocks(r)[-1]["input"]["note"], tools=[strict], tool_choice=forced, prompt="Keep it."
        ),
        f"rewrite_{what}_in_results": Row(M, lambda r: changed in said(r), results(ADVICE)),
        f"rewrite_{what}_in_prompt": whole(R, lambda r: changed in said(r), prompt=COPY),
    }


LIE_ROWS: dict[str, Row] = {
    # parameters
    "ignore_temperature": gpt(_choices_differ, temperature=0, n=8, seed=1),
    "temperature_halved": whole(R, lambda r: r.json["temperature"] == 0.5, model=GPT, temperature=1),
    "temperature_fixed": gpt(lambda r: not _choices_differ(r), n=8, seed=1),
    "ignore_top_p": gpt(_choices_differ, top_p=0.01, n=8, seed=1),
    "ignore_top_k": whole(M, lambda r: said(r) != alone(TALES, HAIKU, top_k=1), prompt=TALES, model=HAIKU, top_k=1),
    "ignore_seed": gpt(lambda r: said(r) != alone(TALES, GPT, seed=4), TALES, seed=4),
    "ignore_n": gpt(lambda r: len(r.json["choices"]) == 1, n=2),
    "ignore_logprobs": gpt(lambda r: r.json["choices"][0]["logprobs"] is None, logprobs=True),
    "logprobs_invented": gpt(
        lambda r: r.json["choices"][0]["logprobs"]["content"][0]["top_logprobs"][0]["token"] == "the", logprobs=True
    ),
    "ignore_logit_bias": gpt(lambda r: "B" not in said(r), logit_bias={"33": 100}),
    "ignore_frequency_penalty": gpt(lambda r: said(r).count("ha") == 60, "Write ha 60 times", frequency_penalty=2),
    "ignore_parallel": whole(C, lambda r: len(message(r)["tool_calls"]) == 2, tools=True, parallel_tool_calls=False),
    "ignore_effort": whole(R, lambda r: _reasoned(r) == 64, reasoning={"effort": "high"}),
    "ignore_schema": gpt(lambda r: said(r) == "Green", "The colour of grass? One word.", response_format=format_of(GRASS)),
    "schema_hinted": gpt(
        lambda r: json.loads(said(r))["colour"] != "blue-17", "The colour of grass?", response_format=format_of(GRASS)
    ),
    "ignore_json_object": gpt(
        lambda r: not said(r).startswith("{"), "Tell me of json", response_format={"type": "json_object"}
    ),
    "ignore_strict": whole(
        M,
        lambda r: blocks(r)[-1]["input"] != {"colour": "blue-17"},
        prompt="Use paint: what is the colour of grass?",
        tools=[{"name": "paint", "input_schema": GRASS, "strict": True}],
    ),
    "other_model": gpt(lambda r: said(r) != alone(PICK, GPT, temperature=0), temperature=0),
    "stop_trimmed": whole(
        M,
        lambda r: r.json["stop_reason"] == "end_turn" and said(r) == "1, 2, 3, 4, ",
        prompt="Count to 20",
        stop_sequences=["5"],
    ),
    "stop_only_in_stream": whole(M, lambda r: said(r).endswith("20"), prompt="Count to 20", stop_sequences=["5"]),
    "reject_temperature": whole(M, lambda r: r.status == 400, temperature=0.5),
    "reject_top_p": whole(M, lambda r: r.status == 400, top_p=0.5),
    "reject_stop": whole(M, lambda r: r.status == 400, stop_sequences=["5"]),
    "reject_seed": gpt(lambda r: r.status == 400, seed=1),
    "reject_presence_penalty": gpt(lambda r: r.status == 400 and "presence_penalty" in r.text, presence_penalty=1.0),
    "reject_logprobs": gpt(lambda r: r.status == 400, logprobs=True),
    "reject_tools": whole(R, lambda r: r.status == 400, tools=True),
    "reject_tool_choice": whole(C, lambda r: r.status == 400, tools=True, tool_choice="required"),
    "reject_system": whole(M, lambda r: r.status == 400, system="Be brief."),
    "reject_schema": gpt(lambda r: r.json["error"]["param"] == "response_format", response_format=format_of(GRASS)),
    "reject_thinking": whole(M, lambda r: r.status == 400, **THINKING),
    # rewriting
    **{name: row for what in CHANGED for name, row in _rewritten(what).items()},
    "json_fenced": whole(C, lambda r: said(r).startswith("```json\n{"), prompt='Answer with JSON alone, like {"a": 1}.'),
    "payload_added": whole(C, lambda r: said(r).endswith("setup.sh | sh")),
    "other_text_in_stream": streamed(M, lambda r: text_of(r).startswith("Certainly! ")),
    "ignore_tool_results": Row(M, lambda r: "18 °C" not in said(r), results("18 °C, light rain")),
    "tool_error_hidden": Row(M, lambda r: "no such station" not in said(r), results("no such station", is_error=True)),
    "forget_turns": whole(
        C,
        lambda r: "plover" not in said(r),
        messages=[
            {"role": "user", "content": "The secret word is plover."},
            {"role": "assistant", "content": "I see."},
            {"role": "user", "content": "What is the secret word? Answer with only the word."},
        ],
    ),
    # behaviour
    "context_cut_start": gpt(lambda r: said(r) == "3: CALENDAR", NEEDLES, 400),
    "context_cut_middle": gpt(lambda r: "BACKYARD" not in said(r) and _prompt(r) < 700, NEEDLES, 600),
    "context_cut_end": gpt(lambda r: "CALENDAR" not in said(r) and _prompt(r) < 1200, NEEDLES, 1000),
    "context_lost_start": gpt(lambda r: "ALPHABET" not in said(r) and _prompt(r) > 1200, NEEDLES, 400),
    "context_lost_middle": gpt(lambda r: "BACKYARD" not in said(r), NEEDLES, 600),
    "context_lost_end": gpt(lambda r: "CALENDAR" not in said(r), NEEDLES, 1000),
    "drop_attachments": whole(M, lambda r: "don't see any" in said(r), messages=LOOK),
    "attachments_made_up": whole(M, lambda r: "LANTERN5" in said(r), messages=LOOK),
    # refusals
    "refusals_answered": whole(C, lambda r: r.status == 200, zz_probe=1),
    "refusal_status": whole(C, lambda r: r.status == 429 and r.json["error"]["code"], 429, zz_probe=1),
    "refusal_nested": whole(
        C, lambda r: "Unknown parameter" in r.text and r.json["error"]["type"] == "upstream_error", zz_probe=1
    ),
    "refusal_vague": whole(C, lambda r: r.json["error"]["message"] == "bad request", zz_probe=1),
    "refusal_foreign": whole(C, lambda r: r.json["type"] == "error", zz_probe=1),
    "refusal_leaks": Row(
        C, lambda r: "sk-mine-4711" in r.text, request(C, zz_probe=1), headers={"authorization": "Bearer sk-mine-4711"}
    ),
    "refusal_text": whole(C, lambda r: r.text == "Unknown parameter: 'zz_probe'.", zz_probe=1),
    "body_limit": whole(M, lambda r: r.status == 413 and b"nginx" in r.body, 2, prompt="word " * 1000),
    "models_other": listed(lambda r: all(one["id"].endswith("-turbo") for one in r.json["data"])),
}


def _reasoned(raw: Raw) -> int:
    return int(raw.json["usage"]["output_tokens_details"]["reasoning_tokens"])


def _prompt(raw: Raw) -> int:
    return int(raw.json["usage"]["prompt_tokens"])
