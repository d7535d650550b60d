"""The fields of both plans by their titles: what is laid out when the page is made, and what the palette finds before that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from app.text.sentences import message, tr
from ui.shared.page import Command
from ui.study.modes import LOAD, PAIRS

OF_PAIRS: Mapping[str, str] = {
    "pairs": message("pairs"),
    "warmups": message("warm-ups"),
    "connections": message("connections"),
    "prompts": message("prompt"),
    "tokens": message("tokens out"),
    "pause": message("pause, s"),
    "seed": message("seed"),
}
OF_LOAD: Mapping[str, str] = {
    "steps": message("steps"),
    "loops": message("requests"),
    "least": message("requests a step, at least"),
    "seconds": message("seconds a step"),
    "limit": message("first token within, ms"),
    "total": message("whole answer within, ms"),
    "tokens": message("tokens out"),
}
_ABOUT = {PAIRS: message("of the plan of a study"), LOAD: message("of the plan of a load")}


def reachable(edit: Callable[[int, str], object], can: Callable[[int], bool]) -> Iterator[Command]:
    """A command for each field: `edit` gets the half of the page and the field's name, and `can` says whether it may."""
    for mode, fields in ((PAIRS, OF_PAIRS), (LOAD, OF_LOAD)):
        for name, title in fields.items():
            yield Command(tr(title), partial(edit, mode, name), can=partial(can, mode), about=tr(_ABOUT[mode]))
