"""Endpoint profiles: what is known of an endpoint but its key, and the TOML file they are kept in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from app.protocols.ids import MESSAGES
from app.protocols.registry import protocol_ids
from app.recording.records import Headers
from app.secrets.key_text import holds_key
from app.secrets.names import has_path_key, secret_places
from app.store.files import StoreError, TomlFile, config_folder
from app.text.sentences import message, tr

VERSION = 1
HEADING = """Diptych's endpoint profiles. Comments and fields that Diptych does not know are kept.
Keys belong in the system's keyring: never write one here."""
AUTH_STYLES = ("x-api-key", "bearer")
DEMO_PREFIX = "demo-"  # of the uids of the demo's profiles, which are made anew at each start
LABELS = ("", message("official"), message("relay"), message("local"), message("staging"), message("production"))

Seconds = Annotated[float, msgspec.Meta(gt=0, le=86_400)]
UsdPerMillion = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


class ProfileError(StoreError):
    """A profile that can't be saved as it is; the text is a sentence for the user."""


class Prices(msgspec.Struct, frozen=True):
    """A profile's own prices in USD per million tokens; None: not known, so nothing that needs it is priced."""

    input: UsdPerMillion | None = None
    output: UsdPerMillion | None = None
    cache_read: UsdPerMillion | None = None
    cache_write: UsdPerMillion | None = None


class ProfileLimits(msgspec.Struct, frozen=True):
    """A profile's time limits, in seconds."""

    connect_s: Seconds = 10.0
    first_byte_s: Seconds = 60.0
    silence_s: Seconds = 30.0
    total_s: Seconds = 600.0


def new_uid() -> str:
    """A new uid for a profile: the name of its key in the keyring."""
    return os.urandom(8).hex()


class Profile(msgspec.Struct, frozen=True):
    """One endpoint in one protocol.

    `base_url` is what the protocol's official SDK takes (PROTOCOLS 6.2). `model` is the one chosen last. `headers` win
    over ours of the same name. `proxy` and `ca_file` as in `app.wire.commands.Network`. `uid` names the keyring's entry,
    so that a profile keeps its key when it is renamed. `client` names the client that the endpoint is for (`app.clients`), ""
    is the protocol's official Python SDK.
    """

    name: str
    protocol: str = MESSAGES
    base_url: str = ""
    model: str = ""
    auth: str = "x-api-key"
    headers: Headers = ()
    anthropic_version: str = "2023-06-01"
    anthropic_beta: str = ""
    label: str = ""
    prices: Prices | None = None
    limits: ProfileLimits = ProfileLimits()
    proxy: str = ""
    ca_file: str = ""
    verify_tls: bool = True
    http2: bool = True
    keep_connection: bool = False
    needs_key: bool = True
    client: str = ""
    uid: str = msgspec.field(default_factory=new_uid)


def price_table(prices: Prices | None) -> dict[str, float] | None:
    """Own prices by name (input, output, cache_read, cache_write), those that are known; None without any."""
    known = {name: value for name, value in msgspec.structs.asdict(prices).items() if value is not None} if prices else {}
    return known or None


def secrets_in(profile: Profile) -> list[str]:
    """Sentences on what in the profile looks like a secret that belongs elsewhere; the secrets are not quoted."""
    said = [
        tr(
            "Profile “{name}”: its header {header} looks like a key. Keys belong in the keyring, not in profiles.toml.",
            name=profile.name,
            header=name,
        )
        for name, value in profile.headers
        if holds_key(name, value)
    ]
    for what, url in ((tr("base URL"), profile.base_url), (tr("proxy"), profile.proxy)):
        if held := _held_in(url):
            said.append(
                tr(
                    "Profile “{name}”: its {what} holds {held}, readable in profiles.toml.",
                    name=profile.name,
                    what=what,
                    held=held,
                )
            )
        elif has_path_key(url):  # not refused: such an endpoint has no other address
            said.append(
                tr(
                    "Profile “{name}”: its {what} holds a key in its path, readable in profiles.toml.",
                    name=profile.name,
                    what=what,
                )
            )
    return said


def _held_in(url: str) -> str:
    """The secret that a URL holds, in words for a sentence; "" for none."""
    kinds = {place.what for place in secret_places(url)}
    return tr("a key in its query") if kinds == {"parameter"} else tr("a user name or password") if kinds else ""


def label_words(label: str) -> str:
    """A profile's label as it is shown; one that is none of ours (a file may say anything) as it is."""
    return tr(label) if label in LABELS else label


def fault_of(profile: Profile) -> str:
    """Why the profile can't be used, as a sentence without its end; "" when it can."""
    if not profile.name.strip():
        return tr("it has no name")
    if not profile.uid.strip():
        return tr("its uid is empty")
    if profile.protocol not in protocol_ids():
        return tr("protocol is {protocol}, not one of {ids:commas}", protocol=repr(profile.protocol), ids=protocol_ids())
    if profile.auth not in AUTH_STYLES:
        return tr("auth is {auth}, not one of {styles:commas}", auth=repr(profile.auth), styles=AUTH_STYLES)
    if profile.label not in LABELS:
        return tr(
            "label is {label}, not one of {names:commas}", label=repr(profile.label), names=[one for one in LABELS if one]
        )
    for name, value in profile.headers:
        if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
            return tr("the header {name} is not one that HTTP allows", name=repr(name))
    return ""


def free_name(wanted: str, profiles: Iterable[Profile]) -> str:
    """The name, with a number behind it where one of the profiles has it."""
    taken = {profile.name.casefold() for profile in profiles}
    name, number = wanted, 1
    while name.casefold() in taken:
        number += 1
        name = f"{wanted} ({number})"
    return name


class _Entry(msgspec.Struct):
    """One table of the file: the profile read from it, or None where it can't be used and is kept as it is."""

    table: dict[str, object]
    profile: Profile | None


class Removed(NamedTuple):
    """A profile that was removed: all that its file said of it, and where it stood."""

    entry: _Entry
    place: int


class ProfileStore:
    """The profiles and their file.

    What the file holds and we do not know is kept when it is written again: unknown fields beside `profiles`, in a
    profile, in its `prices` and `limits`, and whole profiles that can't be used. So are
    comments. Before a change the
    file is read again where another program wrote to it, under a lock, so that two windows do not undo each other's changes.

    Attributes:
        profiles: those that can be used, in the file's order.
        problem: a sentence for the user when something is wrong with the file as a whole, or "".
        warnings: sentences on single profiles.
        read_only: True where nothing can be saved; `problem` says why.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = TomlFile(path or config_folder() / "profiles.toml", VERSION, HEADING)
        self._entries: list[_Entry] = []
        self._unknown: dict[str, object] = {}
        self.warnings: list[str] = []

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def problem(self) -> str:
        return self._file.problem

    @property
    def read_only(self) -> bool:
        return self._file.read_only

    @property
    def profiles(self) -> tuple[Profile, ...]:
        return tuple(entry.profile for entry in self._entries if entry.profile is not None)

    def load(self) -> tuple[Profile, ...]:
        """Read the file. Never raises; see `problem` and `warnings`."""
        self._entries, self._unknown, self.warnings = [], {}, []
        table = self._file.read()
        entries = table.pop("profiles", [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            self._file.reject(tr("`profiles` is not a list of tables"))
            return ()
        self._unknown = table
        for number, entry in enumerate(entries, start=1):
            self._entries.append(self._take_entry(number, entry))
        return self.profiles

    def _take_entry(self, number: int, table: dict[str, object]) -> _Entry:
        name = table.get("name")
        title = f"“{name}”" if isinstance(name, str) else f"number {number}"
        try:
            own = {} if "uid" in table else {"uid": _derived_uid(str(name))}  # what it takes is not there at a start
            profile = msgspec.convert({**own, **table}, Profile)
        except msgspec.ValidationError as error:
            fault = str(error)
        else:
            if not (fault := fault_of(profile)):
                profile = self._made_unique(profile)
                self.warnings += secrets_in(profile)
                return _Entry(table, profile)
        self.warnings.append(
            tr(
                "Profile {title} in {name} can't be used: {fault}. It is left in the file as it is.",
                title=title,
                name=self.path.name,
                fault=fault,
            )
        )
        return _Entry(table, None)

    def _made_unique(self, profile: Profile) -> Profile:
        if any(other.uid == profile.uid for other in self.profiles):
            self.warnings.append(
                tr(
                    "Profile “{name}” is a copy with another profile's uid: it gets its own, and needs its key again.",
                    name=profile.name,
                )
            )
            profile = msgspec.structs.replace(profile, uid=_derived_uid(f"{profile.uid} {len(self._entries)} {profile.name}"))
        name = self.free_name(profile.name)
        if name != profile.name:
            self.warnings.append(
                tr("Two profiles are called “{name}”: the second is shown as “{shown}”.", name=profile.name, shown=name)
            )
            profile = msgspec.structs.replace(profile, name=name)
        return profile

    def find(self, name: str) -> Profile | None:
        """The profile of that name (its case does not matter where only one matches so) or uid."""
        exact = [p for p in self.profiles if name in (p.name, p.uid)]
        loose = exact or [p for p in self.profiles if p.name.casefold() == name.strip().casefold()]
        return loose[0] if loose else None

    def free_name(self, wanted: str) -> str:
        """The name, with a number behind it where it is taken."""
        return free_name(wanted, self.profiles)

    def save(self, profile: Profile) -> None:
        """Add the profile or put it in place of the one with its uid, and write. Raises ProfileError or StoreError."""
        with self._file.locked():
            self._catch_up()
            self._refuse(profile)
            kept = list(self._entries)
            index = self._index(profile.uid)
            if index is None:
                kept.append(_Entry({}, profile))
            else:
                kept[index] = _Entry(kept[index].table, profile)
            self._write(kept)

    def remove(self, uid: str) -> Removed | None:
        """Forget the profile of that uid and write the file; what `put_back` takes, None where there was none.

        Its key is the caller's to delete.
        """
        with self._file.locked():
            self._catch_up()
            index = self._index(uid)
            removed = None if index is None else Removed(self._entries[index], index)
            self._write([entry for number, entry in enumerate(self._entries) if number != index])
        return removed

    def put_back(self, removed: Removed) -> None:
        """Have a profile that was removed as it was, in its place; its name has a number where it was given away meanwhile.

        Raises StoreError.
        """
        with self._file.locked():
            self._catch_up()
            entry, profile = removed.entry, removed.entry.profile
            assert profile is not None
            if self._index(profile.uid) is not None:
                return
            entry.profile = msgspec.structs.replace(profile, name=free_name(profile.name, self.profiles))
            kept = list(self._entries)
            kept.insert(removed.place, entry)
            self._write(kept)

    def arrange(self, uids: Sequence[str]) -> None:
        """Put the profiles in that order; those not named keep theirs, behind."""
        place = {uid: number for number, uid in enumerate(uids)}
        with self._file.locked():
            self._catch_up()
            self._write(sorted(self._entries, key=lambda e: place.get(e.profile.uid if e.profile else "", len(place))))

    def _refuse(self, profile: Profile) -> None:
        if profile.uid.startswith(DEMO_PREFIX):
            raise ProfileError(tr("The demo's endpoints can't be changed: make a profile of your own."))
        if fault := fault_of(profile):
            raise ProfileError(tr("The profile can't be saved: {fault}.", fault=fault))
        index = self._index(profile.uid)
        before = None if index is None else self._entries[index].profile
        if any(p.uid != profile.uid and p.name.casefold() == profile.name.casefold() for p in self.profiles):
            raise ProfileError(tr("There is another profile called “{name}”: choose another name.", name=profile.name))
        for header in profile.headers:
            if holds_key(*header) and (before is None or header not in before.headers):
                raise ProfileError(
                    tr(
                        "The header {header} holds a key, and keys are never written to a file: save it as the key.",
                        header=header[0],
                    )
                )
        if (held := _held_in(profile.base_url)) and (before is None or profile.base_url != before.base_url):
            raise ProfileError(
                tr(
                    "The base URL holds {held}, and keys are never written to a file: take it out and save it as the key.",
                    held=held,
                )
            )
        if (held := _held_in(profile.proxy)) and (before is None or profile.proxy != before.proxy):
            raise ProfileError(
                tr(
                    "The proxy's address holds {held}, and passwords are never written to a file: put it into the"
                    " variable HTTPS_PROXY, and leave the choice of the proxy to the environment.",
                    held=held,
                )
            )

    def _index(self, uid: str) -> int | None:
        return next((i for i, e in enumerate(self._entries) if e.profile is not None and e.profile.uid == uid), None)

    def _catch_up(self) -> None:
        """Read what another program wrote meanwhile. If the file is gone or broken by now, the profiles in memory stay."""
        if not self._file.changed():
            return
        entries, unknown = self._entries, self._unknown
        self.load()
        if not self.read_only and (self.problem or not self.path.exists()):
            self._entries, self._unknown = entries, unknown

    def _write(self, entries: list[_Entry]) -> None:
        for entry in entries:
            entry.table = entry.table if entry.profile is None else _to_table(entry.table, entry.profile)
        self._file.write({**self._unknown, "profiles": [entry.table for entry in entries]})
        self._entries = entries


def _derived_uid(seed: str) -> str:
    """The uid of a profile written by hand without one: always the same, so that its key is found again."""
    import hashlib

    return hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _to_table(old: dict[str, object], profile: Profile) -> dict[str, object]:
    """The profile as TOML has it, with the unknown fields of the table it came from."""
    new: dict[str, object] = msgspec.to_builtins(profile)
    table = {name: value for name, value in old.items() if name not in Profile.__struct_fields__}
    for name, value in new.items():
        if isinstance(value, dict):
            before = old.get(name)
            unknown = {k: v for k, v in before.items() if k not in value} if isinstance(before, dict) else {}
            value = {**unknown, **{k: v for k, v in value.items() if v is not None}}
        if value is not None:
            table[name] = value
    return table
