"""What was asked besides an exchange, on other paths of its origin, as the rules see it and as people read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from app.diagnosis.address import Address
from app.protocols.registry import protocol_ids, title
from app.recording.records import Asked
from app.text.sentences import render

_HOW = (
    "Each was sent an empty request{harmless:if  that no model answers}."
    "{all_alike:if  It answers so at any path, which tells nothing of them.}"
)
_SUMMARY = (
    "Asked {count:plural other path|other paths}"
    "{came:select speaks=, and found an API|unclear=: which of them is an API can't be told|absent=, none is an API}"
)
_ANSWER = (
    "POST {path}{control:if  (which no server has)}: {status:if {status}{answer:select"
    " anthropic-error= with an Anthropic error"
    "|openai-error= with an OpenAI error"
    "|validation= with a list of what the request lacks"
    "|answer= with an answer all the same"
    "|json= with JSON of another kind"
    "|page= with a web page"
    "|text= with text"
    "|empty= with nothing in it"
    "|redirect= with a redirect, not followed"
    "|}|no answer}"
)


class OtherPaths:
    """What was asked besides an exchange.

    Attributes:
        asked: in the order of `app.diagnosis.candidates.paths_to_ask`, each control behind what it is for.
    """

    def __init__(self, asked: Sequence[Asked], address: Address) -> None:
        self.asked = tuple(asked)
        self._address = address

    @cached_property
    def here(self) -> Asked | None:
        """The address itself, asked again; None where it was not."""
        same = (one for one in self.asked if not one.control and one.protocol == self._address.protocol)
        return next((one for one in same if one.path == self._address.asked.path), None)

    @property
    def speaks_here(self) -> bool:
        """The address is right: the protocol is spoken there."""
        return self.here is not None and self.here.verdict == "speaks"

    @property
    def answered_here(self) -> bool:
        """The address itself answered the empty request; else it refused it."""
        return self.here is not None and self.here.answer == "answer"

    @cached_property
    def found(self) -> Asked | None:
        """The likeliest path that answers where the address itself does not; None where none does or that can't be told."""
        if self.here is not None and self.here.verdict != "absent":
            return None
        proven = (one for one in self.asked if one.verdict == "speaks" and not one.control)
        first = next((one for one in proven if one.protocol in protocol_ids()), None)
        other = first is not None and first.protocol != self._address.protocol
        return None if other and self._own_may_be_there else first

    @property
    def _own_may_be_there(self) -> bool:
        """The base URL is flawed, and at one of the paths without its flaw the own protocol may well be spoken."""
        own = (one for one in self.asked if one.protocol == self._address.protocol and not one.control)
        flawed = self._address.pasted or self._address.doubles_v1
        return bool(flawed) and any(one.verdict == "unclear" and one.status for one in own)

    def lacks(self, protocol_id: str) -> bool:
        """The protocol was looked for, and is at none of the paths that were asked."""
        there = [one.verdict for one in self.asked if one.protocol == protocol_id and not one.control]
        return bool(there) and all(verdict == "absent" for verdict in there)

    @property
    def nowhere(self) -> bool:
        """All that was asked is not there."""
        return bool(self.asked) and all(one.verdict == "absent" for one in self.asked)

    @property
    def title(self) -> str:
        """Of the protocol that was found, "" for none."""
        return title(self.found.protocol) if self.found else ""

    @property
    def path(self) -> str:
        """Where it was found, "" for nowhere."""
        return self.found.path if self.found else ""

    @property
    def base_url(self) -> str:
        """The base URL of what was found; "" where nothing was, and where the address holds a secret."""
        return self.found.base_url if self.found else ""

    @property
    def address(self) -> str:
        """How the base URL of what was found differs: "other", "same" as it was typed, "hidden" where it holds a secret."""
        if not self.base_url:
            return "hidden"
        return "same" if self.base_url.rstrip("/") == self._address.base else "other"

    @property
    def flaw(self) -> str:
        """What is wrong in the base URL: a "pasted" path, /v1 "twice" or "lacking"; "" where nothing more can be said."""
        if self._address.pasted:
            return "pasted"
        if self._address.doubles_v1:
            return "twice"
        return "lacking" if self.base_url == self._address.with_v1 else ""


def in_lines(asked: Sequence[Asked]) -> tuple[str, ...]:
    """What was asked and what came of it: a line in short, how it was asked, and a line each; () where nothing was asked."""
    if not asked:
        return ()
    harmless = all(one.answer != "answer" for one in asked)
    all_alike = any(one.control and one.verdict != "absent" for one in asked)  # a path that no server has is answered too
    each = (
        render(_ANSWER, {"path": one.path, "control": one.control, "status": one.status or None, "answer": one.answer})
        for one in asked
    )
    return (_summary(asked), render(_HOW, {"harmless": harmless, "all_alike": all_alike}), *each)


def _summary(asked: Sequence[Asked]) -> str:
    """How many paths were asked, and whether any of them is an API."""
    own = [one for one in asked if not one.control]
    verdicts = {one.verdict for one in own}
    came = next((verdict for verdict in ("speaks", "unclear") if verdict in verdicts), "absent")
    return render(_SUMMARY, {"count": len(own), "came": came})


def as_facts(asked: Sequence[Asked]) -> list[Mapping[str, str | int | None]]:
    """The same as plain data, for JSON."""
    return [
        {"request": f"POST {one.path}", "protocol": one.protocol, "status": one.status or None, "answer": one.answer,
         "verdict": "control" if one.control else one.verdict}
        for one in asked
    ]  # fmt: skip
