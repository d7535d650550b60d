"""The official SDKs, imported when a test first uses one: that takes seconds, in each worker that collects the tests."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import anthropic as anthropic
    import openai as openai
else:

    class _WhenUsed:
        """A module that is imported when one of its names is asked for."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_") and name != "__version__":  # pytest looks at all that stands in a module of tests
                raise AttributeError(name)
            return getattr(import_module(self._name), name)

    anthropic, openai = _WhenUsed("anthropic"), _WhenUsed("openai")
