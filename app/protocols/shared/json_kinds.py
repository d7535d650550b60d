"""What a JSON value is, for a sentence that says what stands where something else was due."""

from __future__ import annotations

MAX_NAMES = 6
_MAX_NAME_CHARACTERS, _MAX_VALUE_CHARACTERS = 30, 60
_KINDS = {
    "object": "an object with {names}",
    "large_object": "an object with {names} …",
    "empty_object": "an empty object",
    "array": "an array",
    "empty_array": "an empty array",
    "null": "null",
    "boolean": "{value}",
    "text": "the text {value}",
    "number": "the number {value}",
}


def by_kind(template: str, *, arrays: bool = True) -> dict[str, str]:
    """The variants of a rule whose sentence names a JSON value, written as `{value}` in `template`: one for each kind.

    Without `arrays` where an array is what was due.
    """
    kinds = {kind: words for kind, words in _KINDS.items() if arrays or not kind.endswith("array")}
    return {kind: template.replace("{value}", words) for kind, words in kinds.items()}


def kind_of(value: object) -> tuple[str, dict[str, object]]:
    """The variant for a value, and its fields."""
    match value:
        case dict() if value:
            names = ", ".join(str(name)[:_MAX_NAME_CHARACTERS] for name in list(value)[:MAX_NAMES])
            return "large_object" if len(value) > MAX_NAMES else "object", {"names": names}
        case dict():
            return "empty_object", {}
        case list():
            return "array" if value else "empty_array", {}
        case None:
            return "null", {}
        case bool():
            return "boolean", {"value": str(value).lower()}
    return "text" if isinstance(value, str) else "number", {"value": str(value)[:_MAX_VALUE_CHARACTERS]}
