"""Which endpoint is meant: a saved profile, one of the demo's, or one described on the command line; and its key."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
from collections.abc import AsyncIterator, Mapping, Sequence

import msgspec

from app.asking.environment import offers, value_of
from app.asking.plain_text import plain_text_host
from app.protocols.registry import info, protocol_ids
from app.secrets.key_text import clean_key
from app.secrets.names import shown_url
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.store.presets import demo_called, demo_profiles, is_demo
from app.store.profiles import AUTH_STYLES, Profile, ProfileLimits, ProfileStore, fault_of
from app.terminal.demo_server import demo_endpoints
from app.terminal.text import argument, complain
from app.terminal.usage import UsageError
from app.text.sentences import message, text_in_a_row, tr

A_PROFILE = message("a saved profile, or one of: {names:commas}")
NAME_ONE = message("name a PROFILE, or give --url and --protocol")
NO_ADDRESS = message(
    "“{name}” has no address before it runs, and another one each time: start `diptych simulate`, and give a base URL that it "
    "prints with --url and --protocol"
)


def demo_names() -> list[str]:
    """What the demo's endpoints are called, in the language of now; their English names are taken too."""
    return [profile.name for profile in demo_profiles("")]


def is_demo_name(name: str | None) -> bool:
    """Whether it names one of the demo's endpoints, which have to run then."""
    return name is not None and demo_called(name) != ""


def add_profile_options(parser: argparse.ArgumentParser) -> None:
    """For a command that asks one endpoint: `PROFILE`, or `--url` and its companions."""
    parser.add_argument("profile", nargs="?", metavar="PROFILE", help=tr(A_PROFILE, names=demo_names()))
    add_endpoint_options(parser, "")
    add_plain_text_option(parser)


@contextlib.asynccontextmanager
async def chosen_endpoint(options: argparse.Namespace) -> AsyncIterator[tuple[Profile, str]]:
    """The endpoint that the options of `add_profile_options` name, and the key to send; where it is one of the demo's, it runs.

    Raises UsageError.
    """
    if (options.profile is None) == (options.url is None):
        raise UsageError(tr(NAME_ONE))
    async with demo_endpoints(is_demo_name(options.profile)) as demos:
        profile = with_limits(choose_profile(options.profile, vars(options), demos), options)
        key = key_for(profile, options.key_env, KeyStore())
        refuse_plain_text(profile, key, allowed=options.allow_insecure)
        yield profile, key


def described_endpoint(options: argparse.Namespace, *, with_key: bool) -> tuple[Profile, str]:
    """The endpoint that the options of `add_profile_options` name, which is not asked; its key only where it is wanted.

    Raises UsageError, also for one of the demo's: it would have to run to have an address.
    """
    if (options.profile is None) == (options.url is None):
        raise UsageError(tr(NAME_ONE))
    profile = choose_profile(options.profile, vars(options), demo_profiles(""))
    if is_demo(profile):
        raise UsageError(tr(NO_ADDRESS, name=profile.name))
    return profile, key_for(profile, options.key_env, KeyStore()) if with_key else ""


def add_endpoint_options(group: argparse._ActionsContainer, prefix: str) -> None:
    """An endpoint described in place."""
    group.add_argument(
        f"--{prefix}url", type=argument, metavar="URL", help=tr("the base URL, as the protocol's official SDK takes it")
    )
    group.add_argument(f"--{prefix}protocol", choices=protocol_ids())
    variable = tr("the environment variable (or .env entry) that holds the key")
    group.add_argument(f"--{prefix}key-env", metavar="NAME", help=variable)
    group.add_argument(f"--{prefix}auth", choices=AUTH_STYLES, help=tr("how the key is sent"))
    group.add_argument(
        f"--{prefix}header",
        type=argument,
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help=tr("an extra header; repeatable"),
    )


def add_plain_text_option(parser: argparse.ArgumentParser) -> None:
    """The leave to send a key where others can read it."""
    parser.add_argument(
        "--allow-insecure",
        action="store_true",
        help=tr("send keys also over http:// to other machines, where anyone can read them"),
    )


def add_no_probe_option(parser: argparse.ArgumentParser) -> None:
    """The wish to have the address asked alone."""
    parser.add_argument(
        "--no-probe",
        action="store_true",
        help=tr("where nothing answers, do not ask other paths of the same address (by empty requests, which cost nothing)"),
    )


def add_limit_options(parser: argparse.ArgumentParser) -> None:
    """Time limits in seconds."""
    group = parser.add_argument_group(tr("time limits, in seconds"))
    for name, what in (
        ("connect", message("resolve, connect and TLS (10)")),
        ("first-byte", message("from the request's last byte to the answer's first (60)")),
        ("silence", message("without a byte of the answer (30)")),
        ("total", message("the whole exchange (600)")),
    ):
        group.add_argument(f"--{name}-timeout", type=_seconds, metavar="S", help=tr(what))


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("{text} is no number of seconds", text=repr(text))) from None
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(tr("a time limit lies between 0 and 86 400 seconds"))
    return value


def choose_profile(named: str | None, given: Mapping[str, object], demos: Sequence[Profile], prefix: str = "--") -> Profile:
    """A saved or demo profile by name, or one described in place, with the given fields put on top."""
    if named is not None:
        profile = find_profile(named, demos)
        protocol_id = given.get("protocol")
        if protocol_id and protocol_id != profile.protocol:
            raise UsageError(
                tr(
                    "profile “{name}” speaks {protocol}; a relay that speaks both is two profiles",
                    name=profile.name,
                    protocol=profile.protocol,
                )
            )
    else:
        if not given.get("protocol"):
            raise UsageError(
                tr(
                    "{url} needs {option} ({protocols:commas})",
                    url=f"{prefix}url",
                    option=f"{prefix}protocol",
                    protocols=protocol_ids(),
                )
            )
        protocol_id = str(given["protocol"])
        url = str(given["url"]).strip()
        if not url:
            raise UsageError(tr("{option} is empty", option=f"{prefix}url"))
        name, auth = shown_url(url), info(protocol_id).default_auth  # the name is shown and stored
        profile = Profile(name, protocol_id, url, auth=auth, needs_key=False, uid="in-place")
    if given.get("auth"):
        profile = msgspec.structs.replace(profile, auth=str(given["auth"]))
    extra = given.get("header")
    if isinstance(extra, list) and extra:
        profile = msgspec.structs.replace(profile, headers=(*profile.headers, *map(_header, extra)))
    if fault := fault_of(profile):
        raise UsageError(tr("“{name}” can't be used: {why}", name=profile.name, why=fault))
    return profile


def _header(text: object) -> tuple[str, str]:
    name, *value = re.split("[=:]", str(text), maxsplit=1)  # no header's name has either; curl writes a colon
    if not value or not name.strip():
        raise UsageError(tr("a header is given as NAME=VALUE"))
    return name.strip(), value[0].strip()


def find_profile(name: str, demos: Sequence[Profile]) -> Profile:
    """The profile of that name (or uid), saved ones first. Raises UsageError with the names there are."""
    store = ProfileStore()
    saved = store.load()
    if store.problem:  # told also where the profile is a demo's: a broken file was set aside
        complain(f"diptych: {store.problem}")
    if found := store.find(name) or next((demo for demo in demos if demo.uid == demo_called(name)), None):
        return found
    names = [f"“{one}”" for one in (*(profile.name for profile in saved), *demo_names())]
    said = text_in_a_row(warning for warning in store.warnings if f"“{name}”" in warning)
    raise UsageError(
        tr("there is no profile “{name}”; there are {names:commas}.{more:if  {more}}", name=name, names=names, more=said)
    )


def with_limits(profile: Profile, options: argparse.Namespace) -> Profile:
    """The profile with the time limits of `add_limit_options` that were given."""
    names = {"connect_s": "connect", "first_byte_s": "first_byte", "silence_s": "silence", "total_s": "total"}
    given = {field: getattr(options, f"{name}_timeout", None) for field, name in names.items()}
    limits = msgspec.structs.asdict(profile.limits) | {field: value for field, value in given.items() if value is not None}
    return msgspec.structs.replace(profile, limits=ProfileLimits(**limits))


def key_for(profile: Profile, variable: str | None, keys: KeyStore, option: str = "--key-env") -> str:
    """The key to send: from the named variable, else the keyring, else "" where the profile needs none.

    Raises UsageError where a key is needed and there is none; the text says where one could come from. `option` is the one
    that names the variable.
    """
    if variable:
        return _key_from(variable, option)
    if not profile.needs_key:
        return ""
    try:
        key = keys.get(profile.uid)
    except KeyStoreUnavailable as error:
        raise UsageError(
            tr("{why} Name a variable that holds the key instead ({option} NAME).", why=error.sentence, option=option)
        ) from error
    if key is None:
        raise UsageError(
            tr(
                "no key is saved for “{name}”. {variable:if {variable} is set: add {option} {variable} to use it."
                "|Save one on the Endpoints page, or name a variable with {option} NAME.}",
                name=profile.name,
                variable=_suited(profile),
                option=option,
            )
        )
    return key


def refuse_plain_text(profile: Profile, key: str, *, allowed: bool) -> None:
    """Raise UsageError where a key would travel unencrypted to another machine, the proxy of the profile being one too."""
    host = "" if allowed else plain_text_host(profile, key)
    if host:
        raise UsageError(
            tr(
                "the base URL of “{name}” begins with http://: the key would travel in plain text to {host}, readable by "
                "anyone on the way. Use https://, or add --allow-insecure within a network that you trust.",
                name=profile.name,
                host=host,
            )
        )


def _key_from(variable: str, option: str) -> str:
    offer = next((one for one in offers() if one.variable == variable), None)
    value = value_of(offer) if offer else os.environ.get(variable)
    if not value:
        if not (variable.isidentifier() and variable.isupper()):  # a key that was pasted here must not be repeated
            raise UsageError(
                tr("{option} takes the name of a variable that holds the key, never the key itself", option=option)
            )
        raise UsageError(tr("the variable {name} is not set, neither in the environment nor in .env", name=variable))
    return clean_key(value).key


def _suited(profile: Profile) -> str:
    """A variable that is set and seems to hold a key for it; "" where there is none."""
    return next((one.variable for one in offers() if one.kind == "key" and one.suits(profile.protocol)), "")
