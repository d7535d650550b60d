"""A key that comes in pieces, none of which shows it, is masked in what they add up to: live, at the end, and read back."""

from __future__ import annotations

from app.exchange import Exchange
from app.masking import Masker
from app.recording import RunOpened, dump_run, load_run
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
    [read_back] = load_run(b"".join(dump_run(RunOpened("1", "", "", ""), [made])))[1]
    assert Exchange(read_back).finish().reading == live.reading


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
