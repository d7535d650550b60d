"""A load as plain data, for `--json`, reports and the file of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from app.recording.records import SideName
from app.study.load_told import Loaded, load_told

SCHEMA = 1


def load_facts(sides: Mapping[SideName, Loaded]) -> dict[str, Any]:
    """The object that `diptych load --json` prints. What was not measured is null."""
    says = [{"kind": one.kind, "sentence": one.words, "fields": msgspec.to_builtins(one.fields)} for one in load_told(sides)]
    return {"schema": SCHEMA, "says": says, "sides": {name: _rounded(msgspec.to_builtins(one)) for name, one in sides.items()}}


def _rounded(value: Any) -> Any:
    """Plain data, its figures as fine as they can mean anything."""
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value
