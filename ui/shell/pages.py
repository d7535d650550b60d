"""The pages of the window: their places in the rail, their keys, and how each is made when it is first turned to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from app.text.sentences import message
from ui.shared.page import Command, Page

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.checks.page import ChecksPage
    from ui.compare.page import ComparePage
    from ui.endpoints.page import EndpointsPage
    from ui.history.page import HistoryPage
    from ui.mirror.page import MirrorPage
    from ui.shared.services import Services
    from ui.study.page import StudyPage

P = TypeVar("P", bound=Page)


def _nothing(_services: Services, _page: Callable[[], Any]) -> tuple[Command, ...]:
    return ()


class PageSpec(msgspec.Struct, Generic[P], frozen=True):
    """A page as far as the window must know it before it is made.

    `title` is a message, and in English the page's name in the settings. `number`: Ctrl and this number turn to it. `icon` is a
    file of `resources/icons`. `soon` names modules that it imports once it is used: they are imported while the user looks at
    the first picture, those of the window's first page before others. `make` takes what the page will lie in: what is put there
    when it is whole has all its widgets styled once more, on each level. `unmade` gives what the palette finds on the page
    before it is made; its last argument makes the page.
    """

    number: int
    title: str
    icon: str
    make: Callable[[Services, QWidget], P]
    soon: tuple[str, ...] = ()
    unmade: Callable[[Services, Callable[[], P]], Iterable[Command]] = _nothing


def _compare(services: Services, parent: QWidget) -> ComparePage:
    from ui.compare.page import ComparePage

    return ComparePage(services, parent)


def _checks(services: Services, parent: QWidget) -> ChecksPage:
    from ui.checks.page import ChecksPage

    return ChecksPage(services, parent)


def _study(services: Services, parent: QWidget) -> StudyPage:
    from ui.study.page import StudyPage

    return StudyPage(services, parent)


def _study_unmade(_services: Services, page: Callable[[], StudyPage]) -> Iterable[Command]:
    from ui.study.plan_fields import reachable

    return reachable(lambda mode, name: page().edit_field(mode, name), lambda _mode: True)


def _history(services: Services, parent: QWidget) -> HistoryPage:
    from ui.history.page import HistoryPage

    return HistoryPage(services, parent)


def _endpoints(services: Services, parent: QWidget) -> EndpointsPage:
    from ui.endpoints.page import EndpointsPage

    return EndpointsPage(services, parent)


def _endpoints_unmade(services: Services, page: Callable[[], EndpointsPage]) -> Iterable[Command]:
    from ui.endpoints.reachable import reachable

    return reachable(services.profile_store.profiles, lambda uid: page().select(uid))


def _mirror(services: Services, parent: QWidget) -> MirrorPage:
    from ui.mirror.page import MirrorPage

    return MirrorPage(services, parent)


COMPARE = PageSpec(
    1, message("Compare"), "compare", _compare,
    (
        "ui.compare.request.editor",
        "ui.widgets.reading_view",
        "app.run.word_links",
        *(f"ui.compare.axis.{name}" for name in ("bins", "controls", "labels", "painting")),
        "ui.compare.replay.player",
        "ui.compare.replay.row",
        *(f"ui.compare.pane.{name}_view" for name in ("events", "timing", "raw", "request")),
        "app.run.heard_before",
        "app.clients.at_cut",
        "app.clients.code",
        *(f"ui.compare.findings.{name}" for name in ("painting", "details", "table", "settings_card", "view")),
    ),
)  # fmt: skip
CHECKS = PageSpec(2, message("Checks"), "checks", _checks)
STUDY = PageSpec(3, message("Study"), "study", _study, unmade=_study_unmade)
HISTORY = PageSpec(
    4,
    message("History"),
    "history",
    _history,
    tuple(f"ui.history.{name}" for name in ("lines", "list", "strip", "view", "page")),
)
ENDPOINTS = PageSpec(5, message("Endpoints"), "endpoints", _endpoints, unmade=_endpoints_unmade)
MIRROR = PageSpec(6, message("Relay"), "relay", _mirror)

PAGES: tuple[PageSpec[Any], ...] = (COMPARE, CHECKS, STUDY, HISTORY, ENDPOINTS, MIRROR)
"""In the rail's order. The window opens with the first, which also takes the files that the page in view does not take."""
