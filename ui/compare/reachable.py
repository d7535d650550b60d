"""What the palette finds of the Compare page besides its menus: endpoints, models, requests, runs that were kept."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from app.formats.request_code import LANGUAGES
from app.recording.records import CHECKS_SCENARIO, LOAD_SCENARIO, STUDY_SCENARIO
from app.store.journal import journal_folder
from app.store.presets import is_demo
from app.store.profiles import label_words
from app.store.run_file import SUFFIX, peek
from app.text.sentences import message, tr
from app.text.when import local_words
from ui.compare.request.bar import SCENARIOS, TIPS
from ui.shared.page import Command
from ui.shared.sides import NAMES
from ui.widgets.notice import Later

if TYPE_CHECKING:
    from pathlib import Path

    from app.recording.records import SideName
    from app.store.history.entry import Listed
    from ui.compare.exporting import RunExports
    from ui.compare.pane.pane import Pane
    from ui.compare.request.bar import RequestBar
    from ui.compare.request.chip import Chip
    from ui.compare.session import RunSession
    from ui.shared.services import Services
    from ui.shared.sides import Sides

MOST_RUNS = 40
_KINDS = {
    CHECKS_SCENARIO: message("Checks of {when}{who:if : {who}}"),
    STUDY_SCENARIO: message("Study of {when}{who:if : {who}}"),
    LOAD_SCENARIO: message("Load of {when}{who:if : {who}}"),
}
_RUN = message("Run of {when}{who:if : {who}}")


class Compared(Protocol):
    """What is asked of the page."""

    services: Services
    session: RunSession
    sides: Sides
    bar: RequestBar
    exports: RunExports
    panes: dict[SideName, Pane]

    def copy_as(self, pane: Pane, kind: str) -> None: ...

    def edit_field(self, chip: Chip) -> None: ...

    def open_file(self, path: Path) -> bool: ...

    def open_kept(self, number: int) -> None: ...


def reachable(page: Compared) -> Iterator[Command]:
    """In the order in which they are listed while nothing is typed."""
    yield from _remedies(page)
    yield from _code(page)
    yield from page.exports.commands()
    yield from _requests(page)
    yield from _fields(page)
    yield from _endpoints(page)
    yield from _keys(page)
    yield from _models(page)
    yield from _runs(page)


def _remedies(page: Compared) -> Iterator[Command]:
    """What the sides' notices offer."""
    for name, pane in page.panes.items():
        if (notice := pane.answer.notice) is not None:
            for title, meaning in notice.actions:
                chosen = meaning.meaning if isinstance(meaning, Later) else meaning
                said = tr("{side}: {words}", side=name.upper(), words=title)
                yield Command(said, partial(pane.action_chosen.emit, chosen), about=notice.title)


def _code(page: Compared) -> Iterator[Command]:
    for name, pane in page.panes.items():
        if pane.exchange is not None:
            for kind, title in LANGUAGES.items():
                said = tr("Copy side {side}'s request as {title}", side=name.upper(), title=title)
                yield Command(said, partial(page.copy_as, pane, kind))


def _requests(page: Compared) -> Iterator[Command]:
    if not page.session.running:
        for one in SCENARIOS:
            yield Command(one.label, partial(page.bar.turn_to, one), about=tr("request: {tip}", tip=tr(TIPS[one])))


def _fields(page: Compared) -> Iterator[Command]:
    """What a request may say besides its words, by the API's own name, too."""
    if not page.session.running:
        for chip in page.bar.fields.offered:
            field = chip.field
            api = field.name if field.name != field.title else ""
            about = tr("request field{api:if  {api}|}: {tip}", api=api, tip=field.about)
            yield Command(field.title, partial(page.edit_field, chip), can=chip.isEnabled, about=about)


def _endpoints(page: Compared) -> Iterator[Command]:
    if page.sides.frozen:
        return
    for profile in page.services.profiles:
        where = tr("on this machine") if is_demo(profile) else profile.base_url  # the demo has no address before it runs
        about = tr("{label:if {label} }endpoint {where}", label=label_words(profile.label), where=where)
        for name in NAMES:
            chosen = partial(page.sides.choose, name, profile.uid)
            yield Command(tr("{side}: {words}", side=name.upper(), words=profile.name), chosen, about=about)


def _keys(page: Compared) -> Iterator[Command]:
    for name in () if page.sides.frozen else NAMES:
        profile = page.sides.profile(name)
        if profile is not None and profile.needs_key:
            said = tr("Key of side {side}…", side=name.upper())
            yield Command(said, page.panes[name].row.key_wanted.emit, about=f"{profile.name} {profile.base_url}")


def _models(page: Compared) -> Iterator[Command]:
    if page.sides.frozen:
        return
    for name in NAMES:
        profile = page.sides.profile(name)
        for model in (page.services.models.of(profile) or ()) if profile is not None else ():
            assert profile is not None
            about = tr("model of {name}", name=profile.name)
            yield Command(
                tr("{side}: {words}", side=name.upper(), words=model), partial(page.sides.use_model, name, model), about=about
            )


def _runs(page: Compared) -> Iterator[Command]:
    """The newest of those that were kept: in the history, and of the files that it has not taken in yet."""
    from app.store.history.newest import newest
    from app.store.history.place import history_path

    kept = newest(history_path(), MOST_RUNS)
    found = [(one.entry.started_utc, _of_history(page, one)) for one in kept]
    known = {one.entry.run_id for one in kept}
    for path in heapq.nlargest(MOST_RUNS, journal_folder().glob(f"*{SUFFIX}"), key=lambda one: one.name):
        if (seen := peek(path)) is not None and seen[0].run_id not in known:
            opened, names = seen
            prompt = opened.ask.get("prompt")
            title = _title(opened.scenario, opened.started_utc, [names[side] for side in sorted(names)])
            command = Command(title, partial(page.open_file, path), about=prompt if isinstance(prompt, str) else "")
            found.append((opened.started_utc, command))
    for _, command in sorted(found, key=lambda one: one[0], reverse=True)[:MOST_RUNS]:
        yield command


def _of_history(page: Compared, one: Listed) -> Command:
    entry = one.entry
    title = _title(entry.scenario, entry.started_utc, [side.name for side in entry.sides])
    return Command(title, partial(page.open_kept, one.id), about=", ".join(filter(None, (one.name, entry.request))))


def _title(scenario: str, started_utc: str, names: Sequence[str]) -> str:
    return tr(_KINDS.get(scenario, _RUN), when=local_words(started_utc), who=" vs ".join(names))
