"""A call to a model as another program kept it, as a capture: what is the same whatever kind of file it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from app.formats.capture import Capture, CaptureError, Unread, bare_request, made_of
from app.formats.own_note import CREATOR, OwnNote
from app.formats.times import Times
from app.protocols.registry import info, protocol_ids
from app.recording.records import EndKind, Headed, Headers, Request, content_encoding
from app.text.json_text import is_object
from app.text.sentences import message, tr

_TEXT_BYTES = 512
_NO_ANSWER = message("no answer came{why:if  ({why})}")
_UNPACKED = message(
    "The head says that the body is packed ({encoding}), but it is not: the program that saved it had unpacked it, as "
    "`curl --compressed`, HTTPie and wget do."
)
_AS_VALUES = message(
    "{recorder} keeps a JSON answer as values, not as text: the spaces and line breaks in it are not the endpoint's."
)


@dataclass(frozen=True)
class Call:
    """A request and its answer. `fault`: why the answer can't be read, as a clause; "" where it can.

    `body` is packed where it came so and the program kept it so; `notes` are sentences on what the program did to it.
    `times` are the program's own, None where it tells none. `own`: the note of a file that Diptych wrote, with which the
    request's `headers` count.
    """

    method: str
    url: str
    request: bytes = b""
    head: Headed | None = None
    body: bytes = b""
    notes: tuple[str, ...] = ()
    fault: str = ""
    end: EndKind = EndKind.WHOLE
    times: Times | None = None
    headers: Headers = ()
    own: OwnNote | None = None


def protocol_of_call(method: object, url: str) -> str:
    """The protocol whose path it is, "" for what is no call to a model."""
    try:
        path = urlsplit(url).path.rstrip("/")
    except ValueError:
        return ""
    protocol = next((one for one in protocol_ids() if path.endswith(info(one).paths)), "")
    return protocol if method == "POST" else ""


def object_in(holder: object, name: str) -> dict[str, Any]:
    """The object of that name in another; {} where there is none."""
    value = holder.get(name) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def is_status(value: object) -> TypeGuard[int]:
    """Whether it is a status that HTTP has."""
    return isinstance(value, int) and 100 <= value <= 999


def no_answer(said: object) -> str:
    """That none came, as a clause, with what the program said of it where that is a text."""
    return tr(_NO_ANSWER, why=said[:200] if isinstance(said, str) else "")


def text_bytes(value: object) -> bytes:
    """A text as UTF-8, halves of surrogate pairs with it; b"" for what is no text."""
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else b""


def kept_as_values(recorder: str) -> str:
    """The note on a body that was made anew of values."""
    return tr(_AS_VALUES, recorder=recorder)


def headers_of(value: object) -> Headers:
    """Those of a map, whose values may be lists, or of a list of keys and values as Postman has it."""
    if isinstance(value, list):
        value = {str(one.get("key")): one.get("value") for one in value if isinstance(one, dict)}
    found: list[tuple[str, str]] = []
    for name, held in value.items() if isinstance(value, dict) else ():
        found += [(str(name), str(one)) for one in (held if isinstance(held, list) else [held])]
    return tuple(found)


def captures_of_calls(calls: list[Call], recorder: str, wanted: str | None) -> Iterator[Capture | Unread]:
    """Those that are calls to a model, in the `wanted` protocol (None: in any); named by number where there are several.

    Raises CaptureError where there is none.
    """
    spoken = [protocol_of_call(one.method.upper(), one.url) if one.own is None else one.own.envelope.protocol for one in calls]
    found = [(number, one, own) for number, (one, own) in enumerate(zip(calls, spoken, strict=True), start=1)
             if own and wanted in (None, own)]  # fmt: skip
    if not found:
        raise CaptureError(
            tr(
                "of the {count:plural call|calls} that {recorder} kept none is a call to "
                "/messages, /chat/completions or /responses",
                count=len(calls),
                recorder=recorder,
            )
        )
    for number, one, protocol in found:
        name = str(number) if len(calls) > 1 else ""
        yield (
            Unread(str(number), tr("call {number}: {fault}", number=number, fault=one.fault))
            if one.fault
            else _capture(one, protocol, name, recorder)
        )


def _capture(one: Call, protocol: str, name: str, recorder: str) -> Capture:
    notes = list(one.notes)
    head = one.head if one.head is None or one.own is not None else as_saved(one.head, one.body, notes)
    return made_of(
        protocol,
        name,
        head,
        one.body,
        request=_request(one),
        notes=tuple(notes),
        end=one.end,
        recorder=recorder if one.own is None else CREATOR,
        times=one.times,
        own=one.own,
    )


def _request(one: Call) -> Request:
    """Of a call of anybody's only a body that is a JSON object: a key may stand in the address and the headers."""
    if one.own is not None:
        return Request(one.method, one.url, one.headers, one.request)
    return bare_request(one.request if is_object(one.request) else b"")


def as_saved(head: Headed, body: bytes, notes: list[str]) -> Headed:
    """The head without its content encoding where the program that saved the body had undone that."""
    encoding = content_encoding(head.headers)
    start = body[:_TEXT_BYTES]
    if not encoding or not start or not is_text(start):
        return head
    notes.append(tr(_UNPACKED, encoding=encoding[:60]))
    return Headed(head.status, head.reason, head.http_version, without(head.headers, "content-encoding"))


def without(headers: Headers, *names: str) -> Headers:
    """The headers without those of these names."""
    return tuple((name, value) for name, value in headers if name.lower() not in names)


def is_text(start: bytes) -> bool:
    """Whether the beginning of a body is text: no control characters, and UTF-8 but for a character cut at its end."""
    if any(byte < 9 or 13 < byte < 32 or byte == 127 for byte in start):
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.start > len(start) - 4
    return True
