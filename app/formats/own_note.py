"""What Diptych adds to an exchange in a file for other programs, so that it is the same exchange when it is read again.

A request does not tell what it was sent for: one that offers tools may be a test of them, or somebody's conversation. So what a
side was asked for stands beside it. Of a capture without a note nothing of that kind is claimed: a call that the request
requires is missed all the same, as that stands in the request itself (`app.protocols.any.end_findings`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.formats.times import Times
from app.protocols.registry import protocol_ids
from app.recording.recording import Recording
from app.recording.records import NO_STAMP, Asked, Connected, Ended, Envelope, Headed, Masked, Request
from app.secrets.masking import Masker
from app.text.urls import split_url

if TYPE_CHECKING:
    from app.exchange.exchange import Exchange

CREATOR = "Diptych"
UNKNOWN_HOST = "not-told.invalid"
"""Where a capture was asked that does not tell: .invalid (RFC 6761) is no host."""


class OwnNote(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a recording holds and the format has no field for.

    Attributes:
        envelope: what was asked, by whom, as which side and round.
        connection, end, masks, asked: as in `Recording`; moments are the format's own, so `end` has none here.
        left_out: the answer's headers that the format's list does not have, as (place in all, name, value).
        body: the body as it came, where that is not what the format holds: it is packed, in frames, or no text.
        sent: the request's body, where it is no text.
        http_version: the answer's; not every format has a place for it.
    """

    envelope: Envelope
    connection: Connected | None = None
    end: Ended | None = None
    masks: tuple[Masked, ...] = ()
    asked: tuple[Asked, ...] = ()
    left_out: tuple[tuple[int, str, str], ...] = ()
    body: bytes | None = None
    sent: bytes | None = None
    http_version: str = ""

    def head_of(self, head: Headed | None) -> Headed | None:
        """The answer's head with the headers that were left out."""
        if head is None:
            return None
        headers = list(head.headers)
        for place, name, value in self.left_out:
            headers.insert(place, (name, value))
        return msgspec.structs.replace(head, headers=tuple(headers), http_version=self.http_version)

    def recording_of(self, request: Request) -> Recording:
        """The recording, with nothing of its answer yet but for the connection and what was masked. Secrets in a request that
        was changed by hand are masked."""
        masker = Masker(())
        url = "" if split_url(request.url).hostname == UNKNOWN_HOST else masker.mask_url(request.url)
        body = request.body if self.sent is None else self.sent
        made = Recording(self.envelope, Request(request.method, url, masker.mask_headers(request.headers), body))
        for record in (*([self.connection] if self.connection is not None else ()), *self.masks):
            made.apply(record)
        return made

    def finish(self, made: Recording, times: Times | None) -> None:
        """The end of an exchange whose answer was taken in, and what was asked behind it."""
        if self.end is not None:
            made.apply(msgspec.structs.replace(self.end, ns=NO_STAMP if times is None else times.end_ns))
        for one in self.asked:
            made.apply(one)


def own_note(one: Exchange, held: bytes, unnamed: tuple[str, ...]) -> dict[str, object]:
    """The note as plain data. `held`: the answer's body as the format holds it; `unnamed`: headers that it does not hold."""
    recording = one.recording
    masker, envelope, connection = Masker(()), recording.envelope, recording.connection
    profile = msgspec.structs.replace(envelope.profile, base_url=masker.mask_url(envelope.profile.base_url))
    if connection is not None:
        connection = msgspec.structs.replace(connection, proxy=masker.mask_url(connection.proxy))
    headers = masker.mask_answer_headers(recording.head.headers) if recording.head is not None else ()
    came, sent = bytes(recording.body.data), recording.request.body
    note = OwnNote(
        msgspec.structs.replace(envelope, profile=profile),
        connection,
        recording.end and msgspec.structs.replace(recording.end, ns=NO_STAMP),
        tuple(recording.masks),
        tuple(recording.asked),
        tuple((place, *pair) for place, pair in enumerate(headers) if pair[0].lower() in unnamed),
        None if came == held else came,
        None if sent.decode("utf-8", "replace").encode() == sent else sent,
        recording.head.http_version if recording.head is not None else "",
    )
    plain: dict[str, object] = msgspec.to_builtins(note)
    return plain


def note_in(value: object) -> OwnNote | None:
    """A note out of a file; None where there is none, or one that is none of ours."""
    try:
        note = msgspec.convert(value, OwnNote)
    except (msgspec.ValidationError, ValueError, RecursionError):
        return None
    return note if note.envelope.protocol in protocol_ids() else None
