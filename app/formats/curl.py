"""Parses a curl command, as documentation and browsers give it, into what a profile needs."""

from __future__ import annotations

import base64
import binascii
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.diagnosis.address import Address
from app.protocols.ids import CHAT, MESSAGES
from app.protocols.registry import protocol_ids
from app.recording.records import Headers
from app.secrets.key_text import clean_key, holds_key
from app.secrets.names import key_in_query, public_url, secret_places
from app.text.json_text import decode_json

_LINE_END = re.compile(r"[ \t]*[\\^`]?[ \t]*[\r\n\u2028\u2029]+[ \t]*")
_LOST_LINE_END = re.compile(r"\s[\\^]\s+(?=-)")  # a field of one line has turned the line break into a blank
_VARIABLE = re.compile(r"\$\{?(\w+)\}?|%(\w+)%|\$env:(\w+)")
_ANSI_QUOTE = re.compile(r"(?<=\s)\$(?=')")
_WITH_VALUE = {
    "--request", "--user-agent", "--output", "--max-time", "--connect-timeout", "--referer", "--cookie", "--cookie-jar",
    "--form", "--write-out", "--retry", "--upload-file", "--config", "--resolve", "--cert", "--key", "--limit-rate",
    "--data", "--data-raw", "--data-binary", "--data-ascii", "--json", "--header", "--user", "--proxy", "--cacert", "--url",
    "--oauth2-bearer",
}  # fmt: skip
_SHORT_WITH_VALUE = "XAomebcFwTKdHux"
_NOT_KEPT = {"content-type", "accept", "content-length", "host", "accept-encoding", "connection", "user-agent"}


@dataclass(frozen=True)
class Pasted:
    """What a command says. "" or None for what it does not. `key` is never to be shown or stored but in the keyring.

    `key_variable` names the environment variable that stands where the key belongs. `notes` are sentences on what was left out.
    """

    base_url: str
    protocol: str
    auth: str = ""
    model: str = ""
    headers: Headers = ()
    anthropic_version: str = ""
    anthropic_beta: str = ""
    proxy: str = ""
    ca_file: str = ""
    key: str = field(default="", repr=False)
    key_variable: str = ""
    notes: tuple[str, ...] = ()


def is_curl(text: str) -> bool:
    """Whether a text is a curl command."""
    return re.match(r"\s*(?:\$\s+)?curl(?:\.exe)?\s", text) is not None


def read_curl(text: str) -> Pasted | None:
    """Parse a command; None where it has no address. Nothing is run, and no file that it names is read."""
    try:
        words = _words(text)
    except ValueError:  # a quotation mark without its other half
        return None
    options, urls = _options(words)
    url = next((value for name, value in options if name == "--url"), "") or next(iter(urls), "")
    if not url:
        return None
    headers = [_header(value) for name, value in options if name == "header"]
    return _read(url.strip(), headers, options)


def _words(text: str) -> list[str]:
    line = _LOST_LINE_END.sub(" ", _LINE_END.sub(" ", text.strip().removeprefix("$ ")))
    return shlex.split(_ANSI_QUOTE.sub("", line))[1:]


def _options(words: list[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """The options with their values, under one name each, and the arguments that are no options."""
    options, urls = [], []
    pending = iter(words)
    for word in pending:
        name, glued = _split_option(word)
        if name in _WITH_VALUE or (len(name) == 2 and name[0] == "-" and name[1] in _SHORT_WITH_VALUE):
            options.append((_one_name(name), glued or next(pending, "")))
        elif word.startswith("-"):
            options.append((name, ""))
        elif word.strip():
            urls.append(word)
    return options, urls


def _split_option(word: str) -> tuple[str, str]:
    """An option's name and the value attached to it: `--url=X`, `-XPOST`, `-sSd` (the letters before take no value)."""
    if word.startswith("--"):
        name, _, glued = word.partition("=")
        return name, glued
    if word.startswith("-"):
        for at, letter in enumerate(word[1:], start=1):
            if letter in _SHORT_WITH_VALUE:
                return f"-{letter}", word[at + 1 :]
    return word, ""


def _one_name(name: str) -> str:
    if name in ("-H", "--header"):
        return "header"
    if name.startswith("--data") or name in ("-d", "--json"):
        return "data"
    return {"-u": "--user", "-x": "--proxy"}.get(name, name)


def _header(text: str) -> tuple[str, str]:
    name, _, value = text.partition(":")
    return name.strip(), value.strip()


def _read(url: str, headers: list[tuple[str, str]], options: list[tuple[str, str]]) -> Pasted:
    named = {name.lower(): value for name, value in headers}
    chosen = dict(options)
    spoken = _protocol_of(url, named)
    auth, credential = _credential(named, chosen)
    credential = credential or key_in_query(url)
    proxy = chosen.get("--proxy", "")
    url_public = public_url(url)
    variable = _VARIABLE.search(credential)
    kept, left_out = _kept_headers(headers)
    return Pasted(
        base_url=Address(url_public.partition("?")[0], url_public, spoken).without_endpoint,
        protocol=spoken,
        auth=auth,
        model=_model(chosen.get("data", "")),
        headers=kept,
        anthropic_version=named.get("anthropic-version", ""),
        anthropic_beta=named.get("anthropic-beta", ""),
        proxy=public_url(proxy),
        ca_file=chosen.get("--cacert", ""),
        key="" if variable else clean_key(credential).key,
        key_variable=next(filter(None, variable.groups()), "") if variable else "",
        notes=tuple(_notes(left_out, options, (url.partition("?")[0], proxy))),
    )


def _notes(left_out: list[str], options: list[tuple[str, str]], addresses: tuple[str, ...]) -> Iterator[str]:
    for name in left_out:
        yield f"The header {name} looks like a key and was left out."
    if any(secret_places(address) for address in addresses):
        yield "The user name and password in its address were left out."
    if any(name == "--insecure" or (name[:1] == "-" and name[1:2] != "-" and "k" in name) for name, _ in options):
        yield "The command does not check the certificate (-k); this was not taken over."


def _protocol_of(url: str, named: dict[str, str]) -> str:
    """By the path; where it does not tell, by the headers that only Messages has."""
    for spoken in protocol_ids():
        if Address(url.partition("?")[0], url, spoken).pasted_protocol == spoken:
            return spoken
    return MESSAGES if "anthropic-version" in named or "x-api-key" in named else CHAT


def _credential(named: dict[str, str], chosen: dict[str, str]) -> tuple[str, str]:
    """How the key is sent, and the key or the variable that stands for it."""
    if "x-api-key" in named:
        return "x-api-key", named["x-api-key"]
    scheme, _, value = named.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "bearer", value.strip()
    if scheme.lower() == "basic":
        return "bearer", _password(value)
    if "--oauth2-bearer" in chosen:
        return "bearer", chosen["--oauth2-bearer"]
    return "", ""


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def _kept_headers(headers: list[tuple[str, str]]) -> tuple[Headers, list[str]]:
    """The extra headers that a profile keeps, and the names of those that hold another secret."""
    ours = {*_NOT_KEPT, "authorization", "x-api-key", "anthropic-version", "anthropic-beta"}
    extra = [(name, value) for name, value in headers if name and value and name.lower() not in ours]
    return tuple(one for one in extra if not holds_key(*one)), [name for name, value in extra if holds_key(name, value)]


def _model(body: str) -> str:
    try:
        parsed = decode_json(body)
    except ValueError:
        return ""
    model = parsed.get("model") if isinstance(parsed, dict) else None
    return model if isinstance(model, str) else ""
