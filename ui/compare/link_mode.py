"""How the two panes turn together."""

from __future__ import annotations

from enum import StrEnum

from app.text.sentences import message


class Link(StrEnum):
    """What an event of one side selects on the other; tabs and rounds turn together with both."""

    WORD = "word"  # the event that brought the same word
    TIME = "time"  # the event that came nearest to it in time
    OFF = "off"


WORDS = {
    Link.WORD: message("linked by word"),
    Link.TIME: message("linked by time"),
    Link.OFF: message("not linked"),
}
TIPS = {
    Link.WORD: message("Both sides turn together: tabs and rounds, and in Events the same word is selected on both"),
    Link.TIME: message(
        "Both sides turn together: tabs and rounds, and in Events what came at the same time is selected on both"
    ),
    Link.OFF: message("Each side turns for itself"),
}
