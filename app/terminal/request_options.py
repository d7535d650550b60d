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
from app.text.sentences import tr
from app.text.system_words import system_words

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
    group = parser.add_argument_group(tr("fields of the request, each only sent where it is given"))
    for name in _LINE:
        one = field(name)
        said = tr("{tip}{choices:if  ({choices:commas})}", tip=_lower(tr(one.tip)), choices=one.choices or None)
        group.add_argument(_option(one), type=argument, metavar=_METAVARS[one.kind], help=said)
    stop, schema, files = field("stop"), field("schema"), field("attachments")
    group.add_argument(
        _option(stop), type=argument, metavar="TEXT", action="append", default=[], help=tr("where the answer ends; repeatable")
    )
    group.add_argument(_option(schema), type=Path, metavar="FILE", help=_lower(tr(schema.tip)))
    repeatable = tr("{tip}; repeatable", tip=_lower(tr(files.tip)))
    group.add_argument("--image", type=Path, metavar="FILE", action="append", default=[], help=repeatable)


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
            raise UsageError(
                tr("{option} needs {other}", option=_option(one), other=_option(field(one.only_with)))
                if one.only_with
                else tr("{option} does not go with {other}", option=_option(one), other=_option(field(one.not_with)))
            )
    return plan


def _unsuited(one: Field, scenario: Scenario) -> str:
    option = "--image" if one.name == "attachments" else _option(one)
    if scenario is Scenario.CUSTOM:
        return tr("{option} belongs into the body", option=option)
    return tr("{option} needs {other}", option=option, other="--request tools")


def _read(path: Path) -> bytes:
    """What a file holds, up to a byte more than is taken."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UsageError(tr("{file} can't be read: {why}", file=path, why=system_words(error))) from error


def say_what_is_left_out(plan: Plan, choices: Mapping[SideName, SideChoice]) -> None:
    """Say beforehand which fields a side's protocol lacks."""
    for side, choice in choices.items():
        for one in left_out(plan, choice.profile.protocol):
            said = tr(
                "side {side}: {protocol} has no {field}: it is left out there",
                side=side.upper(),
                protocol=info(choice.profile.protocol).short_title,
                field=tr(one.label),
            )
            complain(f"diptych: {said}")
