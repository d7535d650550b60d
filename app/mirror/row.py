"""One row of the comparison: what was sent, what arrived, and what the difference means."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from app.mirror.meanings import MEANINGS
from app.protocols.registry import title
from app.text.json_text import encode_json
from app.text.sentences import in_context, message, render

SHOWN_CHARS = 160


class Kind(StrEnum):
    """What became of it."""

    KEPT = "kept"
    RENAMED = "renamed"
    CHANGED = "changed"
    DROPPED = "dropped"
    INVENTED = "invented"
    AGAIN = "sent again"


# What each is called, to be said by `tr`.
KIND_NAMES = {
    Kind.KEPT: in_context("a field of a request", "kept"),
    Kind.RENAMED: message("renamed"),
    Kind.CHANGED: message("changed"),
    Kind.DROPPED: message("dropped"),
    Kind.INVENTED: message("invented"),
    Kind.AGAIN: in_context("a request", "sent again"),
}


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one part of a request.

    Attributes:
        path: its place in the body that was sent; of what is invented, in the one that arrived. Headers are under their names.
        what: what it is, in a word or two, for programs. `named`: the message that says so to people, filled from `fields`; ""
            where it is called as the protocol does.
        arrived_path: its place in the body that arrived, "" where it is nowhere.
        sent, arrived: the values, as JSON has them; None where there is none.
        reason: a code of `MEANINGS`. `fields`: what its sentence names.
        loud: something is lost, changed or added that a faithful translation would have kept.
    """

    path: str
    what: str
    kind: Kind
    reason: str
    arrived_path: str = ""
    sent: object = None
    arrived: object = None
    loud: bool = False
    fields: dict[str, object] = {}
    named: str = ""

    @property
    def label(self) -> str:
        """What it is called where a person reads it."""
        return render(self.named, self.fields) if self.named else self.what

    @property
    def meaning(self) -> str:
        """The sentence."""
        return render(MEANINGS[self.reason], {"sent": shown(self.sent), "arrived": shown(self.arrived), **self.fields})


def shown(value: object) -> str:
    """A value on one line: text as it is, all else as JSON, cut where it is long; "" for none."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else encode_json(value).decode("utf-8", "replace")
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARS else f"{text[: SHOWN_CHARS - 1]}…"


def about(source: str, target: str) -> dict[str, object]:
    """The fields that name the two protocols."""
    return {"source": title(source), "target": title(target)}
