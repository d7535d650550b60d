"""A key that comes in pieces, none of which shows it, is masked in what they add up to: live, at the end, and read back."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from app.exchange.exchange import Exchange
from app.exchange.masked_text import mask_findings
from app.protocols.findings import Finding, Rule
from app.protocols.reading import Reading
from app.protocols.responses import rules, rules_answer
from app.recording.records import Masked, RunOpened
from app.recording.run_format import dump_run, load_run
from app.secrets.masking import Masker
from tests.builders import event, messages_end, messages_start, messages_text, recording

KEY = "sk-ant-api03-Zß-0123456789"
PIECES = ("Your key is sk-", "ant-api", "03-Zß-0123", "456789, keep it.")


def echo() -> list[tuple[float, bytes]]:
    pieces = [(600.0, messages_start()), *((610.0 + n, messages_text(text)) for n, text in enumerate(PIECES))]
    return [*pieces, (700.0, messages_end())]


def test_the_assembled_text_is_masked_and_stays_so_in_a_file() -> None:
    made = recording(echo())
    live = Exchange(made, Masker([KEY])).finish()
    assert live.reading.text == "Your key is sk-a" + "*" * (len(KEY) - 6) + "89, keep it."
    [read_back] = load_run(dump_run(RunOpened("1", "", "", ""), [made]))[1]
    again = Exchange(read_back).finish().reading
    assert again == structs.replace(live.reading, replay=again.replay)
    assert again.replay == [{"type": "text", "text": live.reading.text}], "what would go back does not give it away either"


def test_while_it_runs_no_beginning_of_the_key_is_shown() -> None:
    for seen in range(1, len(PIECES) + 1):
        made = recording(echo()[: seen + 1])
        made.end = None
        exchange = Exchange(made, Masker([KEY]))
        while exchange.advance():
            pass
        shown = exchange.reading.text
        assert KEY[:8] not in shown
        assert shown.startswith("Your key is sk-a" if seen > 1 else "Your key is sk")


def test_tool_arguments_are_masked_and_what_goes_back_is_not() -> None:
    start = event("content_block_start", index=1, content_block={"type": "tool_use", "id": "t", "name": "f", "input": {}})
    fragments = ('{"key": "sk-ant-', 'api03-Zß-0123456789"}')
    deltas = [
        event("content_block_delta", index=1, delta={"type": "input_json_delta", "partial_json": one}) for one in fragments
    ]
    closed = event("content_block_stop", index=0) + start + b"".join(deltas)
    end = messages_end(stop_reason="tool_use").replace(b'"index": 0', b'"index": 1')
    exchange = Exchange(recording([(600.0, messages_start()), (610.0, closed), (620.0, end)]), Masker([KEY])).finish()
    [call] = exchange.reading.tool_calls
    assert call.arguments == {"key": "sk-a" + "*" * (len(KEY) - 6) + "89"}
    assert exchange.reading.replay[1]["input"] == {"key": KEY}


def test_without_a_secret_nothing_changes() -> None:
    made = recording(echo())
    exchange = Exchange(made, Masker([])).finish()
    assert KEY in exchange.reading.text
    assert made.masks == []


def test_a_mask_is_not_taken_for_a_fault_and_no_finding_quotes_the_key() -> None:
    def chunk(**fields: object) -> bytes:
        return b"event: %s\ndata: %s\n\n" % (str(fields["type"]).encode(), json.dumps(fields, ensure_ascii=False).encode())

    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress", "content": []}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": []}
    response = {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "output": [], "usage": None}
    whole = "".join(PIECES)
    done = {**item, "status": "completed", "content": [{**part, "text": whole}]}
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    events: list[dict[str, object]] = [
        {"type": "response.created", "response": {**response, "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.content_part.added", **place, "part": part},
        *({"type": "response.output_text.delta", **place, "delta": piece, "logprobs": []} for piece in PIECES),
        {"type": "response.output_text.done", **place, "text": whole, "logprobs": []},
        {"type": "response.content_part.done", **place, "part": {**part, "text": whole}},
        {"type": "response.output_item.done", "output_index": 0, "item": done},
        {"type": "response.completed", "response": {**response, "status": "completed", "output": [done], "usage": usage}},
    ]
    body = b"".join(chunk(**event, sequence_number=number) for number, event in enumerate(events))
    masker = Masker([KEY])
    masked, spans = masker.mask(body)
    made = recording([(600.0, masked)], protocol="openai-responses")
    for offset, length in spans:
        made.masks.append(Masked("body", offset, length))
    live = Exchange(made, masker).finish()
    assert KEY not in live.reading.text
    assert not [one.id for one in live.findings if one.id.startswith("R1")]
    assert not [one for one in live.findings if "0123456" in one.sentence]


@pytest.mark.parametrize("rule", [rules.DELTAS_DIFFER, rules.ITEM_DIFFERS, rules_answer.END_DIFFERS])
def test_a_rule_that_compares_words_says_nothing_where_an_answer_is_masked(rule: Rule) -> None:
    found, reading = [Finding.of(rule)], Reading()
    assert mask_findings(found, [Masked("body", 0, 9)], reading) == []
    assert mask_findings(found, [Masked("sent", 0, 9)], reading) == found
    assert mask_findings(found, [], reading) == found
