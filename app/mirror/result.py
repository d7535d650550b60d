"""One request through the relay: what arrived of it, what its answer became, and what is new in that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import msgspec

from app.exchange.exchange import Exchange
from app.mirror.answers import compare_answers
from app.mirror.arrivals import Arrived, Given, read_answer
from app.mirror.difference import differences
from app.mirror.headers import compare_headers
from app.mirror.probes.probe import MODEL, NONCE, Probe
from app.mirror.readers import read_request
from app.mirror.request import Json
from app.mirror.row import Difference, Kind, about
from app.protocols.registry import title
from app.text.json_text import decode_json
from app.text.sentences import message

_WHAT_OF_PROBE = {"user-agent": "header user-agent", "key": "key"}


class Result(msgspec.Struct, frozen=True):
    """What became of one request.

    Attributes:
        relayed: the exchange with the relay; direct: the same request, asked of the upstream itself.
        arrivals: what came out of the relay on the other side, in order; given: what was answered, by the arrival's number.
        rows: the request, part by part. answer: its answer on the way back.
    """

    probe: Probe
    relayed: Exchange
    direct: Exchange | None
    arrivals: tuple[Arrived, ...]
    given: dict[int, Given]
    rows: list[Difference]
    answer: list[Difference]

    @property
    def loud(self) -> list[Difference]:
        """The losses."""
        return [row for row in (*self.rows, *self.answer) if row.loud]

    @property
    def times(self) -> int:
        """How often the relay asked for an answer."""
        return len([one for one in self.arrivals if one.protocol and not one.counting])


def judge(
    probe: Probe,
    relayed: Exchange,
    direct: Exchange | None,
    arrivals: Iterable[Arrived],
    given: dict[int, Given],
    *,
    key_sent: bool,
    refused_as_sent: bool = False,
) -> Result:
    """What became of a request. Pure; never raises, whatever arrived.

    `refused_as_sent`: the official endpoint refuses it also as it was sent, so that this is no news.
    """
    arrivals = tuple(arrivals)
    asked = [one for one in arrivals if one.protocol and not one.counting]
    rows = [*_rows(probe, relayed, asked, key_sent=key_sent, refused_as_sent=refused_as_sent)]
    answered = asked[-1] if asked else None
    told = given.get(answered.number) if answered is not None else None
    answer = compare_answers(read_answer(answered, told), relayed) if answered is not None and told is not None else []
    return Result(probe, relayed, direct, arrivals, given, rows, answer)


def _rows(
    probe: Probe, relayed: Exchange, asked: list[Arrived], *, key_sent: bool, refused_as_sent: bool
) -> Iterator[Difference]:
    source = relayed.protocol.id
    if not asked:
        fields: dict[str, object] = {"status": relayed.status}
        reason = "nothing_arrived" if relayed.status else "no_answer"
        yield Difference(
            path="",
            what="request",
            named=message("request"),
            kind=Kind.DROPPED,
            reason=reason,
            arrived=None,
            loud=True,
            fields=fields,
        )
        return
    last = asked[-1]
    names = about(source, last.protocol)
    if len(asked) > 1:
        kinds = {(one.protocol, one.path, one.streamed, one.body) for one in asked}
        reason = "sent_again" if len(kinds) == 1 else "sent_again_elsewhere"
        fields = names | {"times": len(asked)}
        yield Difference(
            path="",
            what="request",
            named=message("request"),
            kind=Kind.AGAIN,
            reason=reason,
            arrived=len(asked),
            loud=True,
            fields=fields,
        )
    if last.protocol != source:
        yield Difference(
            path="", what="protocol", named=message("protocol"), kind=Kind.RENAMED, reason="other_protocol", sent=title(source),
            arrived=title(last.protocol), fields=names,
        )  # fmt: skip
    document = last.document
    sent = _object(relayed.recording.request.body)
    if document is None or sent is None:
        yield Difference(
            path="", what="body", named=message("body"), kind=Kind.CHANGED, reason="not_json", loud=True, fields=names
        )
        return
    wanted = frozenset(name.lower() for name, _ in probe.headers)
    headers = [*compare_headers(relayed.recording.request.headers, last, source, key_sent=key_sent, wanted=wanted)]
    yield from differences(read_request(source, sent), read_request(last.protocol, document))
    yield from _headers_for(probe, headers)
    if last.refusal and not refused_as_sent:
        yield Difference(
            path="", what="official endpoint", named=message("official endpoint"), kind=Kind.CHANGED,
            reason="upstream_refuses", arrived=last.refusal, loud=True,
            fields=names,
        )  # fmt: skip


def _headers_for(probe: Probe, headers: list[Difference]) -> list[Difference]:
    """Those that a probe is about; all with the plainest, so that they are told once."""
    if probe.name in ("plain", "yours"):
        return headers
    if probe.about != "headers":
        return []
    names = {f"header {name}" for name, _ in probe.headers} or {_WHAT_OF_PROBE.get(probe.name, "")}
    return [row for row in headers if row.what in names]


def _object(body: bytes) -> Json | None:
    try:
        value = decode_json(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def holds_back(result: Result) -> bool:
    """Whether its stream came out later than it went in, or in fewer pieces."""
    return any(row.reason in ("flow_bursts", "flow_collected", "flow_first_held") for row in result.answer)


def told_before(result: Result, plain: Result | None) -> list[Difference]:
    """The rows of a result that are the same with the plainest request: what the relay does to every one."""
    if plain is None or plain is result:
        return []
    known = {_key(row) for row in (*plain.rows, *plain.answer)}
    return [row for row in (*result.rows, *result.answer) if _key(row) in known and row.what != "request"]


def _key(row: Difference) -> tuple[str, str, str, str, str]:
    value = "" if row.kind in (Kind.KEPT, Kind.RENAMED) or row.reason == "answer_id" else repr(row.arrived)
    return (row.what, row.kind, row.reason, row.path if row.kind is Kind.INVENTED else "", value)


def filled(value: object, word: str, model: str) -> object:
    """A probe's body with its word and model."""
    if isinstance(value, str):
        return value.replace(NONCE, word).replace(MODEL, model)
    if isinstance(value, dict):
        return {name: filled(one, word, model) for name, one in value.items()}
    return [filled(one, word, model) for one in value] if isinstance(value, list) else value


_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def new_word(random: Random) -> str:
    """A word that stands in no other request."""
    return "mirror-" + "".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(7))
