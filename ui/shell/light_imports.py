"""Makes Qt's import, and each behind it, cost no more than it must. Used before all else of the window is imported."""

from __future__ import annotations

import builtins
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, SupportsIndex

from ui.shell.quick_enums import make_enums_quickly

LATE = tuple(
    f"shibokensupport.signature.{name}"
    for name in ("layout", "parser", "errorhandler", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
)


def import_lightly() -> None:
    """Import what Qt's modules hang on; what knows their signatures waits until it is asked for, no source is read, and
    enumerations are made quickly.

    WORKAROUND: shiboken6 6.11.3 carries modules as text and compiles them, and their patterns, at each start: 45 ms of those
    before the first picture are for what only words the error of a wrong call, or writes stubs. `mapping`, the largest that is
    left, it looks into without asking: late, a wrong call would end the process.

    WORKAROUND: shiboken6 6.11.3 has each import go through `__feature_import__`, so that `from __feature__ import snake_case`
    counts where it is said; for that it reads the source of every module. Nothing here says so. It takes 25 ms of those before
    the first picture, and `linecache` keeps the lines of all modules, 12 MB. What it calls for the import itself stays.
    """
    make_enums_quickly()
    finders = sys.meta_path
    sys.meta_path = _BehindTheFirst((_LateFinder(), *finders))
    try:
        import shiboken6  # noqa: F401  # brings the hook
    finally:
        sys.meta_path = finders
    if getattr(builtins.__import__, "__name__", "") == "__feature_import__" and hasattr(builtins, "__orig_import__"):
        vars(builtins)["__import__"] = builtins.__orig_import__


class _BehindTheFirst(list[Any]):
    """Finders: shiboken6 puts the one of what it carries before all others while it begins, here behind ours."""

    def insert(self, index: SupportsIndex, finder: Any) -> None:
        super().insert(int(index) + 1, finder)


class _LateFinder:
    """Finds the late modules, as the finder behind it does."""

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        if name not in LATE:
            return None
        spec: ModuleSpec | None = sys.meta_path[1].find_spec(name, path, target)  # type: ignore[arg-type]
        if spec is not None:
            spec.loader = _LateLoader(name, spec.loader)  # type: ignore[assignment]
        return spec


class _LateLoader:
    """Loads a module once something of it is asked for."""

    def __init__(self, name: str, loader: Any) -> None:
        self._name, self._loader = name, loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Late(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""

    def load(self, module: ModuleType) -> None:
        spec = module.__spec__
        assert spec is not None
        known_as, spec.name = spec.name, self._name  # shiboken6 names it PySide6.support... as well
        try:
            self._loader.exec_module(module)
        finally:
            spec.name = known_as


class _Late(ModuleType):
    """A module that becomes what it is when something of it is asked for."""

    def __getattr__(self, asked: str) -> Any:
        if asked.startswith("__"):  # import itself asks for these
            raise AttributeError(asked)
        self.__class__ = ModuleType  # type: ignore[assignment]
        vars(self)["__spec__"].loader.load(self)
        return getattr(self, asked)
