"""What can be set: how each is called, what it does, and by which other words it is found."""

from __future__ import annotations

from typing import NamedTuple

from app.text.matching import best_first
from app.text.sentences import message, tr

WINDOW, REQUESTS, RUNS, HERE = message("Window"), message("Requests"), message("Runs and history"), message("On this computer")
"""The groups, in their order."""

MEMORY, DELETE_ALL, PROFILES, JOURNALS = "memory", "delete_all", "profiles", "journals"


class Setting(NamedTuple):
    """One line of the settings; all but `name` are messages.

    `name` is the field of `app.store.settings.Settings`, or one of the above, which stands for something else.
    """

    name: str
    group: str
    title: str
    about: str
    also: str


TABLE = (
    Setting(
        "language", WINDOW, message("Language"),
        message("Of the window, of reports and of the terminal. It counts at once."), message("translation English Chinese"),
    ),
    Setting(
        "theme", WINDOW, message("Colours"),
        message("Those of the system are followed while Diptych is open."), message("dark light mode theme appearance"),
    ),
    Setting(
        "text_percent", WINDOW, message("Text size"),
        message("Of all that the window shows, in percent of the system's own. Ctrl++ and Ctrl+- change it, too."),
        message("font zoom larger smaller"),
    ),
    Setting(
        "reduce_motion", WINDOW, message("Motion"),
        message("Nothing blinks, slides or fades, and what waits counts whole seconds."), message("animation accessibility"),
    ),
    Setting(
        "notify", WINDOW, message("Notifications"),
        message("When work of more than five seconds has ended, or the watch has found a change. They name the endpoints, and "
                "say nothing of prompts and answers."),
        message("desktop popup alert sound focus"),
    ),
    Setting(
        "body_bytes", REQUESTS, message("Answer limit"),
        message("A longer answer is cut off there, the pane says so, and what came is kept."), message("body size memory MiB"),
    ),
    Setting(
        "ask_other_paths", REQUESTS, message("Addresses"),
        message("A few empty requests, which no hosted model answers, to the same host only. The pane says what was asked."),
        message("base URL path probe"),
    ),
    Setting(
        "keep_runs", RUNS, message("Runs"),
        message("In the history, with all their bytes. Without it a run is on the disk only while it goes on, so that a crash "
                "loses nothing."),
        message("save disk privacy"),
    ),
    Setting(
        "history_runs", RUNS, message("History limit"),
        message("How many runs the history keeps. Beyond it the oldest go that are not pinned."), message("number delete old"),
    ),
    Setting(
        "history_bytes", RUNS, message("History size"),
        message("How large the history may be on the disk. Beyond it the oldest go that are not pinned."),
        message("disk space delete old MiB"),
    ),
    Setting(
        "journal_bytes", RUNS, message("Runs limit"),
        message("Of the folder of runs, where a run is until the history has it. The oldest are deleted beyond it."),
        message("disk space journal MiB"),
    ),
    Setting(
        DELETE_ALL, RUNS, message("All history"), message("What goes is said first, and asked."),
        message("remove clear erase privacy"),
    ),
    Setting(
        MEMORY, HERE, message("Keys"),
        message("Until Diptych closes. Otherwise the system's keyring keeps them. None is ever in a file."),
        message("API key password secret keyring"),
    ),
    Setting(
        PROFILES, HERE, message("Profiles and settings"),
        message("Endpoints, settings and your own prices, as text files, without keys. `diptych --portable` keeps all files "
                "beside the program."),
        message("path directory config portable"),
    ),
    Setting(
        JOURNALS, HERE, message("Folder of runs"),
        message("Runs that go on, and what a crash left behind until the history has it."), message("path directory journal"),
    ),
)  # fmt: skip

NAMES = tuple(one.title for one in TABLE)
"""The titles of all, in their order."""


def found(typed: str) -> set[str]:
    """The names of those that somebody means who types that: by what is shown, by other words, by their English, too."""
    lines = [
        (one.name, tr(one.title), "\n".join((*map(tr, (one.about, one.group, one.also)), *one[2:]))) for one in TABLE
    ]  # fmt: skip
    return set(best_first(typed, lines))
