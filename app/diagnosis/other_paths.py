"""Where else the same origin may answer: what to ask it, what an answer tells, and what can be said of it all. No I/O.

What is asked is an empty JSON object: a server that speaks the protocol at that path refuses it as invalid (or the key), in
its own error format; one that does not has nothing there. No hosted service takes it for a request to a model. A local server
may: llama-cpp-python fills in what is missing and answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

from app.diagnosis import phrases
from app.diagnosis.address import Address
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.protocols.errors.body import read_error_value
from app.protocols.registry import answered_in, info, protocol, protocol_ids, title
from app.recording.records import Asked
from app.text.json_text import decode_json

EMPTY_REQUEST = b"{}"
MAX_PATHS = 8
ANSWERS = {
    "anthropic-error": "with an Anthropic error",
    "openai-error": "with an OpenAI error",
    "validation": "with a list of what the request lacks",
    "answer": "with an answer all the same",
    "json": "with JSON of another kind",
    "page": "with a web page",
    "text": "with text",
    "empty": "with nothing in it",
    "redirect": "with a redirect, not followed",
    "none": "",
}
_NO_SUCH_PATH = "no-such-path"
_NOT_THERE = (*phrases.NO_SUCH_PATH, *phrases.NOT_BUILT)  # of an empty request, which names no model to be refused
_ABSENT = (404, 405, 410, 501)
_INVALID = (400, 422)
_REFUSED = (*_INVALID, 401, 402, 403)
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
    """The kind of the answer to an empty request (of `ANSWERS`), and whether the protocol is spoken at that path."""
    body = bytes(exchange.decoded.data).strip()
    if not exchange.status:
        return "none", "unclear"
    if 300 <= exchange.status < 400:
        return "redirect", "absent"
    answer, words, spoken = _read(body)
    is_other = exchange.status < 300 and answer in ("json", "text")
    if exchange.status in _ABSENT or answer == "page" or is_other or any(one in words for one in _NOT_THERE):
        return answer, "absent"
    speaks = spoken == protocol_id or _is_refusal(exchange.status, answer, words, protocol_id)
    return answer, "speaks" if speaks else "unclear"


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


# -- what can be said --------------------------------------------------------------------------------------------------


class OtherPaths:
    """What was asked besides an exchange, as the rules see it.

    Attributes:
        asked: in the order of `paths_to_ask`, each control behind what it is for.
    """

    def __init__(self, asked: Sequence[Asked], address: Address) -> None:
        self.asked = tuple(asked)
        self._address = address

    @cached_property
    def here(self) -> Asked | None:
        """The address itself, asked again; None where it was not."""
        same = (one for one in self.asked if not one.control and one.protocol == self._address.protocol)
        return next((one for one in same if one.path == self._address.asked.path), None)

    @property
    def speaks_here(self) -> bool:
        """The address is right: the protocol is spoken there."""
        return self.here is not None and self.here.verdict == "speaks"

    @property
    def did_here(self) -> str:
        """What the address itself did with the empty request, where the protocol is spoken."""
        answered = self.here is not None and self.here.answer == "answer"
        return "answered even an empty request" if answered else "refused an empty request as it should"

    @cached_property
    def found(self) -> Asked | None:
        """The likeliest path that answers where the address itself does not; None where none does or that can't be told."""
        if self.here is not None and self.here.verdict != "absent":
            return None
        proven = (one for one in self.asked if one.verdict == "speaks" and not one.control)
        return next((one for one in proven if one.protocol in protocol_ids()), None)

    def lacks(self, protocol_id: str) -> bool:
        """The protocol was looked for, and is at none of the paths that were asked."""
        there = [one.verdict for one in self.asked if one.protocol == protocol_id and not one.control]
        return bool(there) and all(verdict == "absent" for verdict in there)

    @property
    def nowhere(self) -> bool:
        """All that was asked is not there."""
        return bool(self.asked) and all(one.verdict == "absent" for one in self.asked)

    @property
    def title(self) -> str:
        return title(self.found.protocol) if self.found else ""

    @property
    def path(self) -> str:
        return self.found.path if self.found else ""

    @property
    def base_url(self) -> str:
        return self.found.base_url if self.found else ""

    @property
    def use_it(self) -> str:
        """The fix's words for the base URL that was found."""
        return f"Use {self.base_url}" if self.base_url else f"Correct the base URL so that {self.path} is asked"

    @property
    def reason(self) -> str:
        """What is wrong in the base URL, as words behind a comma; "" where nothing more can be said."""
        if self._address.pasted:
            return f", since the base URL already ends in {self._address.pasted}"
        if self._address.doubles_v1:
            return ", where /v1 stands twice"
        return ", since the base URL lacks /v1" if self.base_url == self._address.with_v1 else ""


def told(asked: Sequence[Asked]) -> str:
    """All that was asked and what came, as sentences; "" where nothing was asked."""
    if not asked:
        return ""
    answers = "; ".join(f"POST {one.path}{' (which no server has)' * one.control}: {_came(one)}" for one in asked)
    all_alike = any(one.control and one.verdict != "absent" for one in asked)
    harmless = " that no model answers" * all(one.answer != "answer" for one in asked)
    return (
        f"Diptych then asked the same address elsewhere, with an empty request{harmless}. {answers}."
        + " It answers so at any path, which tells nothing of them." * all_alike
    )


def _came(one: Asked) -> str:
    return " ".join(filter(None, (str(one.status), ANSWERS.get(one.answer, "")))) if one.status else "no answer"


def as_facts(asked: Sequence[Asked]) -> list[Mapping[str, str | int | None]]:
    """The same as plain data, for JSON."""
    return [
        {"request": f"POST {one.path}", "protocol": one.protocol, "status": one.status or None, "answer": one.answer,
         "verdict": "control" if one.control else one.verdict}
        for one in asked
    ]  # fmt: skip
