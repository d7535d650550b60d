"""The invariant above all others: what was cut before its legal end is never completed, at whatever byte it was cut."""

from __future__ import annotations

import re

import pytest

from app.exchange.exchange import Exchange, Outcome
from app.recording.records import Ended
from tests.proof.asking import JSON_BODY, Asking, C, Job, M, R
from tests.proof.offline import CLEAN, TORN, legal_end, read
from tests.protocols.stored import transcript
from tests.thorough import THOROUGH

PROTOCOLS = {"a": M, "c": C, "r": R}
TRANSCRIPTS = [f"{protocol}_{kind}" for protocol in "acr" for kind in ("text", "tool", "think")]


def assert_cuts_are_seen(protocol_id: str, body: bytes, end: Ended, step: int = 1) -> None:
    """Failed at every position before the legal end, completed from there on (what is lost then is told by findings)."""
    complete_from = legal_end(protocol_id, body)
    around_ends = {one.end() + near for one in re.finditer(b"\n\n", body) for near in (-2, -1, 0, 1)}
    positions = {*range(0, len(body) + 1, step), complete_from - 1, complete_from, *around_ends, len(body)}
    positions = {at for at in positions if at <= len(body)}
    for cut in sorted(positions):
        exchange = read(protocol_id, body[:cut], end)
        expected = Outcome.COMPLETED if cut >= complete_from else Outcome.FAILED
        assert exchange.outcome is expected, (cut, body[max(0, cut - 80) : cut])


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_transcript_cut_at_any_byte_is_not_completed(name: str) -> None:
    """Every byte of the 400 before the legal end, around each event's end, and every 7th; all bytes where this is thorough."""
    body, protocol_id = transcript(name), PROTOCOLS[name[0]]
    assert_cuts_are_seen(protocol_id, body, CLEAN, 1 if THOROUGH else 7)
    if not THOROUGH:
        at = legal_end(protocol_id, body)
        for cut in range(max(0, at - 400), at):
            assert read(protocol_id, body[:cut]).outcome is Outcome.FAILED, cut


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_a_torn_connection_is_no_excuse(name: str) -> None:
    """The wire's own word that the body was cut changes nothing."""
    assert_cuts_are_seen(PROTOCOLS[name[0]], transcript(name), TORN, step=37)


@pytest.mark.parametrize("name", ["a_text", "c_tool", "r_text"])
@pytest.mark.parametrize("line_end", [b"\r\n", b"\r"])
def test_other_line_ends_are_no_way_around(name: str, line_end: bytes) -> None:
    body, protocol_id = transcript(name), PROTOCOLS[name[0]]
    complete_from = body[: legal_end(protocol_id, body)].replace(b"\n", line_end)
    body = body.replace(b"\n", line_end)
    for cut in range(0, len(complete_from) - len(line_end), 13):
        assert read(protocol_id, body[:cut]).outcome is Outcome.FAILED, cut
    assert read(protocol_id, complete_from).outcome is Outcome.COMPLETED


@pytest.fixture(scope="module")
def answers(asking: Asking) -> dict[tuple[str, str, bool], bytes]:
    """Answers of the simulator: (protocol, kind, streamed) to bytes."""
    wanted = [(M, "thinking", True), *((one, "tools", stream) for one in (M, C, R) for stream in (True, False))]
    found = asking.batch({key: _plain(*key) for key in wanted})
    return {key: bytes(one.decoded.data) for key, one in found.items()}


def _plain(protocol_id: str, kind: str, stream: bool) -> Job[Exchange]:
    return lambda asker: asker.fault(protocol_id, kind=kind, stream=stream)


# Every few bytes, and those around the end of every event.
@pytest.mark.parametrize(
    ("protocol_id", "kind", "step"), [(C, "tools", 7), (M, "tools", 11), (M, "thinking", 23), (R, "tools", 17)]
)
def test_a_simulated_answer_cut_at_any_byte_is_not_completed(
    answers: dict[tuple[str, str, bool], bytes], protocol_id: str, kind: str, step: int
) -> None:
    assert_cuts_are_seen(protocol_id, answers[protocol_id, kind, True], CLEAN, 1 if THOROUGH else step)


@pytest.mark.parametrize("end", [CLEAN, TORN])
@pytest.mark.parametrize("protocol_id", [M, C, R])
def test_a_document_cut_at_any_byte_is_not_completed(
    answers: dict[tuple[str, str, bool], bytes], protocol_id: str, end: Ended
) -> None:
    body = answers[protocol_id, "tools", False]
    for cut in range(len(body)):
        exchange = read(protocol_id, body[:cut], end, JSON_BODY, streamed=False)
        assert exchange.outcome is Outcome.FAILED, cut
        assert not exchange.reading.ended
    whole = read(protocol_id, body, end, JSON_BODY, streamed=False).outcome
    assert whole is (Outcome.COMPLETED if end is CLEAN else Outcome.FAILED)
