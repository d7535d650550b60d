"""What relays in the wild do besides: bytes by hand, and what is said of each. No knob of the simulator makes these."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Any

from app.exchange.exchange import Outcome
from tests.proof.asking import EVENT_STREAM, JSON_BODY, MODELS, C, Head, M, R
from tests.protocols.chat import streams as chat
from tests.protocols.messages import answers as messages
from tests.protocols.messages.answers import closed, delta, frame, frames, opened, start, stopped, text
from tests.protocols.responses import streams as responses

DONE, FAILED = Outcome.COMPLETED, Outcome.FAILED
STOP, PLAIN = messages.STOP, messages.PLAIN
Json = dict[str, Any]


@dataclass(frozen=True)
class Wild:
    """Bytes and what must be said of them.

    Attributes:
        found: the ids above a note, exactly these.
        notes: ids of notes that must be among what is found.
        outcome: FAILED always comes with a cause and a fix.
        rule: the diagnosis's rule, where that is what says it.
    """

    protocol: str
    body: bytes
    found: str = ""
    notes: str = ""
    outcome: Outcome = DONE
    head: Head = EVENT_STREAM
    stream: bool = True
    kind: str = "text"
    rule: str = ""


def chat_stream(*chunks: Any) -> bytes:
    """Chunks as a stream of the model that is asked."""
    named = [one | {"model": MODELS[C]} if isinstance(one, dict) and "model" in one else one for one in chunks]
    return responses.framed(list(named), names=False)


def said(*deltas: Json, finish: str | None = "stop") -> bytes:
    """A Chat stream with these deltas in its middle."""
    return chat_stream(chat.ROLE, *(chat.chunk(one) for one in deltas), chat.chunk({}, finish), chat.COUNT, chat.DONE)


def counted(**usage: Any) -> bytes:
    """A Chat stream with this usage."""
    return chat_stream(chat.ROLE, chat.TEXT, chat.STOP, chat.COUNT | {"usage": usage}, chat.DONE)


def chosen(choices: Any) -> bytes:
    """A Chat stream with a chunk of these choices."""
    return chat_stream(chat.ROLE, chat.TEXT, chat.chunk(choices=choices), chat.STOP, chat.COUNT, chat.DONE)


def named(stream: bytes) -> bytes:
    """The hand-made Messages answers, by the model that is asked."""
    return stream.replace(b"claude-x", MODELS[M].encode())


def block_with(*events: Json, reason: str = "end_turn") -> bytes:
    """A Messages stream with these events in its middle."""
    return named(frames(start(), *events, stopped(reason), STOP))


def call_of(name: str) -> Json:
    return opened(0, "tool_use", id="toolu_1", name=name, input={})


def document(protocol_id: str, **fields: Any) -> bytes:
    """A whole answer."""
    if protocol_id == M:
        content = [{"type": "text", "text": "Hi"}]
        whole = start(model=MODELS[M], content=content, stop_reason="end_turn", usage={"input_tokens": 9, "output_tokens": 3})
        return json.dumps(whole["message"] | fields).encode()
    if protocol_id == C:
        return json.dumps(chat.answer({"content": "Hi"}) | {"model": MODELS[C]} | fields).encode()
    return json.dumps(responses.response(responses.message("Hi")) | fields).encode()


def hello() -> list[Json]:
    return responses.stream(responses.message("Hello there"))


def good(protocol_id: str) -> bytes:
    """A legal stream."""
    return {M: named(frames(*PLAIN)), C: said({"content": "Hi"}), R: responses.framed([*hello()])}[protocol_id]


def lost_delta() -> list[Json]:
    """A stream that lacks the second piece of its text."""
    events = hello()
    del events[[n for n, one in enumerate(events) if one["type"] == "response.output_text.delta"][1]]
    return events


def half(protocol_id: str) -> int:
    """Where an event ends in the middle of the legal stream."""
    body = good(protocol_id)
    return body.index(b"\n\n", len(body) // 2) + 2


def inside(protocol_id: str, extra: bytes) -> bytes:
    """A legal stream with something in its middle."""
    body, at = good(protocol_id), half(protocol_id)
    return body[:at] + extra + body[at:]


TEXT_BODY: Head = (200, (("content-type", "text/plain"),))
PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>\n"
NOT_JSON = {M: "A27", C: "C26a", R: "R29"}
NO_CHUNK = {M: "A27", C: "C26", R: "R16"}

WILD: dict[str, Wild] = {
    # -- Messages: deviations of the catalogue that no knob makes ----------------------------------------------------------
    "A18 a piece of text that is called ping": Wild(
        M, named(frames(*PLAIN[:3]) + frame(PLAIN[3], "ping") + frames(*PLAIN[4:])), "A18"
    ),
    "A18c a name that is not the type": Wild(
        M, named(frames(*PLAIN[:3]) + frame(PLAIN[3], "message") + frames(*PLAIN[4:])), notes="A18c"
    ),
    "A19 text for a closed block": Wild(M, block_with(opened(), text("a"), closed(), text("b")), "A19"),
    "A25 thinking in a text block": Wild(M, block_with(opened(), messages.thought("Hm"), text("a"), closed()), "A25"),
    "A27b NaN in an event": Wild(M, good(M).replace(b'"index": 0', b'"index": 0, "score": NaN', 1), notes="A27b"),
    "A27 no JSON": Wild(M, inside(M, b"event: content_block_delta\ndata: {oops}\n\n"), "A27"),
    "A32 content behind the stop reason": Wild(
        M, named(frames(*PLAIN[:-1], opened(1), text("x", 1), closed(1), STOP)), "A32"
    ),
    "A33 Chat chunks on Messages": Wild(M, good(C), "A33", outcome=FAILED, rule="answer-in-other-protocol"),
    "A33 Responses events on Messages": Wild(M, good(R), "A33", outcome=FAILED, rule="answer-in-other-protocol"),
    "A33 Messages events wrapped in chunks": Wild(
        M, chat_stream(*[chat.chunk({"content": json.dumps(event)}) for event in PLAIN]), "A33", outcome=FAILED
    ),
    "A33 a Chat document on Messages": Wild(
        M, document(C), "A33", outcome=FAILED, head=JSON_BODY, stream=False, rule="answer-in-other-protocol"
    ),
    "A34 a stop reason of OpenAI's": Wild(M, block_with(opened(), text("a"), closed(), reason="stop"), "A34"),
    "A28 text null": Wild(M, block_with(opened(), delta(0, "text_delta", text=None), text("a"), closed()), "A28"),
    "A28 an index as a float": Wild(
        M, block_with(opened(), text("a") | {"index": 0.5}, closed()), "A28"
    ),
    "A30 a call's id with spaces": Wild(
        M,
        block_with(
            opened(0, "tool_use", id="toolu 1", name="get_weather", input={}),
            *messages.arguments('{"city"', ':"Paris"}'), closed(), reason="tool_use",
        ),
        "A30",
        kind="tools",
    ),
    "A31 usage as strings": Wild(
        M, named(frames(*PLAIN[:6], stopped(input_tokens="21", output_tokens="5"), STOP)), "A31"
    ),
    "A20 an error behind the end": Wild(M, named(frames(*PLAIN, messages.ERROR)), "A20", outcome=FAILED),
    "A5 a stream of pings": Wild(M, frames(messages.PING, messages.PING), "A5", outcome=FAILED),
    "A1a a block before its message": Wild(M, named(frames(PLAIN[1], PLAIN[0], *PLAIN[2:])), "A1a"),
    "two answers in a row": Wild(M, good(M) * 2, "A20"),
    "done as an event of Responses": Wild(
        M, good(M) + b"event: response.completed\ndata: {}\n\n", "A20"
    ),
    "A36 a chunk of Chat's in between": Wild(
        M, inside(M, b'event: message\ndata: {"object":"chat.completion.chunk","choices":[]}\n\n'), "A36"
    ),
    "A48 an error beside a message": Wild(
        M, document(M, error={"message": "late"}), notes="A48", head=JSON_BODY, stream=False
    ),
    # -- Chat ----------------------------------------------------------------------------------------------------------------
    "C8b a promised call": Wild(C, said({"content": "Hi"}, finish="tool_calls"), "C8b"),
    "C17 another object": Wild(
        C, good(C).replace(b"chat.completion.chunk", b"text_completion"), "C17a"
    ),
    "C18 content behind the finish": Wild(
        C, chat_stream(chat.ROLE, chat.TEXT, chat.STOP, chat.TEXT, chat.COUNT, chat.DONE), "C18"
    ),
    "C2 choices as an object": Wild(C, chosen({"index": 0, "delta": {"content": "x"}}), "C2"),
    "C2 choices null": Wild(C, chosen(None), "C2"),
    "C21 a finish of Anthropic's": Wild(C, said({"content": "Hi"}, finish="end_turn"), "C21"),
    "C35 message for delta": Wild(C, chosen([{"index": 0, "message": {"content": "x"}, "finish_reason": None}]), "C35"),
    "C35 no delta at all": Wild(C, chosen([{"index": 0, "finish_reason": None}]), "C35"),
    "C35 text as in old completions": Wild(C, chosen([{"index": 0, "text": "x"}]), "C35 C40"),
    "C40 delta.text": Wild(C, said({"text": "Hi"}), "C40", "G3"),
    "C41 content as an object": Wild(C, said({"content": {"text": "Hi"}}), "C41", "G3"),
    "C41 tool_calls as an object": Wild(C, said({"tool_calls": {"index": 0, "id": "a"}}), "C41", "G3"),
    "C37 usage as strings": Wild(
        C, counted(prompt_tokens="7", completion_tokens="3", total_tokens="10"), "C37"
    ),
    "C37 a count that is negative": Wild(C, counted(prompt_tokens=7, completion_tokens=-1, total_tokens=6), "C37"),
    "C26 doubly framed": Wild(C, b"".join(b"data: " + line + b"\n\n" for line in good(C).split(b"\n\n")[:-1]),
                              "C26 C23", outcome=FAILED),
    "C26 [done] in small letters": Wild(C, good(C).replace(b"[DONE]", b"[done]"), "C26", "C1"),
    "C24a [DONE] twice": Wild(C, good(C) + b"data: [DONE]\n\n", notes="C24a"),
    "C24 an error behind the end": Wild(C, good(C) + b'data: {"error":{"message":"late"}}\n\n', "C24"),
    "C23 Messages events on Chat": Wild(C, good(M), "C23 C33", outcome=FAILED, rule="answer-in-other-protocol"),
    "C23 Responses events on Chat": Wild(C, good(R), "C23 C33", outcome=FAILED, rule="answer-in-other-protocol"),
    "C23 a Messages document on Chat": Wild(
        C, document(M), "C23", outcome=FAILED, head=JSON_BODY, stream=False, rule="answer-in-other-protocol"
    ),
    "C23 a panel's JSON": Wild(C, b'{"success":true,"message":""}', "C13 C23", outcome=FAILED, head=JSON_BODY),
    "C6b a call with nothing to hand over": Wild(
        C, said({"tool_calls": [chat.begin(0, "a", "get_weather", "")]}, finish="tool_calls"), "C6b", kind="tools"
    ),
    "C17 a usage chunk of another object": Wild(
        C, chat_stream(chat.ROLE, chat.TEXT, chat.STOP, chat.COUNT | {"object": "usage"}, chat.DONE), "C17"
    ),
    "C25 Spark's header": Wild(
        C,
        chat_stream({"header": {"code": 10013, "message": "input audit failed", "sid": "s"}}),
        "C25",
        outcome=FAILED,
        rule="error-only-in-stream",
    ),
    "C25 MiniMax's base_resp": Wild(
        C,
        chat_stream({"choices": None, "base_resp": {"status_code": 2013, "status_msg": "invalid params"}}),
        "C25",
        outcome=FAILED,
        rule="error-only-in-stream",
    ),
    "H5 MiniMax's base_resp": Wild(
        C,
        b'{"id":"","choices":null,"base_resp":{"status_code":2013,"status_msg":"invalid params"}}',
        "H5",
        outcome=FAILED,
        head=JSON_BODY,
        stream=False,
        rule="error-with-200",
    ),
    "H5 an error in the choice of a document": Wild(
        C,
        document(
            C,
            choices=[
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": ""},
                    "finish_reason": "stop",
                    "error": {"message": "boom"},
                }
            ],
        ),
        "H5",
        outcome=FAILED,
        head=JSON_BODY,
        stream=False,
        rule="error-with-200",
    ),
    "C35 the whole message behind its deltas": Wild(  # MiniMax's last chunk
        C,
        chosen([{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": None}]),
        "C35",
    ),
    "C13 lines of JSON": Wild(
        C,
        b"".join(block.removeprefix(b"data: ") + b"\n" for block in good(C).split(b"\n\n")[:3]),
        "C13 C26a",
        outcome=FAILED,
        head=(200, (("content-type", "application/x-ndjson"),)),
        rule="document-lines",
    ),
    "C13 Ollama's own lines": Wild(
        C,
        b'{"model":"m","message":{"role":"assistant","content":"Hi"},"done":false}\n{"model":"m","done":true}\n',
        "C13 C26a",
        outcome=FAILED,
        head=(200, (("content-type", "application/x-ndjson"),)),
        rule="document-lines",
    ),
    "C23 a list of chunks": Wild(
        C,
        json.dumps([chat.ROLE, chat.TEXT, chat.STOP]).encode(),
        "C13 C23",
        outcome=FAILED,
        head=JSON_BODY,
        rule="document-list",
    ),
    "C23 Gemini's own stream": Wild(
        C,
        chat_stream({"candidates": [{"content": {"parts": [{"text": "Hi"}]}, "finishReason": "STOP"}]}),
        "C23 C33",
        outcome=FAILED,
        rule="stream-of-others",
    ),
    "C26 text for chunks": Wild(C, b"data: Hi\n\ndata:  there\n\n", "C23 C26", outcome=FAILED, rule="stream-of-words"),
    "C26 no blank lines": Wild(C, good(C).replace(b"\n\n", b"\n") + b"\n", "C23 C26", outcome=FAILED,
                               rule="stream-without-blank-lines"),
    "C38 a call without a name": Wild(
        C, said({"tool_calls": [chat.begin(0, "a", None, "{}")]}, finish="tool_calls"), "C38", kind="tools"
    ),
    "C25 an error in a choice": Wild(
        C,
        chosen([{"index": 0, "delta": {}, "finish_reason": "error", "error": {"message": "boom"}}]),
        "C21 C25",
        "C34",
        outcome=FAILED,
        rule="error-in-stream",
    ),
    # -- Responses -----------------------------------------------------------------------------------------------------------
    "R6 Chat chunks on Responses": Wild(R, good(C), "R6", outcome=FAILED, rule="answer-in-other-protocol"),
    "R6 Messages events on Responses": Wild(R, good(M), "R6", outcome=FAILED, rule="answer-in-other-protocol"),
    "R6 a Chat document on Responses": Wild(
        R, document(C), "R6", outcome=FAILED, head=JSON_BODY, stream=False, rule="answer-in-other-protocol"
    ),
    "R2 response.done for response.completed": Wild(
        R, good(R).replace(b"response.completed", b"response.done"), "R2", outcome=FAILED
    ),
    "R13 R10 an event lost on the way": Wild(R, responses.framed([*lost_delta()]), "R13 R10"),
    "R8 an error behind the end": Wild(R, good(R) + b'event: error\ndata: {"type":"error","message":"late"}\n\n', "R8"),
    "R25 an error in a field of its own, in a stream": Wild(
        R, good(R)[: half(R)] + b'data: {"code":500,"msg":"no quota"}\n\n', "R25", outcome=FAILED
    ),
    "R6a a chunk of Chat's in between": Wild(R, inside(R, b'data: {"object":"chat.completion.chunk","choices":[]}\n\n'), "R6a"),
    "R8a two responses in one stream": Wild(R, good(R) * 2, "R8 R8a"),
    "R20f parts numbered from 1": Wild(R, good(R).replace(b'"content_index": 0', b'"content_index": 1'), "R20f"),
    "R25a a response that failed": Wild(
        R, document(R, status="failed", output=[], error={"code": "server_error", "message": "boom"}), "R25a",
        outcome=FAILED, head=JSON_BODY, stream=False,
    ),
    "R28b a part of Chat's": Wild(
        R, document(R, output=[responses.message() | {"content": [{"type": "text", "text": "Hi"}]}]), "R28b",
        head=JSON_BODY, stream=False,
    ),
    "R7b an event before the first": Wild(
        R, b'event: codex.rate_limits\ndata: {"type":"codex.rate_limits"}\n\n' + good(R), "R7b", notes="R30"
    ),
    "R30a words by another name": Wild(
        R, good(R).replace(b"response.output_text.delta", b"response.text.delta"), "R30a"
    ),
    "R23 a status of another protocol": Wild(
        R, responses.framed([*responses.stream(responses.message("Hi"), status="end_turn")]), "R23"
    ),
    "R27a usage as strings": Wild(
        R,
        responses.framed([*responses.stream(responses.message("Hi"), usage=responses.USAGE | {"output_tokens": "9"})]),
        "R27a",
    ),
    "R15 no type": Wild(R, good(R).replace(b'"type": "response.output_text.delta", ', b""), "R15"),
    # -- any protocol --------------------------------------------------------------------------------------------------------
    **{f"{one} HTML behind some events": Wild(one, good(one)[: half(one)] + PAGE, ids, outcome=FAILED)
       for one, ids in ((M, "A5 C11"), (C, "C8a C11"), (R, "R2 C11"))},
    **{f"{one} a log line between events": Wild(one, inside(one, b"INFO 12:00 flushed\n\n"), notes="C11b")
       for one in (M, C, R)},
    **{f"{one} data in data": Wild(one, inside(one, b"data: data: {}\n\n"), NO_CHUNK[one])
       for one in (C, R)},
    **{f"{one} line ends written out": Wild(one, good(one).replace(b"\n", b"\\n"), ids, outcome=FAILED)
       for one, ids in ((M, "A6"), (C, "A6"), (R, "A6"))},
    **{f"{one} packed and not labelled": Wild(one, gzip.compress(good(one)), "F7", outcome=FAILED)
       for one in (M, C, R)},
    **{f"{one} a packed document": Wild(one, gzip.compress(document(one)), ids, outcome=FAILED,
                                        head=JSON_BODY, stream=False)
       for one, ids in ((M, "F7"), (C, "C23 F7"), (R, "F7"))},
    **{f"{one} a byte order mark before a document": Wild(one, b"\xef\xbb\xbf" + document(one), notes="F1a",
                                                          head=JSON_BODY, stream=False)
       for one in (M, C, R)},
    **{f"{one} garbage behind a document": Wild(one, document(one) + b"\nnull", NOT_JSON[one], outcome=FAILED,
                                                head=JSON_BODY, stream=False)
       for one in (M, C, R)},
    **{f"{one} two documents": Wild(one, document(one) * 2, NOT_JSON[one], outcome=FAILED, head=JSON_BODY,
                                    stream=False, rule="document-cut")
       for one in (M, C, R)},
    **{f"{one} NaN in a document": Wild(one, document(one, score=float("nan")), NOT_JSON[one], outcome=FAILED,
                                        head=JSON_BODY, stream=False)
       for one in (M, C, R)},
    **{f"{one} an empty body": Wild(one, b"", outcome=FAILED, head=JSON_BODY, stream=False, rule="empty")
       for one in (M, C, R)},
    **{f"{one} an empty stream": Wild(one, b"", outcome=FAILED, rule="stream-empty") for one in (M, C, R)},
    **{f"{one} nothing but blanks": Wild(one, b" \n\n \n", outcome=FAILED, head=JSON_BODY, stream=False, rule="empty")
       for one in (M, C, R)},
    **{f"{one} plain text": Wild(one, b"OK, relay is up", ids, outcome=FAILED, head=TEXT_BODY, stream=False)
       for one, ids in ((M, "F10"), (C, "F10 C23"), (R, "F10"))},
    **{f"{one} a JSON list": Wild(one, b"[]", ids, outcome=FAILED, head=JSON_BODY, stream=False)
       for one, ids in ((M, "A43"), (C, "C23"), (R, "H5"))},
    **{f"{one} an error in a field of its own": Wild(one, b'{"code":500,"msg":"no quota","data":null}', ids,
                                                     outcome=FAILED, head=JSON_BODY, stream=False)
       for one, ids in ((M, "H5"), (C, "H5"), (R, "H5"))},
    **{f"{one} an empty answer": Wild(one, make, notes="G3") for one, make in (
        (M, block_with(opened(), closed())), (C, said()),
        (R, responses.framed([*responses.stream(responses.message())])))},
    "M a renamed tool": Wild(
        M,
        block_with(call_of("proxy_get_weather"), *messages.arguments("{", "}"), closed(), reason="tool_use"),
        "G2",
        kind="tools",
    ),
    **{f"G5 {name}": Wild(C, said({"content": text}), "G5", kind="tools") for name, text in (
        ("a call between tags", '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>'),
        ("a call as JSON", '```json\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n```'),
        ("a call of DeepSeek's template", "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function"))},
    "G5 no call where no tool was offered": Wild(C, said({"content": "<tool_call> is a tag of Qwen's template."})),
    "G6 a stop token": Wild(C, said({"content": "Hi<|im_end|>"}), "G6"),
    "G6 a channel of Harmony's": Wild(C, said({"content": "<|channel|>analysis<|message|>Hm."}), "G6"),
    "G7 UTF-8 read as Latin-1": Wild(C, said({"content": "cafÃ© für alle".replace("ü", "Ã¼")}), "G7"),
    "G7 UTF-8 read as Windows-1252": Wild(C, said({"content": "â€œIt isâ€\x9d"}), "G7"),
    "G7 letters with accents": Wild(C, said({"content": "Ça va, très bien, Ã la carte"})),
    "G1 the end of a tag that nothing opened": Wild(C, said({"content": "Hm.\n</think>\n\nHi"}), "G1"),
    "G1 words about the tag": Wild(C, said({"content": "Put </think> behind it."})),
    "A6a [DONE] without a blank line": Wild(C, good(C).removesuffix(b"\n\n"), notes="A6a C1"),
    "C11a [DONE] without its field": Wild(C, good(C).replace(b"data: [DONE]", b"[DONE]"), notes="C11a C1"),
    "C11a blanks between events": Wild(C, inside(C, b"   \n\n"), notes="C11a"),
    **{f"{one} a document in Latin-1": Wild(one, document(one).replace(b"Hi", b"caf\xe9"), "F2a", head=JSON_BODY, stream=False)
       for one in (M, C, R)},
    **{f"{one} a content encoding that there is not": Wild(
        one, good(one), notes="F4a", head=(200, (("content-type", "text/event-stream"), ("content-encoding", "utf-8"))))
       for one in (M, C, R)},
    "C a renamed tool": Wild(
        C, said({"tool_calls": [chat.begin(0, "a", "get_weather_2", "{}")]}, finish="tool_calls"), "G2", kind="tools"
    ),
    "R a renamed tool": Wild(
        R, responses.framed([*responses.stream(responses.call(name="proxy_get_weather"))]), "G2", kind="tools"
    ),
    "C a tool nobody offered": Wild(
        C, said({"tool_calls": [chat.begin(0, "a", "search_web", "{}")]}, finish="tool_calls"), "G2"
    ),
    "C a null name in later fragments": Wild(  # harmless: both SDKs skip the null
        C,
        said(
            {"tool_calls": [chat.begin(0, "a", "get_weather")]},
            {"tool_calls": [{"index": 0, "function": {"name": None, "arguments": "{}"}}]},
            finish="tool_calls",
        ),
        kind="tools",
    ),
}  # fmt: skip
# Said to be nothing, and rightly so.
HARMLESS = {
    "C a null name in later fragments",
    "G5 no call where no tool was offered",
    "G7 letters with accents",
    "G1 words about the tag",
}
