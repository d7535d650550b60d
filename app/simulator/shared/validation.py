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
    def wrong_type(self, path: str, wanted: str, value: Any) -> NoReturn:
        """A field's value is not of the wanted kind: `string`, `object`, `list`, `integer`, `number` or `boolean`."""

    @abstractmethod
    def out_of_range(self, path: str, value: float, least: float, most: float | None, kind: str) -> NoReturn:
        """A number is too small or too large; `most` is None where there is no limit. `kind` is `integer` or `decimal`."""

    @abstractmethod
    def not_one_of(self, path: str, value: Any, allowed: Collection[str]) -> NoReturn:
        """A word is none of those that are allowed."""

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
            self.wrong_type(path, "string", value)
        return value

    def object(self, value: Any, path: str) -> JsonObject:
        """The value as an object."""
        if not isinstance(value, dict):
            self.wrong_type(path, "object", value)
        return value

    def list(self, value: Any, path: str) -> List:
        """The value as a list."""
        if not isinstance(value, list):
            self.wrong_type(path, "list", value)
        return value

    def integer(self, value: Any, path: str, least: int = 0, most: int | None = None) -> int:
        """The value as an integer within bounds; a bool is refused."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong_type(path, "integer", value)
        if value < least or (most is not None and value > most):
            self.out_of_range(path, value, least, most, "integer")
        return value

    def number(self, value: Any, path: str, least: float, most: float) -> float:
        """The value as a number within bounds."""
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.wrong_type(path, "number", value)
        if not least <= value <= most:
            self.out_of_range(path, value, least, most, "decimal")
        return value

    def boolean(self, value: Any, path: str) -> bool:
        """The value as a bool."""
        if not isinstance(value, bool):
            self.wrong_type(path, "boolean", value)
        return value

    def one_of(self, value: Any, allowed: Collection[str], path: str) -> str:
        """The value as one of these words."""
        if not isinstance(value, str) or value not in allowed:
            self.not_one_of(path, value, allowed)
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

    def wrong_type(self, path: str, wanted: str, value: Any) -> NoReturn:
        self.invalid(path, "Input should be an object" if wanted == "object" else f"Input should be a valid {wanted}")

    def out_of_range(self, path: str, value: float, least: float, most: float | None, kind: str) -> NoReturn:
        if kind == "decimal":
            self.invalid(path, f"Input should be between {least:g} and {most:g}, but got {value:g}")
        if most is not None and value > most:
            self.invalid(path, f"{value} > {most}, which is the maximum allowed")
        self.invalid(path, f"Input should be greater than or equal to {least:g}")

    def not_one_of(self, path: str, value: Any, allowed: Collection[str]) -> NoReturn:
        self.invalid(path, f"Input should be one of: {', '.join(sorted(allowed))}")

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

    def wrong_type(self, path: str, wanted: str, value: Any) -> NoReturn:
        path = _bracketed(path)
        message = f"Invalid type for '{path}': expected {_A_KIND[wanted]}, but got {_kind_of(value)} instead."
        raise RefusalError(400, message, param=path, code="invalid_type")

    def out_of_range(self, path: str, value: float, least: float, most: float | None, kind: str) -> NoReturn:
        small = value < least
        side, sign, limit = ("below minimum", ">=", least) if small else ("above maximum", "<=", most)
        reason = f"{kind} {side} value. Expected a value {sign} {limit}, but got {value} instead"
        self.invalid(path, reason, f"{kind}_{'below_min' if small else 'above_max'}_value")

    def not_one_of(self, path: str, value: Any, allowed: Collection[str]) -> NoReturn:
        if not isinstance(value, str):
            self.wrong_type(path, "string", value)
        path = _bracketed(path)
        *most, last = [f"'{one}'" for one in allowed]
        listed = f"{', '.join(most)}, and {last}" if most else last
        message = f"Invalid value: '{value}'. Supported values are: {listed}."
        raise RefusalError(400, message, param=path, code="invalid_value")

    def unknown(self, path: str) -> NoReturn:
        path = _bracketed(path)
        raise RefusalError(400, f"Unknown parameter: '{path}'.", param=path, code="unknown_parameter")

    def unsupported(self, path: str, model: str) -> NoReturn:
        """A parameter this model does not take."""
        message = f"Unsupported parameter: '{path}' is not supported with this model ({model})."
        raise RefusalError(400, message, param=path, code="unsupported_parameter")


_A_KIND = {
    "string": "a string",
    "object": "an object",
    "list": "an array",
    "integer": "an integer",
    "number": "a decimal",
    "boolean": "a boolean",
}
_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a decimal"),
    (str, "a string"),
    (list, "an array"),
    (dict, "an object"),
)


def _kind_of(value: Any) -> str:
    """What JSON value this is, as OpenAI says it."""
    return next((name for kind, name in _KINDS if isinstance(value, kind)), "null")


def _bracketed(path: str) -> str:
    return re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", path)


def names(text: str) -> frozenset[str]:
    """The blank-separated names in a text."""
    return frozenset(text.split())


def prune(body: JsonObject, allowed: Collection[str]) -> JsonObject:
    """The body without fields a lenient endpoint would ignore."""
    return {name: value for name, value in body.items() if name in allowed}
