"""Answers as no endpoint should give them, of every protocol, and checks that are asked and judged with them, without a wire.

Each check is asked by its own coroutine, so that its steps are the real ones; what it gets is drawn from a pool of sound and of
hostile answers. What is read of an answer is read once and kept.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from random import Random

from app.checks.asker import Asker, Endpoint, Step
from app.checks.budget import Budget, CapReachedError, Prices
from app.checks.check import Check
from app.checks.judging import Book, Plan, judge
from app.exchange.exchange import Exchange
from app.protocols.base import Target
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.recording.records import Ended, EndKind, Envelope, Headers, ProfileNote, Request, SideName, WireErrorCode
from tests.builders import EVENT_STREAM, JSON, MS
from tests.builders import recording as made
from tests.checks.made import MODELS, said
from tests.fuzz import seeds
from tests.fuzz.mutation import mutations

HTML: Headers = (("content-type", "text/html"),)
ODD_HEADERS: Headers = (
    ("retry-after", "soon"), ("content-type", "\xff"), ("x-ratelimit-reset", "-1e999"), ("request-id", ""), ("", "x"),
    ("location", "http://[::1"), ("content-type", "application/json; charset=no-such"),
)  # fmt: skip
TOOLS = ("get_forecast", "find_station", "roll_dice", "record_reading", "save_notes", "read_notes", "get_weather")
_DEEP = json.loads("[" * 60 + "]" * 60)
VALUES: tuple[object, ...] = (
    None, True, -1, 0, 10**40, -(10**400), 1.5, math.nan, math.inf, -math.inf, "", "7", "\ud800", "\u2028\0", "x" * 3000,
    [], [None], [[]], {}, {"": {}}, [{"type": 7}], {"type": []}, _DEEP, "{", '{"a":1}', "null",
)  # fmt: skip
_STREAMS = {MESSAGES: seeds.MESSAGES, CHAT: seeds.CHAT, RESPONSES: seeds.RESPONSES}


def _calls(protocol: str, name: str, arguments: object) -> dict[str, object]:
    """An answer that reasons and calls a tool."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    document = dict(said(protocol, "")[1])
    if protocol == MESSAGES:
        thinking = {"type": "thinking", "thinking": "Well, " * 40, "signature": "c2lnbmF0dXJlLXdpdGgtZW5vdWdo"}
        call = {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}
        return document | {"content": [thinking, call], "stop_reason": "tool_use"}
    if protocol == CHAT:
        function = {"name": name, "arguments": text}
        message = {"role": "assistant", "content": None, "tool_calls": [{"id": "c1", "type": "function", "function": function}]}
        return document | {"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}
    reasoning = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "Z0FBQUFBQm8="}
    call = {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": name, "arguments": text, "status": "completed"}
    return document | {"output": [reasoning, call]}


def _nodes(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from _nodes(one, (*path, key))


def _spoilt(document: dict[str, object], random: Random) -> dict[str, object]:
    """With one to three of its values exchanged for others."""
    found = copy.deepcopy(document)
    for _ in range(random.randint(1, 3)):
        *above, last = random.choice(list(_nodes(found)))
        inner: object = found
        for key in above:
            inner = inner[key]  # type: ignore[index]
        inner[last] = copy.deepcopy(random.choice(VALUES))  # type: ignore[index]
    return found


def _documents(protocol: str, random: Random) -> Iterator[bytes]:
    good = {"city": "Oslo", "days": 3, "unit": "celsius", "dice": 2}
    arguments: Sequence[object] = (
        good,
        {},
        {"city": 7, "days": "x"},
        [],
        "{",
        "",
        "null",
        {"pip": "\ud800", "npm": None},
        _DEEP,
    )
    sound = [said(protocol, "The code N1 is bafegoti. 7, 8, 9\n")[1], said(protocol, "```json\n{}\n```")[1]]
    sound += [_calls(protocol, name, random.choice(arguments)) for name in TOOLS]
    logprobs = {"content": [{"token": "x", "logprob": None, "bytes": [1, 999], "top_logprobs": [{"logprob": "-1"}, 3]}]}
    sound.append(dict(said(protocol)[1]) | {"choices": [{"index": 0, "message": {"content": "x"}, "logprobs": logprobs}]})
    sound.append({"input_tokens": 7, "data": [{"id": "m"}], "has_more": True, "last_id": "m"})
    sound.append({"error": {"message": "\ud800" * 9, "type": 7, "code": [], "param": {}}, "type": "error", "request_id": 5})
    for one in sound:
        yield json.dumps(one).encode()
        for _ in range(5):
            yield json.dumps(_spoilt(one, random)).encode()
    yield from (json.dumps(one).encode() for one in VALUES)
    yield from (
        b"",
        b"\0",
        b"\xff\xfe",
        b"[" * 5000,
        b"{" + b'"a":{' * 5000,
        b"<html><body>Bad gateway</body></html>",
        b"data: {}\n\n",
    )


@cache
def pool(protocol: str) -> tuple[Exchange, ...]:
    """Every answer of a protocol, read to its end; none belongs to a check yet."""
    random = Random(protocol)
    found = [
        _one(
            protocol,
            data,
            random.choice((200, 200, 200, 200, 400, 404, 529, 201)),
            random.choice((JSON, JSON, HTML, ODD_HEADERS)),
        )
        for data in _documents(protocol, random)
    ]
    stream = _STREAMS[protocol]
    cuts = [stream[: random.randrange(len(stream))] for _ in range(6)]
    for data in (stream, *cuts, *islice(mutations([stream], 7), 20)):
        found.append(_one(protocol, data, 200, EVENT_STREAM, streamed=True))
    for status in (100, 103, 204, 302, 304, 401, 403, 418, 429, 500, 599, 999):
        found.append(_one(protocol, random.choice((b"", b"{}", b"no")), status, ODD_HEADERS))
    for kind, code in (
        (EndKind.CANCELLED, ""),
        (EndKind.INTERRUPTED, ""),
        *((EndKind.ERROR, one) for one in WireErrorCode),
    ):
        found.append(_one(protocol, stream[:200], 200, EVENT_STREAM, streamed=True, end=Ended(kind, 600 * MS, code)))
        headless = _one(protocol, b"", 0, (), end=Ended(kind, 600 * MS, code))
        headless.recording.head = None
        found.append(Exchange(headless.recording).finish())
    return tuple(found)


def _one(
    protocol: str, data: bytes, status: int, headers: Headers, *, streamed: bool = False, end: Ended | None = None
) -> Exchange:
    pieces = (
        [(500.0 + at / 16, data[at : at + 64]) for at in range(0, min(len(data), 4096), 64)] if streamed else [(500.0, data)]
    )
    one = made(
        [piece for piece in pieces if piece[1]], protocol=protocol, status=status, headers=headers, streamed=streamed, end=end
    )
    return Exchange(one).finish()


def _of(one: Exchange, side: SideName, request: Request, step: Step, protocol: str) -> Exchange:
    """The same answer, to another request."""
    found = copy.copy(one)
    found.recording = copy.copy(one.recording)
    note = ProfileNote(side, "http://h.example", protocol)
    told = step.check, step.name, step.attempt
    found.recording.envelope = Envelope(protocol, note, "checks", "m", side, step.n, step.streamed, "", "", *told)
    found.recording.request = request
    return found


async def _no_sleep(_seconds: float) -> None:
    """No wait before a request is sent again."""


class Hostile:
    """Asks checks with answers that are drawn at random; `seed` decides which."""

    def __init__(self, protocol: str, seed: str) -> None:
        self.protocol, self.random = protocol, Random(seed)
        self.book = Book()

    async def ask(self, check: Check, sides: tuple[SideName, ...]) -> None:
        """Ask all sides; raises what a check raises."""
        askers = {side: self._asker(check, side) for side in sides}
        try:
            for asker in askers.values():
                await check.ask(asker)
            if check.across is not None and "a" in askers:
                await check.across(askers["a"], askers["b"])
        except CapReachedError:  # of a request that is larger than a hostile count has left
            return

    def judge(self, check: Check, sides: tuple[SideName, ...]) -> Iterator[str]:
        """All that is said of them. Raises where the check had a fault of its own."""
        models: dict[SideName, str] = dict.fromkeys(sides, MODELS[self.protocol])
        plan = Plan((check.id,), 7, dict.fromkeys(sides, self.protocol), models)
        found = judge(check, self.book, plan, {})
        for one, who in ((found.b, "B"), (found.a, "A")):
            if one is not None:
                assert one.reason != "own_fault", one.fields
                yield from (one.words(who), one.measured_words(who), one.advice_words(who), one.brief_words(who))

    def _asker(self, check: Check, side: SideName) -> Asker:
        model = MODELS[self.protocol]
        target = Target("http://h.example", key="sk-ant-api03-Qm7Zt4Vx9Lp2Kd6Rb1")
        endpoint = Endpoint(side, self.protocol, model, target, Prices(self.protocol, model))
        usual = self.random.choice(pool(self.protocol))  # what most of its requests get: else no check gets far

        async def send(to: SideName, request: Request, step: Step) -> Exchange:
            one = usual if self.random.random() < 0.6 else self.random.choice(pool(self.protocol))
            found = _of(one, to, request, step, self.protocol)
            self.book.add(found)
            return found

        return Asker(endpoint, check.id, 7, 1, send, Budget(), _no_sleep)
