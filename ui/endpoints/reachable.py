"""What the palette finds on the Endpoints page, also before that is made: one's own endpoints, to edit them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from app.text.sentences import tr
from ui.shared.page import Command

if TYPE_CHECKING:
    from app.store.profiles import Profile


def reachable(profiles: Iterable[Profile], select: Callable[[str], object]) -> Iterator[Command]:
    """A command for each of these; `select` gets its uid."""
    for one in profiles:
        about = tr("endpoint {address}", address=one.base_url)
        yield Command(tr("Edit {name}", name=one.name), partial(select, one.uid), about=about)
