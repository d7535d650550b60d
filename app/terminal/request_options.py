"""What a request says besides its words: options that are only sent where they are given."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from app.asking.runner import SideChoice
from app.protocols.registry import info
from app.recording.records import SideName
from app.request_fields import (
    MAX_FILE_BYTES,
    Field,
    FieldError,
    attachment,
    field,
    fits_beside,
    left_out,
    parsed,
    value_of,
    with_value,
)
from app.scenarios import Plan, Scenario
from app.terminal.text import argument, complain
from app.terminal.usage import UsageError

_LINE = (
    "temperature",
    "top_p",
    "effort",
    "thinking",
    "tool_choice",
    "seed",
    "json",
    "strict",
)  # those that are typed in the option itself
_METAVARS = {"number": "X", "whole": "N", "choice": "WORD", "switch": "WORD"}


def add_request_options(parser: argparse.ArgumentParser) -> None:
    """One option for each field but the limit."""
    group = parser.add_argument_group("fields of the request, each only sent where it is given")
    for name in _LINE:
        one = field(name)
        words = f" ({', '.join(one.choices)})" if one.choices else ""
        group.add_argument(_option(one), type=argument, metavar=_METAVARS[one.kind], help=f"{_lower(one.tip)}{words}")
    stop, schema, files = field("stop"), field("schema"), field("attachments")
    group.add_argument(
        _option(stop), type=argument, metavar="TEXT", action="append", default=[], help="where the answer ends; repeatable"
    )
    group.add_argument(_option(schema), type=Path, metavar="FILE", help=_lower(schema.tip))
    group.add_argument(
        "--image", type=Path, metavar="FILE", action="append", default=[], help=f"{_lower(files.tip)}; repeatable"
    )


def _option(one: Field) -> str:
    return "--json-mode" if one.name == "json" else "--" + one.name.replace("_", "-")  # --json is what is printed


def _lower(tip: str) -> str:
    return tip[:1].lower() + tip[1:]


def with_fields(plan: Plan, options: argparse.Namespace) -> Plan:
    """The plan with the fields that were given. Raises UsageError."""
    given: dict[str, object] = {}
    try:
        for name in _LINE:
            if (text := getattr(options, _option(field(name))[2:].replace("-", "_"))) is not None:
                given[name] = parsed(field(name), text)
        if options.schema is not None:
            given["schema"] = parsed(field("schema"), _read(options.schema).decode("utf-8", "replace"))
        files = tuple(attachment(path.name, _read(path)) for path in options.image)
    except FieldError as error:
        raise UsageError(str(error)) from error
    given |= {"stop": tuple(filter(None, options.stop)) or None, "attachments": files or None}
    for name, value in given.items():
        one = field(name)
        if value is not None and not one.suits(plan.scenario):
            raise UsageError(_unsuited(one, plan.scenario))
        plan = with_value(plan, one, value)
    for one in map(field, given):
        if value_of(plan, one) is not None and not fits_beside(one, plan):
            lacking = one.only_with and f"needs {_option(field(one.only_with))}"
            raise UsageError(f"{_option(one)} {lacking or f'does not go with {_option(field(one.not_with))}'}")
    return plan


def _unsuited(one: Field, scenario: Scenario) -> str:
    option = "--image" if one.name == "attachments" else _option(one)
    return f"{option} belongs into the body" if scenario is Scenario.CUSTOM else f"{option} needs --request tools"


def _read(path: Path) -> bytes:
    """What a file holds, up to a byte more than is taken."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from error


def say_what_is_left_out(plan: Plan, choices: Mapping[SideName, SideChoice]) -> None:
    """Say beforehand which fields a side's protocol lacks."""
    for side, choice in choices.items():
        for one in left_out(plan, choice.profile.protocol):
            name = info(choice.profile.protocol).short_title
            complain(f"diptych: side {side.upper()}: {name} has no {one.label}: it is left out there")
