"""All catalogues of rules and all tables of grammars, found by looking through the packages, so that none escapes a test."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from types import ModuleType

import app.exchange
import app.protocols
from app.protocols.findings import Rule
from app.protocols.grammar import Table


def _modules() -> list[ModuleType]:
    rooms = (app.protocols, app.exchange)
    names = [one.name for room in rooms for one in pkgutil.walk_packages(room.__path__, f"{room.__name__}.")]
    return [import_module(name) for name in names]


@cache
def catalogues() -> dict[str, dict[str, Rule]]:
    """The rules of each module called `rules...` or `..._rules`, by their constants' names."""
    found = {}
    for module in _modules():
        name = module.__name__.rpartition(".")[2]
        if name.startswith("rules") or name.endswith("_rules"):
            found[module.__name__] = {key: one for key, one in vars(module).items() if isinstance(one, Rule)}
    return found


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its id."""
    return {rule.id: rule for catalogue in catalogues().values() for rule in catalogue.values()}


@cache
def tables() -> dict[str, Table]:  # type: ignore[type-arg]
    """Every table of a grammar, by room and name (`messages TABLE`)."""
    grammars = [module for module in _modules() if module.__name__.endswith(".grammar") and module.__name__.count(".") > 2]
    return {
        f"{module.__name__.split('.')[2]} {name}": one
        for module in grammars
        for name, one in vars(module).items()
        if isinstance(one, Table)
    }
