"""What lines and tiles show, as data: a model makes it without knowing a widget."""

from __future__ import annotations

import msgspec

from app.text.sentences import tr


class Segment(msgspec.Struct, frozen=True):
    """A piece of a line: its text, the theme's colour it takes, whether it is bold, and whether it leads somewhere.

    `yields`: where there is little room it is shortened, so that the bold pieces behind it are whole.
    """

    text: str
    role: str = "muted"
    bold: bool = False
    link: bool = False
    yields: bool = False


class Part(msgspec.Struct, frozen=True):
    """A piece of a tile's figure line. `kind` is "figure", "unit" or "delta"."""

    text: str
    kind: str = "figure"
    role: str = "text"


class Tile(msgspec.Struct, frozen=True):
    """One measure. `keep` ranks the tiles: the lowest folds first. `tip` says more, in plain text.

    `note` is a word or two below the figure, the first thing that gives way to too little room.
    """

    title: str
    parts: tuple[Part, ...]
    keep: int = 9
    tip: str = ""
    note: str = ""

    @property
    def words(self) -> str:
        """The tile read aloud."""
        return f"{self.figure} {self.note}".rstrip()

    @property
    def figure(self) -> str:
        """The same without the note."""
        return tr("{label}: {value}", label=self.title, value=" ".join(part.text for part in self.parts))
