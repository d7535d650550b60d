"""An answer that came before: an endpoint, or something in front of it, kept it and gives it again.

Each answer has an id of its own, so one that comes twice with the same words was not made twice, and how fast it came says
nothing of the model. Quiet where it could be chance: some servers number their answers, or call all of them alike.
"""

from __future__ import annotations

import hashlib

from app.exchange.exchange import Exchange
from app.run.side import Side

LEAST_ID = 16  # characters; what is shorter may come by chance: Ollama draws `chatcmpl-` and three digits
_LEAST_KINDS = 6  # different characters of it: `00000000-0000-0000-…` is no id of its own


class HeardBefore:
    """The answers of a session, by their address and id."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, str], bytes] = {}

    def take(self, *sides: Side) -> None:
        """Note the answers of a run's sides, which have ended, and tell a side where one of its own came in an earlier run.

        What both sides of one run were given at one address is no earlier answer: either may have come first.
        """
        told = [dict(found for one in side.rounds if (found := _told(one)) is not None) for side in sides]
        for side, answers in zip(sides, told, strict=True):
            side.heard_before = any(self._words.get(key) == words for key, words in answers.items())
        for answers in told:
            self._words.update(answers)


def _told(one: Exchange) -> tuple[tuple[str, str], bytes] | None:
    """What an answer is called, at which address, and a digest of what it says; None where that tells nothing."""
    reading, name = one.reading, one.reading.response_id or ""
    if len(name) < LEAST_ID or len(set(name)) < _LEAST_KINDS or not (reading.text or reading.tool_calls):
        return None
    said = "\0".join((reading.text, *(f"{call.name}\0{call.arguments}" for call in reading.tool_calls)))
    return (one.recording.request.url, name), hashlib.sha256(said.encode("utf-8", "surrogatepass")).digest()
