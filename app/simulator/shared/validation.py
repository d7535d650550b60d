"""Strict validation of a request body, with errors worded as the vendor words them (PROTOCOLS 11.2)."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Any, NoReturn

from app.simulator.shared.refusals import RefusalError

JsonObject = dict[str, Any]
List = list[Any]


class Checker(ABC):
    """One vendor's way to refuse a field. Subclasses word the refusals."""

    @abstractmethod
    def missing(self, path: str) -> NoReturn:
        """A required field is not there."""

    @abstractmethod
    def invalid(self, path: str, reason: str, code: str = "invalid_value") -> NoReturn:
        """A field's value is refused."""

    @abstractmethod
    def unknown(self, path: str) -> NoReturn:
        """A field this vendor does not have."""

    def only(self, value: JsonObject, allowed: Collection[str], path: str = "") -> None:
        """Refuse fields that are not in `allowed`."""
        for name in value:
            if name not in allowed:
                self.unknown(f"{path}.{name}" if path else name)

    def text(self, value: Any, path: str) -> str:
        """The value as a string."""
        if not isinstance(value, str):
            self.invalid(path, "Input should be a valid string", "invalid_type")
        return value

    def object(self, value: Any, path: str) -> JsonObject:
        """The value as an object."""
        if not isinstance(value, dict):
            self.invalid(path, "Input should be an object", "invalid_type")
        return value

    def list(self, value: Any, path: str) -> List:
        """The value as a list."""
        if not isinstance(value, list):
            self.invalid(path, "Input should be a valid list", "invalid_type")
        return value

    def integer(self, value: Any, path: str, least: int = 0, most: int | None = None) -> int:
        """The value as an integer within bounds; a bool is refused."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.invalid(path, "Input should be a valid integer", "invalid_type")
        if value < least:
            self.invalid(path, f"Input should be greater than or equal to {least}", "integer_below_min_value")
        if most is not None and value > most:
            self.invalid(path, f"{value} > {most}, which is the maximum allowed", "integer_above_max_value")
        return value

    def number(self, value: Any, path: str, least: float, most: float) -> float:
        """The value as a number within bounds."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.invalid(path, "Input should be a valid number", "invalid_type")
        if not least <= value <= most:
            self.invalid(path, f"Input should be between {least:g} and {most:g}, but got {value:g}", "decimal_out_of_range")
        return value

    def boolean(self, value: Any, path: str) -> bool:
        """The value as a bool."""
        if not isinstance(value, bool):
            self.invalid(path, "Input should be a valid boolean", "invalid_type")
        return value

    def one_of(self, value: Any, allowed: Collection[str], path: str) -> str:
        """The value as one of these words."""
        if not isinstance(value, str) or value not in allowed:
            self.invalid(path, f"Input should be one of: {', '.join(sorted(allowed))}")
        return value

    def tool_name(self, value: Any, path: str, longest: int) -> str:
        """The value as a legal tool name."""
        if not isinstance(value, str) or not re.fullmatch(rf"[a-zA-Z0-9_-]{{1,{longest}}}", value):
            self.invalid(path, f"String should match pattern '^[a-zA-Z0-9_-]{{1,{longest}}}$'")
        return value


class AnthropicChecker(Checker):
    """`path.to.field: reason`, always `invalid_request_error`."""

    def missing(self, path: str) -> NoReturn:
        raise RefusalError(400, f"{path}: Field required")

    def invalid(self, path: str, reason: str, code: str = "invalid_value") -> NoReturn:
        raise RefusalError(400, f"{path}: {reason}")

    def unknown(self, path: str) -> NoReturn:
        raise RefusalError(400, f"{path}: Extra inputs are not permitted")


class OpenAIChecker(Checker):
    """The path in `param` (list indexes in brackets), a machine word in `code`."""

    def missing(self, path: str) -> NoReturn:
        path = _bracketed(path)
        raise RefusalError(400, f"Missing required parameter: '{path}'.", param=path, code="missing_required_parameter")

    def invalid(self, path: str, reason: str, code: str = "invalid_value") -> NoReturn:
        path = _bracketed(path)
        raise RefusalError(400, f"Invalid '{path}': {reason}.", param=path, code=code)

    def unknown(self, path: str) -> NoReturn:
        path = _bracketed(path)
        raise RefusalError(400, f"Unknown parameter: '{path}'.", param=path, code="unknown_parameter")

    def unsupported(self, path: str, model: str) -> NoReturn:
        """A parameter this model does not take."""
        message = f"Unsupported parameter: '{path}' is not supported with this model ({model})."
        raise RefusalError(400, message, param=path, code="unsupported_parameter")


def _bracketed(path: str) -> str:
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", path)


def names(text: str) -> frozenset[str]:
    """The blank-separated names in a text."""
    return frozenset(text.split())


def prune(body: JsonObject, allowed: Collection[str]) -> JsonObject:
    """The body without fields a lenient endpoint would ignore."""
    return {name: value for name, value in body.items() if name in allowed}
