"""What a JSON value is, for a sentence that says what stands where something else was due.

A rule with such a sentence has a variant for each kind: object, large_object, empty_object (fields: names), array, empty_array,
null, boolean, text, number (fields: value). They are written out there, since a template is translated as a whole.
"""

from __future__ import annotations

MAX_NAMES = 6
_MAX_NAME_CHARACTERS, _MAX_VALUE_CHARACTERS = 30, 60


def kind_of(value: object) -> tuple[str, dict[str, object]]:
    """The variant for a value, and its fields. An object is large where it has more names than the sentence tells."""
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
