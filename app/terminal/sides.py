"""Which endpoint each side of a run is."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from app.asking.runner import SideChoice
from app.recording.records import SideName
from app.store.keys import KeyStore
from app.store.profiles import Profile
from app.terminal.endpoint import (
    A_PROFILE,
    add_endpoint_options,
    choose_profile,
    demo_names,
    is_demo_name,
    key_for,
    refuse_plain_text,
    with_limits,
)
from app.terminal.text import argument
from app.terminal.usage import UsageError
from app.text.sentences import tr


def add_side_options(parser: argparse.ArgumentParser, side: SideName) -> None:
    """`--a PROFILE`, or `--a-url` and its companions."""
    group = parser.add_argument_group(tr("side {side}", side=side.upper()))
    group.add_argument(f"--{side}", metavar="PROFILE", help=tr(A_PROFILE, names=demo_names()))
    add_endpoint_options(group, f"{side}-")
    group.add_argument(f"--{side}-model", type=argument, metavar="MODEL", help=tr("instead of the profile's model"))


def wants_demo(options: argparse.Namespace, prefixes: Sequence[str]) -> bool:
    """Whether a demo endpoint is named, so that the simulator has to run."""
    return any(is_demo_name(getattr(options, prefix, None)) for prefix in prefixes)


class Called(NamedTuple):
    """How the command line speaks of a side: its name, what names its profile, and what its other options begin with.

    `profile`: an option, or "" where its name alone is written.
    """

    name: str
    profile: str
    prefix: str


def choose_side(options: argparse.Namespace, side: SideName, demos: Sequence[Profile], keys: KeyStore) -> SideChoice | None:
    """What the options choose for a side; None where they name nothing. Raises UsageError."""
    given = {name.removeprefix(f"{side}_"): value for name, value in vars(options).items() if name.startswith(f"{side}_")}
    called = Called(tr("side {side}", side=side.upper()), f"--{side}", f"--{side}-")
    return chosen(options, getattr(options, side), given, called, demos, keys, needs_model=options.request != "custom")


def chosen(
    options: argparse.Namespace,
    named: str | None,
    given: Mapping[str, object],
    called: Called,
    demos: Sequence[Profile],
    keys: KeyStore,
    *,
    needs_model: bool = True,
) -> SideChoice | None:
    """A profile by its name, or an endpoint in place (`given` as `add_endpoint_options` has them, and the model); None where
    neither is there. Raises UsageError.
    """
    if named is None and given.get("url") is None:
        if any(given.values()):
            raise UsageError(
                tr(
                    "{side} needs {option:if {option} PROFILE|the name of a PROFILE} or {url} URL",
                    side=called.name,
                    option=called.profile,
                    url=f"{called.prefix}url",
                )
            )
        return None
    if named is not None and given.get("url") is not None:
        raise UsageError(
            tr(
                "{option:or the name of a profile} and {url} exclude each other",
                option=called.profile,
                url=f"{called.prefix}url",
            )
        )
    profile = with_limits(choose_profile(named, given, demos, called.prefix), options)
    model = str(given.get("model") or profile.model)
    if not model and needs_model:
        raise UsageError(tr("{side} needs a model: {option} MODEL", side=called.name, option=f"{called.prefix}model"))
    variable = given.get("key_env")
    key = key_for(profile, str(variable) if variable else None, keys, f"{called.prefix}key-env")
    refuse_plain_text(profile, key, allowed=options.allow_insecure)
    return SideChoice(profile, model, key)


def with_client(choice: SideChoice, client: str) -> SideChoice:
    """The choice for this client, where one is named."""
    if not client:
        return choice
    return msgspec.structs.replace(choice, profile=msgspec.structs.replace(choice.profile, client=client))
