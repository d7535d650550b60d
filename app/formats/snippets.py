"""A request as code to run elsewhere: curl, Python and Node with the official SDKs. Secrets become environment variables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import msgspec

from app.protocols.info import Sdk
from app.protocols.registry import info
from app.recording.records import Headers, Request
from app.secrets.names import is_secret_header, scheme_end
from app.text.json_text import is_too_deep

_KEY_VARIABLE = "API_KEY"  # of a protocol without an official SDK
_AUTH = ("authorization", "x-api-key")
# What curl and the SDKs set themselves.
_OWN = (*_AUTH, "content-length", "host", "content-type", "accept", "accept-encoding", "connection", "user-agent")
_SHELL_PLAIN = re.compile(r"[A-Za-z0-9_.: -]*")
_TIMEOUT_S = 600  # httpx alone gives up after 5 s of silence


def as_curl(request: Request, protocol: str) -> str:
    """A command for a POSIX shell."""
    option = "--url " if request.url.startswith("-") else ""  # else it would be an option itself
    lines = [f"curl {'-N ' if request.method == 'POST' else ''}{option}{shlex.quote(request.url)}"]
    if re.search(r"[][{}]", request.url):
        lines.append("--globoff")
    if any(name.lower() == "accept-encoding" for name, _ in request.headers):
        lines.append("--compressed")
    for name, value in request.headers:
        if variable := _variable(name, value, protocol):
            lines.append(f"-H {_shell_text(f'{name}: {value[: scheme_end(value)]}', variable)}")
        elif name.lower() not in ("content-length", "host"):
            lines.append(f"-H {shlex.quote(f'{name}: {value}' if value else f'{name};')}")
    if request.body:
        lines.append(f"--data-raw {shlex.quote(request.body.decode('utf-8', 'replace'))}")
    return " \\\n  ".join(lines) + "\n"


def _shell_text(text: str, variable: str) -> str:
    """A text with a variable behind it as one shell word, quoted: the text may come from a run that someone else saved."""
    return f'"{text}${variable}"' if _SHELL_PLAIN.fullmatch(text) else f'{shlex.quote(text)}"${variable}"'


def as_python(request: Request, protocol: str, base_url: str) -> str:
    """A program for the official SDK; with `httpx` what it can't send: other bodies, other logins."""
    body, sdk = object_of(request.body), info(protocol).sdk
    style = sdk.styles.get(way_of(request.headers), "") if sdk else ""
    if body is None or sdk is None or not style:
        return _python_raw(request, protocol)
    variable = key_variable(request.headers, protocol)
    key = f'os.environ["{variable}"]' if variable else '"not-needed"'
    client = [f"    base_url={base_url!r},", f"    {style}={key},"]
    if extra := extra_headers(request.headers):
        client.append(f"    default_headers={python_headers(extra, protocol)},")
    call = f"client.{sdk.method}.create"
    lines = ["import os", "", f"from {sdk.python} import {sdk.client}", "", f"client = {sdk.client}(", *client, ")"]
    # As a dictionary: a field can have any name, also one that is no Python identifier.
    lines += [f"body = {python_value(body)}", f"answer = {call}(**{_python_arguments(body, sdk)})"]
    return "\n".join([*lines, *python_tail(body)]) + "\n"


def as_node(request: Request, protocol: str, base_url: str) -> str:
    """A module for Node with the official SDK; with `fetch` what it can't send."""
    body, sdk = object_of(request.body), info(protocol).sdk
    style = sdk.node_styles.get(way_of(request.headers), "") if sdk else ""
    if body is None or sdk is None or not style:
        return _node_raw(request, protocol)
    variable = key_variable(request.headers, protocol)
    key = f"process.env.{variable}" if variable else '"not-needed"'
    client = [f"  baseURL: {js(base_url)},", f"  {style}: {key},"]
    if extra := extra_headers(request.headers):
        client.append(f"  defaultHeaders: {js_headers(extra, protocol)},")
    text = js_literal(request.body)
    lines = [f'import {sdk.client} from "{sdk.node}";', "", f"const client = new {sdk.client}({{", *client, "});"]
    lines.append(f"const answer = await client.{sdk.method}.create({text});")
    if body.get("stream") is True:
        lines.append("for await (const event of answer) console.log(JSON.stringify(event));")
    else:
        lines.append("console.log(JSON.stringify(answer, null, 2));")
    return "\n".join(lines) + "\n"


# -- parts ---------------------------------------------------------------------------------------------------------------


def _variable(name: str, value: str, protocol: str) -> str:
    """The environment variable that stands for a header's secret, "" for a header without one.

    The key has the name that its SDK reads; a login of another kind and other secret headers have names of their own.
    """
    if not is_secret_header(name):
        return ""
    scheme = value[: scheme_end(value)].strip().lower()
    variables = sdk.variables if (sdk := info(protocol).sdk) else {}
    usual = next(iter(variables.values()), _KEY_VARIABLE)
    if name.lower() == "authorization" and scheme in ("bearer", ""):
        return variables.get("bearer", usual)
    if name.lower() == "x-api-key":
        return variables.get("x-api-key", usual)
    own = "_".join(filter(None, [name, scheme if name.lower() == "authorization" else ""]))
    name = re.sub(r"\W", "_", own, flags=re.ASCII).upper()
    return f"_{name}" if name[0].isdigit() else name  # a shell reads $1_KEY as $1


def way_of(headers: Headers) -> str:
    """How the request sends its key: "x-api-key", "bearer", "" for no key; "other" for what no SDK's client sends."""
    sent = [(name.lower(), value[: scheme_end(value)].strip().lower()) for name, value in headers if name.lower() in _AUTH]
    if not sent and any(is_secret_header(name) for name, _ in headers):
        return "other"  # a login of the SDK's own beside another one may be refused
    ways = {(): "", (("x-api-key", ""),): "x-api-key", (("authorization", "bearer"),): "bearer"}
    return ways.get(tuple(sent), "other")


def key_variable(headers: Headers, protocol: str) -> str:
    """The environment variable of the key that these headers send, "" for none."""
    return next((_variable(name, value, protocol) for name, value in headers if name.lower() in _AUTH), "")


def extra_headers(headers: Headers) -> Headers:
    """Those that no client sets itself."""
    return tuple((name, value) for name, value in headers if name.lower() not in _OWN)


def python_headers(headers: Headers, protocol: str) -> str:
    """Headers as Python source."""
    return _source_of(headers, protocol, repr, lambda variable: f'os.environ["{variable}"]')


def js_headers(headers: Headers, protocol: str) -> str:
    """Headers as JavaScript source."""
    return _source_of(headers, protocol, js, lambda variable: f"process.env.{variable}")


def _source_of(headers: Headers, protocol: str, quote: Callable[[str], str], read: Callable[[str], str]) -> str:
    """Headers as source, their secrets read from the environment."""
    shown = []
    for name, value in headers:
        scheme = value[: scheme_end(value)]
        variable = _variable(name, value, protocol)
        secret = f"{quote(scheme)} + {read(variable)}" if scheme else read(variable)
        shown.append(f"{quote(name)}: {secret if variable else quote(value)}")
    return "{" + ", ".join(shown) + "}"


def object_of(body: bytes) -> dict[str, object] | None:
    """A body that is a JSON object; None for any other, and one too deep to be written as source."""
    try:
        parsed = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) and not is_too_deep(parsed) else None


def _python_arguments(body: dict[str, object], sdk: Sdk) -> str:
    """The dictionary's name, or, where it has fields the SDK's signature may not know, the two parts of it."""
    unknown = [name for name in body if name not in sdk.arguments]
    if not unknown:
        return "body"
    return f"{{k: v for k, v in body.items() if k not in {unknown!r}}}, extra_body={{k: body[k] for k in {unknown!r}}}"


def python_tail(body: dict[str, object]) -> list[str]:
    """Lines that print the answer, an event at a time where it streams."""
    if body.get("stream") is True:
        return ["for event in answer:", "    print(event)"]
    return ["print(answer)"]


def python_value(value: object, indent: int = 0) -> str:
    """A value as Python source, nested ones over several lines. repr alone is safe: it quotes whatever a string holds."""
    pad = " " * (indent + 4)
    if isinstance(value, dict) and value:
        inner = "".join(f"{pad}{name!r}: {python_value(item, indent + 4)},\n" for name, item in value.items())
        return f"{{\n{inner}{' ' * indent}}}"
    if isinstance(value, list) and value:
        inner = "".join(f"{pad}{python_value(item, indent + 4)},\n" for item in value)
        return f"[\n{inner}{' ' * indent}]"
    return repr(value)


def _python_raw(request: Request, protocol: str) -> str:
    lines = ["import os", "", "import httpx", "", "answer = httpx.request("]
    lines += [f"    {request.method!r},", f"    {request.url!r},"]
    lines += [f"    headers={python_headers(_sent(request.headers), protocol)},", f"    content={request.body!r},"]
    return "\n".join([*lines, f"    timeout={_TIMEOUT_S},", ")", "print(answer.status_code, answer.text)"]) + "\n"


def _node_raw(request: Request, protocol: str) -> str:
    headers = js_headers(_sent(request.headers), protocol)
    body = f", body: {js(request.body.decode('utf-8', 'replace'))}" if request.body else ""
    lines = [f"const answer = await fetch({js(request.url)}, {{ method: {js(request.method)}, headers: {headers}{body} }});"]
    return "\n".join([*lines, "console.log(answer.status, await answer.text());"]) + "\n"


def _sent(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if name.lower() not in ("content-length", "host"))


def js(value: object) -> str:
    """A value as JavaScript source. JSON is JavaScript but for two line separators, which old engines refuse in strings."""
    return msgspec.json.encode(value).decode().replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def js_literal(body: bytes) -> str:
    """The body as a literal. `__proto__` as a literal's key would set the prototype: such a body is parsed from its text."""
    text = msgspec.json.format(body, indent=2).decode("utf-8", "replace")
    if "__proto__" in text or re.search(r"\d{16}", text):
        return f"JSON.parse({js(body.decode('utf-8', 'replace'))})"
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
