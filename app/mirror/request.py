"""A request in the terms of no protocol: what is said, which tools are on offer, what else is asked for; each with its place.

Two requests that mean the same in different protocols have the same parts and settings (`app.mirror.readers`); what is compared
(`app.mirror.difference`) is that.
"""

from __future__ import annotations

import base64
from enum import StrEnum

import msgspec

Json = dict[str, object]


class What(StrEnum):
    """The kinds of parts."""

    TEXT = "text"
    IMAGE = "image"
    DOCUMENT = "document"
    CALL = "tool call"
    RESULT = "tool result"
    THINKING = "thinking"


class Role(StrEnum):
    """Whose a part is. `system`, `developer` and `instructions` are one."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class Part(msgspec.Struct, frozen=True):
    """One thing that is said.

    Attributes:
        value: of a text, a tool's result or thinking its words; of a picture or document its address, a `data:` one where it is
            there itself; of a call {"name", "arguments"}.
        path: its place in the JSON body, as in `messages[0].content[1]`.
        key: the id of a call, or the one that a result answers.
        more: its other members, by their names: `cache_control`, `is_error`, `signature`.
    """

    what: What
    role: Role
    value: object
    path: str
    key: str = ""
    more: Json = {}

    @property
    def words(self) -> str:
        """The value as text that could stand among other text."""
        if self.what is What.CALL and isinstance(self.value, dict):
            return str(self.value.get("name", ""))
        if self.what is What.DOCUMENT and isinstance(self.value, str) and self.value.startswith(TEXT_DATA):
            return _decoded(self.value)
        return self.value.partition(";base64,")[2] or self.value if isinstance(self.value, str) else ""


class Tool(msgspec.Struct, frozen=True):
    """A tool on offer; `server` is the type of one that the vendor runs itself (`web_search_20250305`), "" for a function."""

    name: str
    path: str
    server: str = ""
    description: str = ""
    schema: object = None
    more: Json = {}


class Setting(msgspec.Struct, frozen=True):
    """What is asked for besides; `path` is its place in the body."""

    path: str
    value: object


class Asked(msgspec.Struct):
    """A request. `settings` by names that are the same in all protocols; a field that no protocol has is under `field NAME`."""

    protocol: str
    parts: list[Part] = []
    tools: list[Tool] = []
    settings: dict[str, Setting] = {}


TEXT_DATA = "data:text/plain;base64,"


def data_url(media_type: object, data: object) -> str:
    """Bytes that are already in base64, as an address."""
    return f"data:{media_type};base64,{data}"


def text_url(text: object) -> str:
    """The text of a document, as an address."""
    return TEXT_DATA + base64.b64encode(str(text).encode("utf-8", "replace")).decode()


def _decoded(url: str) -> str:
    try:
        return base64.b64decode(url.removeprefix(TEXT_DATA)).decode("utf-8", "replace")
    except ValueError:
        return url


def objects(value: object) -> list[tuple[int, Json]]:
    """The objects of a JSON list with their numbers; none where it is no list."""
    return [(number, one) for number, one in enumerate(value) if isinstance(one, dict)] if isinstance(value, list) else []


def text_of(value: object) -> str:
    """A text, or the texts of a list of parts joined."""
    if isinstance(value, list):
        return "\n".join(str(one["text"]) for _, one in objects(value) if isinstance(one.get("text"), str))
    return value if isinstance(value, str) else ""


def rest(value: Json, *known: str) -> Json:
    """The other members of an object, nulls left out."""
    return {name: one for name, one in value.items() if name not in known and one is not None}
