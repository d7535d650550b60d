"""Settings for a client, taken from an endpoint that works: the base URL as this client wants it, the variables of its
environment, and how it sends its key. Nothing here holds a key: `{key}` stands for it, or the name of a variable that has it.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping

import msgspec

from app.clients.table import Client, Table, table
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info
from app.text.sentences import render, text_in_a_row, tr

NO_KEY = "YOUR_KEY"
OWN_VARIABLE = "RELAY_API_KEY"  # what the code reads for a client that reads no variables itself
_VERSION = "/v1"
# What a client reads from its environment (seen in the packages' sources): the base URL, and the key. LiteLLM looks at its own
# name first; @ai-sdk/openai-compatible reads nothing.
_VARIABLES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "": {
        MESSAGES: ("ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"),
        CHAT: ("OPENAI_BASE_URL", "OPENAI_API_KEY"),
        RESPONSES: ("OPENAI_BASE_URL", "OPENAI_API_KEY"),
    },
    "litellm": {MESSAGES: ("ANTHROPIC_API_BASE", "ANTHROPIC_API_KEY")},
    "ai-sdk-openai-compatible": {CHAT: ("", "")},
}
_STYLES = {"bearer": "Authorization: Bearer", "x-api-key": "x-api-key"}
_SENDS = "{client} sends its key as {style}."
_OTHER = (
    "{client} sends its key as {style}, and this endpoint was reached with {works}: where it refuses, give the client "
    "that header by hand."
)
_IN_CODE = "{client} reads no variables: give it the base URL and the key in the code."


class Settings(msgspec.Struct, frozen=True):
    """What to write into a client's settings.

    Attributes:
        base_url: as the client takes it.
        variables: (name, value) of its environment; the key's value is `{key}`. Empty where it reads none.
        style: how it sends its key.
        note: a sentence on the key's header.
        key_variable: the variable that has the key: one of `variables`, or where there are none the one that code reads for it.
    """

    title: str
    base_url: str
    variables: tuple[tuple[str, str], ...]
    style: str
    note: str
    key_variable: str = OWN_VARIABLE

    def environment(self, key: str = "") -> str:
        """The variables as lines for a shell."""
        return _lines(self.variables, key)

    def environment_of_code(self, key: str = "") -> str:
        """The same; for a client that reads none, the one that its code reads."""
        return _lines(self.variables or ((self.key_variable, "{key}"),), key)

    def text(self, key: str = "") -> str:
        """All of it, to paste: the base URL, the variables, and the header as a comment."""
        return "\n".join(
            filter(
                None,
                (
                    f"# {self.title}",
                    tr("# base URL: {base_url}", base_url=self.base_url),
                    self.environment(key),
                    f"# {self.note}",
                ),
            )
        )


def _lines(variables: Iterable[tuple[str, str]], key: str) -> str:
    return "\n".join(f"export {name}={shlex.quote(key or NO_KEY if value == '{key}' else value)}" for name, value in variables)


def settings_for(client: Client, protocol: str, base_url: str, auth: str) -> Settings:
    """What this client needs for an endpoint whose `base_url` is as the protocol's official SDK takes it, and which takes its
    key in the way `auth` ("": not known)."""
    url = _base_url(client, protocol, base_url)
    variables = _VARIABLES.get(client.name, {}).get(protocol) or _VARIABLES[""].get(protocol, ("", ""))
    request = client.requests.get(protocol)
    style = request.auth if request else ""
    fields = {"client": client.title, "style": _STYLES.get(style, style), "works": _STYLES.get(auth, auth)}
    note = render(_SENDS if auth in (style, "") else _OTHER, fields)
    if not variables[0]:
        return Settings(client.title, url, (), style, text_in_a_row((render(_IN_CODE, fields), note)))
    return Settings(client.title, url, ((variables[0], url), (variables[1], "{key}")), style, note, variables[1])


def all_settings(protocol: str, base_url: str, auth: str, known: Table | None = None) -> list[Settings]:
    """Those of each client that was run in this protocol."""
    return [settings_for(client, protocol, base_url, auth) for client in (known or table()).speaking(protocol)]


def tool_settings(protocol: str, base_url: str, auth: str, model: str) -> list[Settings]:
    """Those of the command-line tools that speak this protocol: Claude Code, and Codex and its like."""
    base_url = base_url.rstrip("/")
    if protocol == MESSAGES:
        name = "ANTHROPIC_AUTH_TOKEN" if auth == "bearer" else "ANTHROPIC_API_KEY"
        variables = (("ANTHROPIC_BASE_URL", base_url), (name, "{key}"), *([("ANTHROPIC_MODEL", model)] if model else []))
        note = render("{client} sends its key as {style}.", {"client": "Claude Code", "style": _STYLES[auth]})
        return [Settings("Claude Code", base_url, tuple(variables), auth, note)]
    if info(protocol).sdk is None:
        return []
    variables = (("OPENAI_BASE_URL", base_url), ("OPENAI_API_KEY", "{key}"))
    return [
        Settings(
            tr("Codex and other tools that read these variables"), base_url, variables, "bearer", _codex(protocol, base_url)
        )
    ]


def _codex(protocol: str, base_url: str) -> str:
    api = "responses" if protocol == RESPONSES else "chat"
    lines = f'[model_providers.relay] name = "relay" base_url = "{base_url}" env_key = "OPENAI_API_KEY" wire_api = "{api}"'
    return tr("Codex takes it from ~/.codex/config.toml: {lines}", lines=lines)


def _base_url(client: Client, protocol: str, base_url: str) -> str:
    """With the `/v1` that this client does not add by itself, or without the one that it does."""
    url = base_url.strip().rstrip("/")
    ours = _VERSION if info(protocol).version_in_base_url else ""
    theirs = client.suffix[protocol]
    if theirs == ours:
        return url
    return url + theirs if not ours else url.removesuffix(ours) + theirs
