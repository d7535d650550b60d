"""Reads a block of variables, as relays' pages and `.env` files give it, into what a profile needs."""

from __future__ import annotations

import re
from dataclasses import replace

from app.diagnosis.address import Address
from app.formats.curl import Pasted, is_curl
from app.protocols.ids import CHAT, MESSAGES
from app.secrets.key_text import clean_key
from app.text.sentences import tr

# What a line, or a member of a settings file's "env", sets. A shell makes one word of quoted parts that touch.
_QUOTED = r"""(?:"[^"\n]*"|'[^'\n]*')"""
_SETS = re.compile(
    r"""(?:^|[\n;{,&])[ \t]*(?:(?:export|set|setx|ENV)[ \t]+|\$env:|-e[ \t]+)?"""
    r"""["']?(?P<name>[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)["']?"""
    rf"""[ \t]*[=:][ \t]*(?:(?P<quoted>{_QUOTED}+)|(?P<bare>[^\s"',;}}#]*))""",
)
_PART = re.compile(_QUOTED)
# Variables that hold an address, a key and a model, those of Anthropic's clients first. PROTOCOLS 6.1; Claude Code's settings.
_BASES = {
    "ANTHROPIC_BASE_URL": MESSAGES, "ANTHROPIC_API_BASE": MESSAGES, "OPENAI_BASE_URL": CHAT, "OPENAI_API_BASE": CHAT,
}  # fmt: skip
_KEYS = {
    "ANTHROPIC_AUTH_TOKEN": (MESSAGES, "bearer"), "ANTHROPIC_API_KEY": (MESSAGES, "x-api-key"),
    "CLAUDE_API_KEY": (MESSAGES, "x-api-key"), "OPENAI_API_KEY": (CHAT, "bearer"),
}  # fmt: skip
_MODELS = {"ANTHROPIC_MODEL": MESSAGES, "OPENAI_MODEL": CHAT}


def variables(text: str) -> dict[str, str]:
    """The variables that a text sets, in its order; one that is set twice has its last value."""
    found: dict[str, str] = {}
    for one in _SETS.finditer(text):
        value = one["bare"] if one["quoted"] is None else "".join(part[1:-1] for part in _PART.findall(one["quoted"]))
        if value := value.strip():
            found[one["name"]] = value
    return found


def read_env(text: str) -> Pasted | None:
    """What a block says of one endpoint; None where it names no address and no key that we know.

    Of several endpoints in it the first that has an address is read, which is noted.
    """
    every = read_all_env(text)
    if not every:
        return None
    others = [name for name in _BASES if name in variables(text) and _BASES[name] != every[0].protocol]
    return replace(every[0], notes=(tr("{name} is another endpoint: add it for itself.", name=others[0]),) if others else ())


def read_all_env(text: str) -> list[Pasted]:
    """What a block says of each endpoint that it names, one a protocol: those with an address, or else one that has a key."""
    found = variables(text)
    bases = {_BASES[name]: name for name in reversed(_BASES) if name in found}
    if bases:
        return [_endpoint(found, protocol, bases[protocol]) for protocol in dict.fromkeys(_BASES.values()) if protocol in bases]
    keys = [name for name in _KEYS if name in found]
    return [_endpoint(found, _KEYS[keys[0]][0], "")] if keys else []


def _endpoint(found: dict[str, str], protocol_id: str, base: str) -> Pasted:
    address = Address(found[base], "", protocol_id) if base else None
    base_url = (address.without_endpoint if address.pasted else address.base) if address is not None else ""
    key = next((name for name in _KEYS if name in found and _KEYS[name][0] == protocol_id), "")
    model = next((found[name] for name, one in _MODELS.items() if one == protocol_id and name in found), "")
    auth = _KEYS[key][1] if key else ""
    return Pasted(base_url, protocol_id, auth=auth, model=model, key=clean_key(found[key]).key if key else "")


def is_env(text: str) -> bool:
    """Whether a text is a block of variables that says something of an endpoint."""
    return not is_curl(text) and read_env(text) is not None
