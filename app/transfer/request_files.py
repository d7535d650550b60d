"""The bodies of the requests in a file: a curl command, or whatever a capture is read of (HAR, saved runs, logs)."""

from __future__ import annotations

from pathlib import Path

from app.formats.capture import Capture, CaptureError
from app.formats.curl import is_curl, read_curl
from app.scenarios import own_body
from app.store.files import read_regular
from app.text.json_text import is_object
from app.text.sentences import tr
from app.transfer.capture_files import captures_at

_COMMAND_BYTES = 1 << 22


def bodies_of(path: Path) -> list[str]:
    """Each once, in their order, without their models, so that each side gets its own.

    Raises CaptureError where there is none, UntoldProtocolError, RunFileError and OSError.
    """
    if path.is_file() and path.stat().st_size <= _COMMAND_BYTES:
        text = read_regular(path, _COMMAND_BYTES).decode("utf-8-sig", "replace")
        if (body := body_of_command(text)) is not None:
            return [body]
    found = [one.recording.request.body for one in captures_at(str(path), None) if isinstance(one, Capture)]
    bodies = list(dict.fromkeys(own_body(body) for body in found if is_object(body)))
    if not bodies:
        raise CaptureError(tr("the body of no request is in it, the answer alone"))
    return bodies


def body_of_command(text: str) -> str | None:
    """The body that a curl command sends, without its model; None for what is none, or sends no JSON object."""
    pasted = read_curl(text) if is_curl(text) else None
    return own_body(pasted.body) if pasted is not None and is_object(pasted.body) else None


def body_of(path: Path, number: int) -> str:
    """The one of that number, from 1. Raises what `bodies_of` does, CaptureError where there are fewer."""
    bodies = bodies_of(path)
    if not 1 <= number <= len(bodies):
        raise CaptureError(
            tr("it holds {count:plural request|requests}, and none of number {number}", count=len(bodies), number=number)
        )
    return bodies[number - 1]
