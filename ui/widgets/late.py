"""What is made when it is first needed: what is not seen when the window opens does not delay it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from types import GeneratorType
from typing import Generic, Protocol, TypeVar

from PySide6.QtWidgets import QWidget

T = TypeVar("T")
W = TypeVar("W", bound=QWidget)


class Late(Generic[W]):
    """Call it for the widget.

    Attributes:
        made: the widget, None while nobody has needed it.
    """

    def __init__(self, make: Callable[[], W], placed: Callable[[W], None]) -> None:
        """`make` imports and makes it; `placed` puts it to its place, and has it show what there is."""
        self._make, self._placed = make, placed
        self.made: W | None = None

    def __call__(self) -> W:
        if self.made is None:
            self.made = self._make()
            self._placed(self.made)
        return self.made


class Completed(Protocol):
    """What is shown before all of it is made."""

    def complete(self) -> None:
        """Make the rest, where it is not made yet: all its `Part`s are set then."""


class InSteps:
    """Makes its rest in steps, between which the window answers; or, where something of it is wanted sooner, what is left at
    once."""

    _rest: Generator[None, None, None] | None = None

    def make_rest(self) -> Generator[None, None, None]:
        """Make it, a part before each `yield`."""
        raise NotImplementedError

    def completing(self) -> Iterator[None]:
        """What is left, a step at each `next`."""
        if self._rest is None:
            self._rest = self.make_rest()
        return self._rest

    def complete(self, enough: Callable[[], bool] = bool) -> None:
        """Make what is left, where it is not being made; no more of it than is `enough`."""
        rest = self.completing()
        if not (isinstance(rest, GeneratorType) and rest.gi_running):
            for _ in rest:
                if enough():
                    break


class Part(Generic[T]):
    """An attribute that `complete` sets. Who asks for it before has all of the rest made first: nobody meets half of it."""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, whole: Completed, _owner: type) -> T:
        whole.complete()
        made: T = vars(whole)[self._name]  # from now on Python finds it there by itself
        return made
