"""Where else the same origin may answer: what to ask it, and what an answer tells. No I/O.

What is asked is an empty JSON object: a server that speaks the protocol at that path refuses it as invalid (or the key), in
its own error format; one that does not has nothing there. No hosted service takes it for a request to a model. A local server
may: llama-cpp-python fills in what is missing and answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from app.diagnosis import phrases
from app.diagnosis.address import Address
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.protocols.errors.body import read_error_value
from app.protocols.registry import answered_in, info, protocol
from app.recording.records import Asked
from app.text.json_text import decode_json

EMPTY_REQUEST = b"{}"
MAX_PATHS = 8
_NO_SUCH_PATH = "no-such-path"
_NOT_THERE = (*phrases.NO_SUCH_PATH, *phrases.NOT_BUILT)  # of an empty request, which names no model to be refused
_ABSENT = (404, 405, 410, 501)
_INVALID = (400, 422)
_REFUSED = (*_INVALID, 401, 402, 403)
_IN_JSON = ("anthropic-error", "openai-error", "validation", "json")
# Of an empty request, which names none: who looked for its model has read it.
_LACKS_A_MODEL = re.compile(
    r"\bmodel (?:(?:''|\"\"|``|none|null|undefined) )?(?:is |was )?(?:not found|not specified|required|missing)"
)
_NAMES_A_FIELD = re.compile(r"\b(?:model|messages|max_tokens|input)\b|模型", re.IGNORECASE)

Verdict = Literal["speaks", "absent", "unclear"]


class PathToAsk(NamedTuple):
    """Where a request may have been meant to go: a protocol, a base URL as its SDK takes it, and the address that gives."""

    protocol: str
    base_url: str
    url: str

    @property
    def control_url(self) -> str:
        """A neighbour of the address that no server has: what answers there as well answers everywhere."""
        return self.url.rpartition("/")[0] + "/" + _NO_SUCH_PATH


def paths_to_ask(base_url: str, protocol_id: str) -> list[PathToAsk]:
    """Where to ask: the address itself, then others of its origin, the likeliest first, the own protocol before the others.

    The address itself is among them since a right one can end so too: then it refuses an empty request as it should.
    """
    found: dict[str, PathToAsk] = {}
    for one, base in ((protocol_id, base_url.strip()), *_bases(base_url, protocol_id)):
        if url := _url(base, one):
            found.setdefault(url, PathToAsk(one, base, url))
    return list(found.values())[:MAX_PATHS]


def _url(base_url: str, protocol_id: str) -> str:
    try:
        return protocol(protocol_id).build_raw(EMPTY_REQUEST, Target(base_url)).url
    except ValueError:  # an address that is none
        return ""


def _bases(base_url: str, protocol_id: str) -> Iterator[tuple[str, str]]:
    address = Address(base_url, "", protocol_id)
    if address.parts.scheme not in ("http", "https") or not address.host or not address.port:
        return
    origin = f"{address.parts.scheme}://{address.parts.netloc}"
    path = address.parts.path.rstrip("/").removesuffix(address.pasted).rstrip("/")
    stem = origin + re.sub(r"(?:/v1)+$", "", path)
    roots = list(dict.fromkeys((stem, stem.removesuffix("/anthropic"), origin)))
    for one in (protocol_id, *info(protocol_id).alternatives):
        yield from ((one, _usual(root, one)) for root in roots)
        if folder := info(one).own_folder:
            yield one, stem.removesuffix(folder) + folder
        elif info(one).also_without_version or one == protocol_id:
            yield one, stem


def _usual(root: str, protocol_id: str) -> str:
    """The base URL below a root, as most servers have it."""
    plain = not info(protocol_id).version_in_base_url or Address(root, "", protocol_id).has_version
    return root if plain else root + "/v1"


# -- what came ---------------------------------------------------------------------------------------------------------


def judge(exchange: Exchange, protocol_id: str) -> tuple[str, Verdict]:
    """The kind of the answer to an empty request (as in `Asked.answer`), and whether the protocol is spoken at that path."""
    body = bytes(exchange.decoded.data).strip()
    if not exchange.status:
        return "none", "unclear"
    if 300 <= exchange.status < 400:
        return "redirect", "absent"
    answer, words, spoken = _read(body)
    is_other = exchange.status < 300 and answer in ("json", "text")
    if answer in _IN_JSON and exchange.status == 404 and _LACKS_A_MODEL.search(words):
        return answer, "speaks"
    if exchange.status in _ABSENT or answer == "page" or is_other or _says_absent(words):
        return answer, "absent"
    speaks = spoken == protocol_id or _is_refusal(exchange.status, answer, words, protocol_id)
    return answer, "speaks" if speaks else "unclear"


def _says_absent(words: str) -> bool:
    return any(one in words for one in _NOT_THERE) or bool(re.search(phrases.PROVIDER_UNNAMED, words))


def may_be_there(asked: Asked) -> bool:
    """Whether a path that fails in JSON may be there all the same: where a neighbour that no server has is absent, it is."""
    return asked.verdict == "unclear" and asked.status >= 500 and asked.answer in _IN_JSON


def _is_refusal(status: int, answer: str, words: str, protocol_id: str) -> bool:
    """A refusal in the protocol's own error format, or one that misses what only a request to a model has.

    With 500 too: llama.cpp's server says so of a Messages request without `messages`, in OpenAI's format.
    """
    if status in _REFUSED and answer == info(protocol_id).error_format:
        return True
    if answer not in ("anthropic-error", "openai-error", "validation"):
        return False
    return bool(status in (*_INVALID, 500) and _NAMES_A_FIELD.search(words)) or (
        status in (*_INVALID, 500, 503) and any(phrase in words for phrase in phrases.NO_CHANNEL)
    )


def _read(body: bytes) -> tuple[str, str, str]:
    """The kind of a body, the words of its error in lower case, and the protocol that it is an answer in, or ""."""
    if not body:
        return "empty", "", ""
    if body.startswith(b"<"):
        return "page", "", ""
    try:
        value = decode_json(body)
    except ValueError:
        return "text", body[:500].decode("utf-8", "replace").lower(), ""
    if isinstance(value, dict) and (spoken := answered_in(value)):
        return "answer", "", spoken
    error = read_error_value(value)
    return _kind(value), f"{error.message} {error.param}".lower() if error else "", ""


def _kind(value: object) -> str:
    match value[0] if isinstance(value, list) and value else value:
        case {"type": "error", "error": {"type": str(), "message": str()}}:
            return "anthropic-error"
        case {"error": {"message": str()}} | {"object": "error", "message": str()}:
            return "openai-error"
        case {"detail": [{"loc": list()}, *_]}:
            return "validation"
    return "json"
