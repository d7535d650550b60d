"""What a request may say besides its words, as people set it: a temperature, a seed, a schema, a picture.

Each field is only sent where it is set. Which of them a protocol has no field for is in its `ProtocolInfo.lacks`.
"""

from __future__ import annotations

import math
import re
from typing import Literal

import msgspec

from app.protocols.base import NO_OPTIONS, Attachment
from app.protocols.registry import info, protocol_ids
from app.scenarios import Plan, Scenario
from app.text.json_text import decode_json, encode_json
from app.text.sentences import message, tr
from app.text.visible import visible

MOST_TOKENS = (1 << 31) - 1
MAX_FILE_BYTES = 20 << 20  # above what any of the official endpoints takes in one request
_SHOWN_CHARACTERS = 18

Kind = Literal["number", "whole", "choice", "switch", "lines", "json", "files"]


class FieldError(Exception):
    """A text that is no value of a field; a sentence."""


class Field(msgspec.Struct, frozen=True):
    """One field.

    Attributes:
        name: of `app.protocols.base.Options`, or "max_tokens" or "attachments" of `Plan`.
        label: what it is called, in the words of the APIs where they agree; `title` says it.
        kind: how it is typed; "choice" takes other words than `choices` too, "switch" does not.
        tip: what it does, a sentence without its full stop; `about` says it.
        choices: the values that are offered, as they are typed.
        values: of a switch, what each of its choices stands for.
        only_with, not_with: the name of another field, without which, or beside which, this one is not sent; "" for none.
    """

    name: str
    label: str
    kind: Kind
    tip: str
    choices: tuple[str, ...] = ()
    values: tuple[object, ...] = ()
    only_with: str = ""
    not_with: str = ""

    @property
    def title(self) -> str:
        """What it is called, as it is shown: in the APIs' own word where it is not one of ours."""
        return self.label if self.name in _AS_IN_THE_API else tr(self.label)

    @property
    def about(self) -> str:
        """What it does, as it is shown."""
        return tr(self.tip)

    def suits(self, scenario: Scenario) -> bool:
        """Whether that kind of request can have it: a body of one's own says all itself, and a choice needs a tool."""
        return scenario is not Scenario.CUSTOM and (self.name != "tool_choice" or scenario is Scenario.TOOLS)


_AS_IN_THE_API = frozenset({"temperature", "top_p", "strict", "seed"})

FIELDS = (
    Field("max_tokens", message("max"), "whole", message("The most tokens an answer may have")),
    Field(
        "temperature",
        "temperature",
        "number",
        message("How much is left to chance: 0 is least. Some newer models refuse the field"),
    ),
    Field(
        "effort",
        message("effort"),
        "choice",
        message("How much the model reasons before it answers, where it does"),
        ("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    ),
    Field(
        "top_p",
        "top_p",
        "number",
        message("Only the likeliest tokens that together have this share, from 0 to 1, are drawn from"),
    ),
    Field("stop", message("stop"), "lines", message("Texts at which the answer ends, one a line")),
    Field(
        "tool_choice", message("tool choice"), "choice", message("Whether tools may or must be called"), ("auto", "none", "any")
    ),
    Field(
        "thinking",
        message("thinking"),
        "choice",
        message("Whether the model thinks, or the number of tokens that it may think. Newer models take adaptive alone"),
        ("adaptive", "disabled", "4096"),
    ),
    Field(
        "json",
        message("JSON mode"),
        "switch",
        message("The answer is a JSON object of any form. Some endpoints refuse it where no words of the request say JSON"),
        ("on",),
        ("object",),
        not_with="schema",
    ),
    Field("schema", message("JSON schema"), "json", message("The JSON Schema that the answer must have")),
    Field(
        "strict",
        "strict",
        "switch",
        message("Whether the endpoint keeps the answer to the JSON schema, or only tries to. Not every schema can be kept to"),
        ("on", "off"),
        (True, False),
        only_with="schema",
    ),
    Field("attachments", message("image or PDF"), "files", message("Pictures or documents, sent with the first words")),
    Field("seed", "seed", "whole", message("With the same number the same is drawn, as far as the endpoint can")),
)
_BY_NAME = {one.name: one for one in FIELDS}


def field(name: str) -> Field:
    """The field of that name; KeyError for another."""
    return _BY_NAME[name]


# -- values -------------------------------------------------------------------------------------------------------------


def value_of(plan: Plan, one: Field) -> object:
    """What a plan sets a field to; None where it is not set."""
    value = getattr(plan if one.name in ("max_tokens", "attachments") else plan.options, one.name)
    return None if value in ("", ()) else value


def with_value(plan: Plan, one: Field, value: object) -> Plan:
    """The plan with a field set, or with None not set."""
    if one.name in ("max_tokens", "attachments"):
        return msgspec.structs.replace(plan, **{one.name: () if value is None and one.kind == "files" else value})
    set_to = getattr(NO_OPTIONS, one.name) if value is None else value
    return msgspec.structs.replace(plan, options=msgspec.structs.replace(plan.options, **{one.name: set_to}))


def parsed(one: Field, text: str) -> object:
    """What a typed text stands for; None for an empty one. Raises FieldError. Files are not typed: see `attachment`."""
    typed = text.strip()
    if not typed:
        return None
    match one.kind:
        case "number":
            return _number(one, typed)
        case "whole":
            return _whole(one, typed)
        case "lines":
            return tuple(line for line in text.splitlines() if line)
        case "json":
            return _object(one, typed)
        case "switch":
            return _switched(one, typed)
    return _whole(one, typed) if one.name == "thinking" and typed.isdecimal() else typed


def _number(one: Field, typed: str) -> float:
    try:
        value = float(typed.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise FieldError(tr("{label} is a number, such as 0.7.", label=one.title))
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else value


def _whole(one: Field, typed: str) -> int:
    plain = re.sub(r"[\s_]", "", typed)
    if not re.fullmatch(r"-?\d{1,18}", plain):
        raise FieldError(tr("{label} is a whole number.", label=one.title))
    value = int(plain)
    if one.name == "max_tokens" and not 1 <= value <= MOST_TOKENS:
        raise FieldError(tr("{label} is from 1 to {most:grouped}.", label=one.title, most=MOST_TOKENS))
    return value


def _object(one: Field, typed: str) -> dict[str, object]:
    try:
        value = decode_json(typed.encode())
    except (ValueError, RecursionError) as error:
        raise FieldError(tr("That is not JSON: {error}.", error=error)) from error
    if not isinstance(value, dict):
        raise FieldError(tr("A {label} is a JSON object.", label=one.title))
    return value


def _switched(one: Field, typed: str) -> object:
    if typed.lower() not in one.choices:
        first, second = (*one.choices, "")[:2]
        raise FieldError(tr("{label} is {first}{second:if  or {second}}.", label=one.title, first=first, second=second))
    return one.values[one.choices.index(typed.lower())]


def typed(one: Field, value: object) -> str:
    """A value as it would be typed; "" for None."""
    if value is None:
        return ""
    if one.kind == "switch":
        return one.choices[one.values.index(value)]
    if one.kind == "lines" and isinstance(value, tuple):
        return "\n".join(value)
    if one.kind == "json":
        return msgspec.json.format(encode_json(value), indent=2).decode()
    return str(value)


def shown(one: Field, value: object) -> str:
    """A value in a few words, for a chip."""
    match one.kind:
        case "files" if isinstance(value, tuple):
            return _short(value[0].name) if len(value) == 1 else tr("{n:grouped} files", n=len(value))
        case "lines" if isinstance(value, tuple):
            return _short(" ".join(f"“{text}”" for text in value))
        case "json" if isinstance(value, dict):
            names = value.get("properties")
            return _short(", ".join(map(str, names))) if isinstance(names, dict) and names else tr("set")
        case "switch":
            return typed(one, value)
    return _short(str(value).removeprefix("tool:"))


def _short(text: str) -> str:
    text = visible(" ".join(text.split()), keep="")
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 1].rstrip()}…"


def fits_beside(one: Field, plan: Plan) -> bool:
    """Whether the plan's other fields leave it room: what only goes with another field needs that one set."""
    if one.only_with and value_of(plan, field(one.only_with)) is None:
        return False
    return not one.not_with or value_of(plan, field(one.not_with)) is None


# -- files --------------------------------------------------------------------------------------------------------------

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
)


def attachment(name: str, data: bytes) -> Attachment:
    """A file's bytes as they are attached; its kind is told by its first bytes. Raises FieldError."""
    if len(data) > MAX_FILE_BYTES:
        raise FieldError(tr("{name} is longer than {most:bytes}: no endpoint takes it.", name=name, most=MAX_FILE_BYTES))
    media_type = next((kind for begins, kind in _BEGINNINGS if data.startswith(begins)), "")
    if not media_type and data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        media_type = "image/webp"
    if not media_type:
        raise FieldError(tr("{name} is no picture (PNG, JPEG, GIF, WebP) and no PDF.", name=name))
    return Attachment(media_type, data, name)


# -- protocols ----------------------------------------------------------------------------------------------------------


def is_lacking(one: Field, protocol_id: str) -> bool:
    """Whether a protocol has no such field: it is left out there."""
    return protocol_id in protocol_ids() and one.name in info(protocol_id).lacks


def left_out(plan: Plan, protocol_id: str) -> tuple[Field, ...]:
    """The fields that the plan sets and the protocol lacks."""
    sent = plan.as_sent
    return tuple(one for one in FIELDS if value_of(sent, one) is not None and is_lacking(one, protocol_id))
