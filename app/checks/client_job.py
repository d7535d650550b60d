"""What a real client is made to do, and what it made of the answers: it runs in a process of its own and opens its own
connections, so that no byte of it is recorded. What it reports is kept as the answer of an exchange whose method is CLIENT."""

from __future__ import annotations

from typing import Literal

import msgspec

from app.recording.records import Request
from app.text.sentences import Phrase, message

CLIENT = "CLIENT"
"""The method of a request that is a job for a client: its body is a `Job`, its answer's body a `Report`."""
REPORT_KEY = "diptych"
Kind = Literal["minimal", "streaming", "tools"]


class Job(msgspec.Struct, frozen=True):
    """`package` is asked, one kind after the other, whatever became of the one before. The key is no part of it.

    `tool` is the name of the tool that is offered, `result` what it gives.
    """

    package: str
    protocol: str
    model: str
    kinds: tuple[Kind, ...]
    prompt: str
    tool_prompt: str
    tool: str
    result: str
    max_tokens: int


class Raised(msgspec.Struct, frozen=True):
    """What the client raised; `status` is None without an answer of HTTP, `code` the vendor's own for it, "" for none."""

    type: str
    message: str = ""
    status: int | None = None
    code: str = ""


class Did(msgspec.Struct, frozen=True):
    """One kind. `pieces` is how many pieces of text a stream brought, `called`: the tool was called with arguments that the
    client could read, `text` that of the last answer."""

    raised: Raised | None = None
    text: str = ""
    pieces: int = 0
    called: bool = False
    stop: str | None = None
    requests: int = 0


class Report(msgspec.Struct, frozen=True):
    """What came of a job. `version` is "" where the package is not installed; `broken` says what ended the client's process."""

    package: str
    version: str = ""
    python: str = ""
    did: dict[str, Did] = {}
    broken: str = ""


def request(job: Job, base_url: str) -> Request:
    """The job as a request."""
    return Request(CLIENT, base_url, (("content-type", "application/json"),), msgspec.json.encode(job))


def report_of(body: bytes) -> Report:
    """What came of it, out of an answer's body; `broken` where it can't be read."""
    try:
        return msgspec.json.decode(body, type=_Answer).diptych
    except (ValueError, RecursionError):  # errors of msgspec and of UTF-8 are ValueErrors
        return Report("", broken=Phrase(message("it reported nothing")))


class _Answer(msgspec.Struct):
    """The body: what the client's last whole answer holds, and the report beside it (`REPORT_KEY`)."""

    diptych: Report
