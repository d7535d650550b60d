"""Endpoints in the settings of other programs: variables, Codex, CC Switch's links, LiteLLM's proxy, Postman's and Bruno's
environments. Nothing here saves or sends; each endpoint comes with where it stands and what was left out of it.

Codex knows no API but Responses any more (config.toml of 0.162); LiteLLM names its API before the model's name, and the
variable of a key as `os.environ/NAME`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, quote

from app.diagnosis.address import Address, spoken_at
from app.formats.curl import Pasted, is_curl, read_curl
from app.formats.env_block import read_all_env
from app.formats.yaml_text import decode_yaml
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info
from app.secrets.key_text import clean_key
from app.secrets.names import text_secrets
from app.text.json_text import decode_json
from app.text.sentences import message, tr
from app.text.urls import split_url
from app.text.visible import one_line

MAX_ENDPOINTS = 200
_LINK = re.compile(r"ccswitch://[^\s\"'<>]+")
_CC_APPS = {"claude": (MESSAGES, "bearer"), "codex": (RESPONSES, "bearer")}
_OFFICIAL = {MESSAGES: "https://api.anthropic.com", CHAT: "https://api.openai.com/v1", RESPONSES: "https://api.openai.com/v1"}
_LITELLM = (("anthropic/", MESSAGES), ("openai/responses/", RESPONSES), ("openai/", CHAT))
_MODEL_LIST = re.compile(r"^[\"']?model_list[\"']?\s*:", re.MULTILINE)
_BRUNO_VARS = re.compile(r"^vars\s*\{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_BRUNO_LINE = re.compile(r"^\s*([\w.-]+)\s*:\s*(\S.*?)\s*$", re.MULTILINE)
# A key that stands where a name should, such as in a line that lost its end; names are shown and stored.
_LIKE_A_KEY = re.compile(r"(?:sk|csk|xai|nvapi|pplx)-[\w.~-]{12}|(?:gsk|hf|fw)_\w{12}|AIza[\w-]{20}", re.IGNORECASE)
_KEY_IN = message("Its key is in the variable {name}, which is not read.")
_OF_SHELLS = "'\"\\^`\r\n"  # quotation marks, escapes and line ends: a shell takes them out of a word
# How environments call an address and a key, without case, dashes and underscores.
_URL_NAMES = ("baseurl", "apibase", "apiurl", "url", "endpoint", "host")
_KEY_NAMES = ("apikey", "key", "token", "authtoken", "bearertoken", "accesstoken")


@dataclass(frozen=True)
class Found:
    """An endpoint in a text: `name` as it is called there, `origin` where it stands; `why_not` is a clause, "" for none.

    `file`: the name of the file that it was read of, "" for a text. `of_variables`: it was set as a shell or `.env` does.
    """

    name: str
    origin: str
    pasted: Pasted
    why_not: str = ""
    file: str = ""
    of_variables: bool = False


def endpoints_in(text: str) -> list[Found]:
    """All that a text says of endpoints, [] for none; what can't be used is among them, and says why. Never raises."""
    text = text.removeprefix("\ufeff")
    for reader in (_links, _curl, _codex, _litellm, _postman, _bruno, _variables):
        if found := list(reader(text))[:MAX_ENDPOINTS]:
            return found
    return []


def is_settings(text: str) -> bool:
    """Whether a text says of endpoints and is no curl command. A link counts where the text begins with it: a recorded answer
    may speak of one."""
    if is_curl(text) or ("ccswitch://" in text and not text.lstrip().startswith("ccswitch://")):
        return False
    return bool(endpoints_in(text))


def keys_in(text: str, endpoints: Iterable[Found]) -> set[str]:
    """The keys in a text as they are written there, to be hidden: those of the endpoints in it, and all others."""
    keys = {key for one in endpoints if (key := one.pasted.key)}
    written = {one for key in keys for one in (key, quote(key, safe="")) if one in text}
    apart = {one for key in keys if key not in text for one in _written_apart(key, text)}
    return written | apart | set(text_secrets(text))


def _written_apart(key: str, text: str) -> Iterator[str]:
    """As a key stands in a command where a shell puts it together: `'sk-one''two'`, or over the end of a line."""
    wanted = "".join(one for one in key if one not in _OF_SHELLS)
    places = [place for place, one in enumerate(text) if one not in _OF_SHELLS]
    bare, at = "".join(text[place] for place in places), 0
    while wanted and (at := bare.find(wanted, at)) >= 0:
        yield text[places[at] : places[at + len(wanted) - 1] + 1]
        at += len(wanted)


def _named(name: object, url: str) -> str:
    """A name for it: as it is called, or its host."""
    called = one_line(name, 80) if isinstance(name, str) and name.strip() else Address(url, "", CHAT).host
    return tr("New endpoint") if not called or _LIKE_A_KEY.search(called) else called


def _pasted(url: str, protocol: str, key: object = "", **fields: Any) -> Pasted:
    """`key` may be the key, or say which variable holds it."""
    address = Address(url, "", protocol)
    base = address.without_endpoint if address.pasted else address.base
    text = key.strip() if isinstance(key, str) else ""
    variable = text.removeprefix("os.environ/") if text.startswith("os.environ/") else ""
    if variable:
        notes = (*fields.pop("notes", ()), tr(_KEY_IN, name=variable))
        return Pasted(base, protocol, key_variable=variable, notes=notes, **fields)
    return Pasted(base, protocol, key="" if not text or "{{" in text else clean_key(text).key, **fields)


def _links(text: str) -> Iterator[Found]:
    for link in _LINK.findall(text):
        parts = split_url(link)
        given = dict(parse_qsl(parts.query))
        app, url = given.get("app", "").lower(), given.get("endpoint", "").split(",")[0].strip()
        protocol, auth = _CC_APPS.get(app, (CHAT, "bearer"))
        name, origin = _named(given.get("name"), url), tr("a link of CC Switch")
        why = "" if url else tr("it names no address")
        if app not in _CC_APPS:
            why = tr("its app {name} is of an API that is not read", name=repr(one_line(app, 30)))
        if parts.netloc != "v1" or parts.path != "/import" or given.get("resource") != "provider":
            why = tr("it is no link that imports a provider")
        yield Found(name, origin, _pasted(url, protocol, given.get("apiKey"), auth=auth, model=given.get("model", "")), why)


def _curl(text: str) -> Iterator[Found]:
    if is_curl(text) and (pasted := read_curl(text)) is not None:
        yield Found(_named("", pasted.base_url), tr("a curl command"), pasted)


def _codex(text: str) -> Iterator[Found]:
    if "model_providers" not in text:
        return
    whole: dict[str, Any] = {}
    with suppress(tomllib.TOMLDecodeError, RecursionError):
        whole = tomllib.loads(text)
    providers = whole.get("model_providers")
    for ident, one in providers.items() if isinstance(providers, dict) else ():
        url = one.get("base_url") if isinstance(one, dict) else None
        if not isinstance(url, str):
            continue
        protocol = CHAT if one.get("wire_api") == "chat" else RESPONSES
        model = whole.get("model") if whole.get("model_provider") == ident else ""
        key = one.get("experimental_bearer_token") or (f"os.environ/{one['env_key']}" if one.get("env_key") else "")
        headers = one.get("http_headers")
        more = {"notes": (tr("Its headers were left out."),)} if isinstance(headers, dict) and headers else {}
        pasted = _pasted(url, protocol, key, auth="bearer", model=model if isinstance(model, str) else "", **more)
        origin = tr("Codex's settings, {place}", place=f"model_providers.{one_line(ident, 40)}")
        yield Found(_named(one.get("name") or ident, url), origin, pasted)


def _litellm(text: str) -> Iterator[Found]:
    if not _MODEL_LIST.search(text) or "litellm_params" not in text:
        return
    whole: Any = None
    with suppress(ValueError):
        whole = decode_yaml(text.encode("utf-8", "replace"))
    listed = whole.get("model_list") if isinstance(whole, dict) else None
    for number, one in enumerate(listed if isinstance(listed, list) else (), start=1):
        given = one.get("litellm_params") if isinstance(one, dict) else None
        model = given.get("model") if isinstance(given, dict) else None
        if not isinstance(given, dict) or not isinstance(model, str):
            continue
        prefix, protocol = next(((start, spoken) for start, spoken in _LITELLM if model.startswith(start)), ("", CHAT))
        base = given.get("api_base")
        url = base if isinstance(base, str) else _OFFICIAL[protocol] if prefix else ""
        origin = tr("LiteLLM's settings, {place}", place=f"model_list {number}")
        why = "" if prefix else tr("its model {name} is of an API that is not read", name=repr(one_line(model, 60)))
        if prefix and url.startswith("os.environ/"):
            why = tr("its address is in the variable {name}", name=one_line(url.removeprefix("os.environ/"), 60))
        auth = info(protocol).default_auth
        pasted = _pasted(url, protocol, given.get("api_key"), auth=auth, model=model.removeprefix(prefix))
        yield Found(_named(one.get("model_name"), url), origin, pasted, why)


def _postman(text: str) -> Iterator[Found]:
    if '"values"' not in text:
        return
    whole: Any = None
    with suppress(ValueError):
        whole = decode_json(text)
    values = whole.get("values") if isinstance(whole, dict) else None
    if isinstance(values, list):
        rows = {str(one.get("key")): one.get("value") for one in values if isinstance(one, dict) and one.get("enabled", True)}
        yield from _of_environment(whole.get("name"), tr("an environment of Postman"), rows)


def _bruno(text: str) -> Iterator[Found]:
    if (block := _BRUNO_VARS.search(text)) is not None:
        yield from _of_environment("", tr("an environment of Bruno"), dict(_BRUNO_LINE.findall(block[1])))


def _of_environment(name: object, origin: str, rows: dict[str, Any]) -> Iterator[Found]:
    """The variables of an API client's environment, which are called as whoever made it liked."""
    texts = {key: value for key, value in rows.items() if isinstance(value, str) and value.strip()}
    if official := [replace(one, origin=origin) for one in _variables("\n".join(f"{k}={v}" for k, v in texts.items()))]:
        yield from official
        return
    plain = {re.sub(r"[\W_]", "", key).lower(): value for key, value in texts.items()}
    url = next((plain[one] for one in _URL_NAMES if one in plain), "")
    if "://" not in url or "{{" in url:
        return
    protocol = spoken_at(url)
    key = next((plain[one] for one in _KEY_NAMES if one in plain), "")
    fields: dict[str, Any] = {"auth": info(protocol).default_auth, "model": plain.get("model", "")}
    yield Found(_named(name, url), origin, _pasted(url, protocol, key, **fields))


def _variables(text: str) -> Iterator[Found]:
    """A `.env` file, what a shell sets, and the `env` of Claude Code's settings.json."""
    is_claude = bool(re.match(r"\s*\{", text)) and '"env"' in text
    for one in read_all_env(text):
        origin = tr("the env of Claude Code's settings") if is_claude else tr("variables")
        yield Found(_named("", one.base_url), origin, one, of_variables=not is_claude)
