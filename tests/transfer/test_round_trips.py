"""What Diptych writes for other programs and reads again is the same answer, with its times where the format has them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import msgspec
import pytest

from app.exchange.exchange import Exchange
from app.formats.capture import Capture, CaptureError
from app.protocols.ids import CHAT, MESSAGES
from app.protocols.ids import RESPONSES as RESPONSES_ID
from app.recording.recording import Recording
from app.recording.records import RunOpened, SideName
from app.store.run_file import save_run
from app.transfer.capture_files import captures_of
from app.transfer.exports import KINDS
from tests.builders import messages_end, messages_start, messages_text, recording
from tests.fuzz.seeds import CHAT as CHAT_STREAM
from tests.fuzz.seeds import RESPONSES

READ = {"har": True, "vcr": False, "vcr-json": False, "run": True}
"""Whether the format has times."""
EVENTS = "events that Diptych exported"
NOT_READ = {"json": EVENTS, "jsonl": EVENTS, "csv": EVENTS, "otlp": "spans of OpenTelemetry", "issue": "this is Markdown"}
TEXT = messages_text("Grüße =1+1 \u2028 🙂") + messages_text("<b>\\n")
BODIES = {
    MESSAGES: (
        "/v1/messages",
        messages_start() + TEXT + messages_end(),
    ),
    CHAT: ("/v1/chat/completions", CHAT_STREAM),
    RESPONSES_ID: ("/v1/responses", RESPONSES),
}


def test_of_each_kind_it_is_known_whether_it_is_read() -> None:
    assert {*READ, *NOT_READ} == {*KINDS, "run"}


def made(protocol_id: str, random: Random, side: SideName) -> Recording:
    """A stream in random pieces at random moments, of which some share their moment."""
    path, body = BODIES[protocol_id]
    cuts = [0, *sorted(random.sample(range(1, len(body)), random.randint(0, 12))), len(body)]
    at, pieces = 600.0, []
    for begin, end in pairwise(cuts):
        at += random.choice((0.0, 0.000001, 3.25, 480.5))
        pieces.append((at, body[begin:end]))
    one = recording(pieces, protocol=protocol_id, side=side, reused=random.random() < 0.5, model="claude-opus-4-8")
    asked = json.dumps({"model": "claude-opus-4-8", "stream": True}).encode()
    one.request = msgspec.structs.replace(one.request, url=f"https://h.example{path}", body=asked)
    return one


def written(folder: Path, kind: str, before: list[Exchange]) -> Path:
    """A file of that kind; "run" is Diptych's own."""
    if kind == "run":
        file = folder / "run.diptych"
        save_run(file, RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}), [one.recording for one in before])
        return file
    file = folder / f"run{KINDS[kind].suffix}"
    file.write_bytes(b"".join(KINDS[kind].write(before)))
    return file


@pytest.mark.parametrize("kind", READ)
@pytest.mark.parametrize("protocol_id", BODIES)
def test_what_is_written_is_read_the_same(kind: str, protocol_id: str, tmp_path: Path) -> None:
    for seed in range(6):
        random = Random(f"{protocol_id} {seed}")
        before = [Exchange(made(protocol_id, random, side)).finish() for side in ("a", "b")]
        found = list(captures_of(str(written(tmp_path, kind, before)), None))
        after = [Exchange(one.recording).finish() for one in found if isinstance(one, Capture)]
        assert len(after) == len(before)
        for old, new in zip(before, after, strict=True):
            assert new.recording.envelope.protocol == protocol_id
            assert new.reading == old.reading
            assert new.outcome is old.outcome
            assert new.recording.body.data == old.recording.body.data
            assert [one.id for one in new.findings] == [one.id for one in old.findings]
            if READ[kind]:
                assert new.timing == old.timing
                assert [new.since_start_ms(ns) for ns in new.recording.body.stamps] == [
                    old.since_start_ms(ns) for ns in old.recording.body.stamps
                ]
            else:
                assert new.timing.ttft is None


@pytest.mark.parametrize("kind", NOT_READ)
def test_what_is_not_read_says_what_it_is(kind: str, tmp_path: Path) -> None:
    broken = recording([(600, messages_start() + b"event: content_block_delta\ndata: {]\n\n" + messages_end())])
    with pytest.raises(CaptureError, match=NOT_READ[kind]):
        list(captures_of(str(written(tmp_path, kind, [Exchange(broken).finish()])), None))
