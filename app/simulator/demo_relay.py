"""What the demo's relay can be told to do: a dozen manners in plain words, and all of the simulator's faults by name."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from app.text.sentences import message, tr


class Manner(msgspec.Struct, frozen=True):
    """One way to behave.

    Attributes:
        name: what stands in the address: "" for the usual one, "honest", or faults as `NAME+NAME=NUMBER`.
        words: in two or three words. shows: what is seen of it, a sentence without its stop. Both are messages.
    """

    name: str
    words: str
    shows: str


USUAL = Manner(
    "",
    message("like many relays"),
    message("Collects the words into bursts, adds a prompt of its own, and does not count in the stream"),
)
MANNERS = (
    USUAL,
    Manner("honest", message("honest"), message("Passes on all that comes: nothing but a little time is lost")),
    Manner("buffer_all", message("buffers"), message("Holds the whole answer back and sends it in one piece")),
    Manner("cut_after_n=40", message("cuts the stream"), message("Ends in the middle, while HTTP says that all is well")),
    Manner("stall_after_n=12", message("stalls"), message("Falls silent in the middle and keeps the connection open")),
    Manner("mid_error", message("fails halfway"), message("An error comes in place of the second half")),
    Manner("delay_first_ms=1500", message("slow to begin"), message("The first word comes 1.5 s later, the rest at its pace")),
    Manner("error_401", message("wrong key"), message("Refuses the key")),
    Manner("html_200", message("web page"), message("Answers with a web page, and with status 200")),
    Manner("error_429+retry_after=7", message("too many requests"), message("Refuses, and says when to ask again")),
    Manner(
        "hidden_prompt=900",
        message("hidden prompt"),
        message("Puts 900 tokens of its own in front of yours, which you pay for"),
    ),
    Manner("usage_doubled_output", message("counts double"), message("Says that the answer has twice the tokens")),
    Manner("model_substitute", message("another model"), message("A cheaper model answers, and says so")),
    Manner("mojibake", message("garbles text"), message("Whatever is not plain ASCII comes out wrong")),
    Manner(
        "invalid_json", message("breaks tool calls"), message("The arguments of a call are no JSON: choose the request Tools")
    ),
    Manner(
        "ignore_max_tokens+ignore_system", message("ignores settings"), message("Neither the limit nor the system text counts")
    ),
)


class FaultRow(msgspec.Struct, frozen=True):
    """A fault of the catalogue: its group, its name with the number it takes, and a line on what it does."""

    group: str
    name: str
    line: str

    @property
    def said(self) -> str:
        """The line in the language of now."""
        return line_said(self.line)


def address(manner: str) -> str:
    """The path of the demo's relay that behaves so, below the simulator's root."""
    if not manner:
        return "relay"
    return "relay/honest" if manner == "honest" else f"relay/fault/{manner}"


def words(manner: str) -> str:
    """What a manner is called."""
    return next((tr(one.words) for one in MANNERS if one.name == manner), manner)


def shows(manner: str) -> str:
    """What is seen of a manner, a sentence without its stop."""
    known = next((tr(one.shows) for one in MANNERS if one.name == manner), "")
    return known or next((one.said.rstrip(".。") for one in all_faults() if one.name == manner), "")


def line_said(line: str) -> str:
    """A fault's line in the language of now; as a message its braces, which are JSON's, are doubled."""
    return tr(line.replace("{", "{{").replace("}", "}}"))


@lru_cache(1)
def all_faults() -> tuple[FaultRow, ...]:
    """All faults, as `diptych simulate --list-faults` wrote them: to read the code that has them takes too long in a window."""
    from importlib.resources import files

    rows, group = [], ""
    for line in files("resources").joinpath("faults.txt").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"  (\S+)\s+(.*)", line):
            rows.append(FaultRow(group, found[1], found[2]))
        elif line.strip():
            group = line
    return tuple(rows)
