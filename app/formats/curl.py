"""Reads a curl command, as documentation, browsers and terminals give it, into what a profile and a custom request need."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field

from app.diagnosis.address import Address
from app.formats.curl_options import Given, given_by
from app.formats.powershell import Script
from app.formats.shell_words import Command, Holes, Posix, cmd_commands, inside_brackets
from app.protocols.ids import CHAT, MESSAGES
from app.protocols.registry import protocol_ids
from app.recording.records import Headers
from app.secrets.key_text import clean_key, holds_key
from app.secrets.names import SURE_HEADERS, key_in_query, public_url, secret_places
from app.text.json_text import value_or_none
from app.text.sentences import message, tr
from app.text.urls import split_url
from app.text.visible import one_line

_CALLS = r"(?:invoke-restmethod|invoke-webrequest|irm|iwr)"
_PROMPT = re.compile(r"^[ \t]*(?:[\w.@~:/-]*[$%#>❯][ \t]+|PS [^>\n]*>[ \t]*|[A-Za-z]:\\[^>\n]*>[ \t]*)(?=curl\b)", re.MULTILINE)
# In front of the command itself: comments, assignments, `set` and `export`, a text that is piped into it.
_CURL = re.compile(
    r"(?:^|[\n;|&(=>]|\$ ?|\b(?:sudo|time|env|nohup|do|docker|podman|kubectl|watch)\b[^\n|;]{0,40}?[ \t])[ \t]*"
    r"(?:[\w.@~:/-]*[$%#>❯][ \t]+)?"
    r"(?:[A-Za-z_]\w*=(?:\S*|'[^']*'|\"[^\"]*\")[ \t]+)*"
    rf"(?:(?:[\w/.]*/)?curl(?:\.exe)?(?=\s|[\\`^]\s)|{_CALLS}\s)",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\s*(?:#|::|rem\b|export\b|set\b|\$[\w:.]+\s*\+?=|[A-Za-z_]\w*=|echo\b|cat\b|printf\b|jq\b|sudo\b|time\b|PS [^>\n]*>"
    r"|(?:read|for|while|docker|podman|kubectl|watch)\b|\w+@[\w.-]+:[^\s#]*#[ \t]"
    rf"|[A-Za-z]:\\[^>\n]*>|[\w.@~:/-]*[$%>❯][ \t]|(?:[\w/.]*/)?curl(?:\.exe)?\b|{_CALLS}\b)",
    re.IGNORECASE,
)
_IS_POWERSHELL = re.compile(
    rf"\$env:|\$\{{env:|`[ \t]*[\r\n]|^[ \t]*\$\w+(?:\.\w+)?[ \t]*=|@\{{|(?:^|[=|(]\s*){_CALLS}\s|`\s+-",
    re.IGNORECASE | re.MULTILINE,
)
_IS_CMD = re.compile(r"\^[\"{]|\^[ \t]*[\r\n]|^[ \t]*set[ \t]+\"?\w+=|\s\^\s+-", re.IGNORECASE | re.MULTILINE)
_FENCE = re.compile(r"\A\s*```[\w.+-]*[ \t]*\r?\n(.*?)(?:\n[ \t]*```.*)?\Z", re.DOTALL)  # of Markdown
_IN_SUBSTITUTION = re.compile(r"^.*?(?:\$\(|`)\s*(?=(?:\S*/)?curl(?:\.exe)?\s)", re.MULTILINE)
_PERCENT = re.compile(r"%([A-Za-z_]\w*)%")
_UNSET = re.compile(r"\$\{?(?:env:)?([A-Za-z_]\w*)")  # a variable where the shell puts none in: between apostrophes
_BANGS = re.compile(r"!([A-Za-z_]\w*)!")  # cmd's, where its expansion is delayed
_BRACES = re.compile(r"\{\{\s*(?:process\.env\.|env\.|\$)?([A-Za-z_]\w*)(?::\w+)*\s*\}\}")
# What stands where a key belongs and is none. Keys have no blanks, brackets or stars, and are not all letters.
_NO_KEY = re.compile(
    r"[<>{}\[\]*•…\s]|\.{3}|[xX]{4}|[^\x00-\x7f]|^(?:sk-)?(?:ant-|proj-)?$"
    r"|(?-i:^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$)"
    r"|(?:^|[-_.])(?:your|my|insert|replace|enter|put|paste|here|example|placeholder|dummy)(?:[-_.]|$)"
    r"|^(?:sk-)?(?:your\w*|x{3,}|(.)\1{7,})$|^(?:redacted|hidden|masked|null|none|undefined|%\w+)$"
    r"|^(?:sk-)?(?:(?:api|access|auth)[-_]?)?(?:key|token|secret)s?$",
    re.IGNORECASE,
)
_ALL_CAPS = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_TO_REPLACE = re.compile(r"YOUR|MY_|_HERE|REPLACE|INSERT|ENTER|PASTE|PUT_|EXAMPLE|PLACEHOLDER")
_SCHEME = re.compile(r"(bearer|basic|token|api-?key|key)[ \t]+(?=\S)", re.IGNORECASE)
_DEPLOYMENT = re.compile(r"/deployments/([^/?#]+)/")
_NOT_KEPT = {"content-type", "accept", "content-length", "host", "accept-encoding", "connection", "user-agent", "authorization",
             "x-api-key", "anthropic-version", "anthropic-beta",
             "authority", "method", "path", "scheme"}  # fmt: skip
# The last four are HTTP/2's own and no headers, but Chromium's "Copy as PowerShell" writes them so.
# Addresses of APIs that are none of the three, by their path.
_OTHER_APIS = (
    (re.compile(r"/api/(?:chat|generate)$"), message("Ollama's own API"),
        message("the same server takes OpenAI Chat Completions under /v1")),
    (re.compile(r":(?:streamG|g)enerateContent$"), message("Gemini's own API"),
        message("the same host takes OpenAI Chat Completions under /v1beta/openai")),
    (re.compile(r":(?:streamRawP|rawP)redict$"), message("Vertex AI's own API"), message("a gateway has to stand before it")),
    (re.compile(r"/model/[^/]+/(?:invoke|converse)[\w-]*$"), message("Bedrock's own API"),
        message("its host takes OpenAI Chat Completions under /openai/v1")),
    (re.compile(r"(?<!/chat)/completions$"), message("the older Completions API"),
        message("Chat Completions is asked in its place")),
    (re.compile(r"/(?:embeddings|moderations|rerank|images/\w+|audio/\w+|videos|files|batches|realtime)$"),
        message("another API"), message("take the base URL before that path")),
)  # fmt: skip
_KEY_HEADERS = SURE_HEADERS - {"authorization", "proxy-authorization", "x-api-key"}
_SHOWN_QUERY = 120
_WRAPPED_WORDS = 6
_PROGRAM = re.compile(r"(?:.*[/\\])?curl(?:\.exe)?", re.IGNORECASE)


@dataclass(frozen=True)
class Pasted:
    """What a command says. "" or None for what it does not. `key` is never to be shown or stored but in the keyring.

    `key_variable` names the environment variable that stands where the key belongs. `body` is what the command sends, for a
    custom request; b"" where that is nothing, or not known without running something. `notes` say what was left out.
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
    body: bytes = field(default=b"", repr=False)
    notes: tuple[str, ...] = ()


def is_curl(text: str) -> bool:
    """Whether a text is a curl command or PowerShell's own, perhaps behind lines that set variables or comment on it."""
    text = _without_fence(text)
    return _STARTS.match(text) is not None and _CURL.search(text) is not None


def read_curl(text: str) -> Pasted | None:
    """Parse a command; None where it has no address. Nothing is run, and no file that it names is read.

    Of several commands the first is read, which is noted.
    """
    holes = Holes()
    try:
        given = _given(text, holes)
    except (ValueError, IndexError, RecursionError):  # a quotation mark without its other half, for one
        return None
    return _Reading(given, holes).pasted() if given is not None and given.url else None


def _given(text: str, holes: Holes) -> Given | None:
    text = _PROMPT.sub("", _without_fence(text).strip().removeprefix("$ "))
    if _IS_POWERSHELL.search(text):
        if (script := Script(text, holes).call()) is None:
            return None
        words, options = script
        cookies = [("cookie", "")] if ".Cookies.Add(" in text else []
        return given_by(words[1:]) if words else Given([*options, *cookies])
    calls = _calls(text, holes)
    if not calls and (outside := _IN_SUBSTITUTION.search(text)) is not None:  # `answer=$(curl ...)`
        calls = _calls(text[: outside.start()] + inside_brackets(text[outside.end() :].replace("`", ")")), holes)
    if not calls:
        return None
    given = given_by(calls[0].words[1:], calls[0].stdin)
    given.more_commands += len(calls) - 1
    return given


def _calls(text: str, holes: Holes) -> list[Command]:
    commands = cmd_commands(text, holes) if _IS_CMD.search(text) and "$'" not in text else Posix(text, holes).commands()
    return [call for command in commands if (call := _call(command)) is not None]


def _without_fence(text: str) -> str:
    """Out of Markdown's code fence; and with quotation marks for the entities of a page's source, where it has no others."""
    if (fence := _FENCE.match(text)) is not None:
        text = fence[1]
    if "&quot;" not in text or {"'", '"'} & set(text):
        return text
    from html import unescape

    return unescape(text)


def _call(command: Command) -> Command | None:
    """The command from the word curl on (`sudo`, `time`, `env` and their like stand before it); None for another program."""
    places = [number for number, word in enumerate(command.words[:_WRAPPED_WORDS]) if _PROGRAM.fullmatch(word)]
    if not places:
        return None
    first = places[0] + (places[0] + 1 in places)  # `docker run curlimages/curl curl`
    return Command(command.words[first:], command.stdin)


class _Reading:
    """What the options of a command mean."""

    def __init__(self, given: Given, holes: Holes) -> None:
        self._given, self._holes = given, holes
        self._notes: list[str] = []
        self._headers = [
            (name.strip(), value.strip()) for name, _, value in (one.partition(":") for one in given.all("header"))
        ]
        self._named = {name.lower(): value for name, value in self._headers}
        self._variable = self._key = ""
        self._taken = ""  # the header that the key was taken from, where it is none of the protocols'

    def pasted(self) -> Pasted:
        url = self._address()
        spoken = self._protocol_of(url)
        auth, credential = self._credential()
        if not credential and (credential := key_in_query(url) or self._key_in_query_data()):
            self._notes.append(
                tr("Its key is in the query of its address; it is sent as a header here, which not every endpoint takes.")
            )
        self._take_key(credential)
        proxy = self._known(self._given.last("--proxy"))
        public = public_url(url)
        body = self._body()
        model = self._model(body) or _deployment(public)
        headers = self._kept_headers()
        self._note_address(url, public, proxy)
        self._notes += self._given.notes()
        return Pasted(
            base_url=Address(public.partition("?")[0].partition("#")[0], public, spoken).without_endpoint,
            protocol=spoken,
            auth=auth,
            model=model,
            headers=headers,
            anthropic_version=self._known(self._named.get("anthropic-version", "")),
            anthropic_beta=self._known(self._named.get("anthropic-beta", "")),
            proxy=public_url(proxy),
            ca_file=self._known(self._given.last("--cacert")),
            key=self._key,
            key_variable=self._variable,
            body=body,
            notes=tuple(map(self._holes.shown, self._notes)),
        )

    def _known(self, text: str) -> str:
        """A value with the defaults of its variables; "" where it has others."""
        filled = self._holes.filled(text)
        return "" if self._holes.of(filled) else filled

    # -- the address ----------------------------------------------------------------------------------------------------

    def _address(self) -> str:
        url = self._holes.filled(self._given.url.strip())
        for hole in self._holes.of(url):
            self._notes.append(tr("A part of its address is in the variable {name}: fill it in.", name=hole.name))
        url = self._holes.shown(url)
        bare = Address(url, "", CHAT)
        return bare.with_scheme if bare.lacks_scheme and not url.startswith(("$", "{", "<")) else url

    def _protocol_of(self, url: str) -> str:
        """By the path; where it does not tell, by the headers that only Messages has."""
        for spoken in protocol_ids():
            if Address(url.partition("?")[0], url, spoken).pasted_protocol == spoken:
                return spoken
        return MESSAGES if "anthropic-version" in self._named or "x-api-key" in self._named else CHAT

    def _note_address(self, url: str, public: str, proxy: str) -> None:
        if any(secret_places(address) for address in (url.partition("?")[0], proxy)):
            self._notes.append(tr("The user name and password in its address were left out."))
        path = public.partition("?")[0].rstrip("/")
        for pattern, api, instead in _OTHER_APIS:
            if pattern.search(path):
                self._notes.append(
                    tr(
                        "Its address is one of {api}, which Diptych does not speak: {instead}.",
                        api=tr(api),
                        instead=tr(instead),
                    )
                )
                break
        query = "&".join(filter(None, [split_url(public).query, *map(self._holes.shown, self._given.query_parts())]))
        query = split_url(public_url(f"https://h/?{query}")).query
        if query:
            self._notes.append(
                tr(
                    "The query of its address (?{query}) was left out: a base URL has none.",
                    query=one_line(query, _SHOWN_QUERY),
                )
            )

    def _key_in_query_data(self) -> str:
        return key_in_query("https://h/?" + "&".join(self._given.query_parts()))

    # -- the key --------------------------------------------------------------------------------------------------------

    def _credential(self) -> tuple[str, str]:
        """How the key is sent, and the key or what stands for it."""
        if "x-api-key" in self._named:
            return "x-api-key", self._named["x-api-key"]
        login = self._named.get("authorization", "")
        if login:
            return "bearer", self._of_login(login)
        if token := self._given.last("--oauth2-bearer"):
            return "bearer", token
        other = next((name for name, value in self._headers if name.lower() in _KEY_HEADERS and value), "")
        if other:
            self._notes.append(
                tr("The header {name} carries its key; it is sent as Bearer here, which not every endpoint takes.", name=other)
            )
            self._taken = other.lower()
            return "bearer", self._named[self._taken]
        if (user := self._given.last("--user")) and not self._given.last("--aws-sigv4"):
            self._notes.append(tr("Its login is a user name and a password (-u); the password is sent as Bearer here."))
            name, _, password = user.partition(":")
            return "bearer", password or name
        return "", ""

    def _of_login(self, value: str) -> str:
        scheme = _SCHEME.match(value)
        if scheme is None:
            self._notes.append(tr("The header Authorization holds the key alone; it is sent as Bearer here."))
            return value
        if scheme[1].lower() == "basic":
            self._notes.append(tr("Its login is a user name and a password (Basic); the password is sent as Bearer here."))
            return _password(value[scheme.end() :])
        if scheme[1].lower() != "bearer":
            said = tr("The header Authorization names the key “{scheme}”; it is sent as Bearer here.", scheme=scheme[1])
            self._notes.append(said)
        return value[scheme.end() :].strip()

    def _take_key(self, credential: str) -> None:
        """The key, or the variable or command that stands for it. What only shows where a key belongs is none."""
        for hole in self._holes.of(credential):
            if hole.is_command:
                self._notes.append(tr("A command ({name}) makes its key: run it, and enter what it prints.", name=hole.name))
            else:
                self._variable = hole.name
            return
        outside = (
            _UNSET.match(credential)
            or _PERCENT.search(credential)
            or _BANGS.fullmatch(credential)
            or _BRACES.search(credential)
        )
        if outside is not None:
            self._variable = outside[1]
        elif credential.startswith(("$(", "`")):
            self._notes.append(tr("A command makes its key: run it, and enter what it prints."))
        elif credential and _is_placeholder(credential):
            if _ALL_CAPS.fullmatch(credential.strip("'\"")) and not _TO_REPLACE.search(credential):
                self._variable = credential.strip("'\"")  # as people write a variable whose $ they forgot
            else:
                self._notes.append(tr("“{text}” only stands where the key belongs.", text=one_line(credential, 40)))
        else:
            self._key = clean_key(credential).key

    # -- headers and body -----------------------------------------------------------------------------------------------

    def _kept_headers(self) -> Headers:
        """The extra headers that a profile keeps; what is left out is noted."""
        kept: list[tuple[str, str]] = []
        for name, value in self._headers:
            filled = self._holes.filled(value)
            if name.startswith("@") and not value:
                file = self._holes.shown(name[1:])[:100]
                self._notes.append(tr("Some of its headers are in the file {file}, which was not read.", file=file))
            if not name or not value or name.lower() in {*_NOT_KEPT, self._taken} or self._holes.of(name):
                continue
            if holds_key(name, self._holes.shown(filled)):
                self._notes.append(tr("The header {name} looks like a key and was left out.", name=name))
            elif unknown := self._holes.of(filled):
                variable = unknown[0].name
                self._notes.append(
                    tr("The header {name} was left out: a variable ({variable}) holds its value.", name=name, variable=variable)
                )
            else:
                kept.append((name, filled))
        return tuple(kept)

    def _body(self) -> bytes:
        text = self._given.body()
        if text is None:
            return b""
        for one in (self._holes.filled(text), self._holes.filled(text.replace('\\"', '"'))):
            if value_or_none(one) is not None:
                return self._holes.shown(one).encode("utf-8", "replace")
        if self._holes.of(text) and not self._holes.shown(text).lstrip().startswith(("{", "[")):
            self._notes.append(tr("A variable or a command makes its body, which was not taken over."))
            return b""
        if not self._holes.of(text):
            self._notes.append(tr("Its body is no JSON: no model was read out of it."))
        return self._holes.shown(text).encode("utf-8", "replace")

    def _model(self, body: bytes) -> str:
        parsed = value_or_none(body.decode())
        model = parsed.get("model") if isinstance(parsed, dict) else None
        if not isinstance(model, str) or re.match(r"[$%{<]", model):
            return ""
        return model


def _is_placeholder(credential: str) -> bool:
    return _NO_KEY.search(credential.strip("'\"`“”")) is not None


def _deployment(url: str) -> str:
    """The model that Azure's address names."""
    found = _DEPLOYMENT.search(url)
    return found[1] if found and not re.match(r"[$%{<]", found[1]) else ""


def _password(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return encoded if encoded.startswith(("$", "%")) or not encoded.isascii() else ""
