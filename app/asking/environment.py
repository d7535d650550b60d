"""What the environment, a `.env` file beside us or one that is chosen offer: keys and base URLs, masked; values on demand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, cast

import msgspec

from app.protocols.ids import MESSAGES
from app.protocols.registry import info, protocol_ids
from app.secrets.key_text import mask_key
from app.secrets.names import shown_url

MAX_ENV_BYTES = 1 << 20

Source = str
"""`environment`, `.env` for the file beside us, or the path of a file that was chosen."""
Kind = Literal["key", "base_url"]


class Offer(msgspec.Struct, frozen=True):
    """A variable that can be used. `masked` is what may be shown (a base URL without secrets in it).

    `protocols` are those whose SDK reads the variable, () for a key we can't place; `auth` is how it is sent, "" where
    that is not known. The value is not in here: `value_of` fetches it.
    """

    variable: str
    source: Source
    kind: Kind
    protocols: tuple[str, ...] = ()
    auth: str = ""
    masked: str = ""

    def suits(self, protocol_id: str) -> bool:
        """Whether the offer is for that protocol; an offer we can't place suits all."""
        return not self.protocols or protocol_id in self.protocols


_Known = dict[str, tuple[Kind, tuple[str, ...], str]]


def _known() -> _Known:
    """The variables that official SDKs read: what they hold, for which protocols, and how the key is sent."""
    sdks = [(one, sdk) for one in protocol_ids() if (sdk := info(one).sdk) is not None]
    keys = [(variable, "key", one, auth) for one, sdk in sdks for auth, variable in sdk.variables.items()]
    keys.append(("CLAUDE_API_KEY", "key", MESSAGES, "x-api-key"))  # a common name that no SDK reads
    known: _Known = {}
    for variable, kind, one, auth in [*keys, *((sdk.base_url_variable, "base_url", one, "") for one, sdk in sdks)]:
        known[variable] = (cast(Kind, kind), (*known.get(variable, ("key", (), ""))[1], one), auth)
    return known


def offers(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> list[Offer]:
    """What is there, the well-known names first, then others that end in `_API_KEY`; the environment before `.env`.

    `folder` is where `.env` is looked for (only there), by default the current one. Empty values are no offers.
    """
    found: dict[str, Offer] = {}
    known = _known()
    for source, values in _sources(environ, folder).items():
        for variable, value in values.items():
            if variable not in found and (offer := _offer(variable, value, source, known)) is not None:
                found[variable] = offer
    return _sorted(found.values(), known)


def _sorted(found: Iterable[Offer], known: _Known) -> list[Offer]:
    order = list(known)
    return sorted(found, key=lambda o: (order.index(o.variable) if o.variable in order else len(order), o.variable))


def value_of(offer: Offer, environ: Mapping[str, str] | None = None, folder: Path | None = None) -> str | None:
    """The offered value, read now; None where the variable is gone."""
    known = _sources(environ, folder)
    values = known[offer.source] if offer.source in known else _read_env_file(Path(offer.source))
    return values.get(offer.variable) or None


def offers_in(file: Path) -> list[Offer]:
    """What a file of variables anywhere offers, as `offers`."""
    known, values = _known(), _read_env_file(file)
    return _sorted((offer for name, value in values.items() if (offer := _offer(name, value, str(file), known))), known)


def _sources(environ: Mapping[str, str] | None, folder: Path | None) -> dict[Source, Mapping[str, str]]:
    return {
        "environment": os.environ if environ is None else environ,
        ".env": _read_env_file((Path() if folder is None else folder) / ".env"),
    }


def _read_env_file(path: Path) -> dict[str, str]:
    """The file's variables, {} where there is no readable file. `os.environ` is not touched."""
    from dotenv import dotenv_values

    try:
        if not path.is_file() or path.stat().st_size > MAX_ENV_BYTES:
            return {}
        values = dotenv_values(path, interpolate=False, encoding="utf-8-sig")
    except (OSError, ValueError):  # not ours to repair: a file that can't be read offers nothing
        return {}
    return {name: value for name, value in values.items() if value}


def _offer(variable: str, value: str, source: Source, known: _Known) -> Offer | None:
    if not value.strip():
        return None
    if meant := known.get(variable):
        kind, protocols, auth = meant
        masked = shown_url(value.strip()) if kind == "base_url" else mask_key(value.strip())
        return Offer(variable, source, kind, protocols, auth, masked)
    if variable.endswith("_API_KEY"):
        return Offer(variable, source, "key", masked=mask_key(value.strip()))
    return None
