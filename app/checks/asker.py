"""What a check asks with: one side, under the names of the check's steps. It only asks; what came is judged elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import TypedDict, Unpack

import msgspec

from app.checks.budget import Budget, Prices
from app.diagnosis import Context, diagnose
from app.exchange.exchange import Exchange
from app.protocols.base import Ask, Options, Protocol, Target, Tool, Turn, UserTurn
from app.protocols.info import ProtocolInfo
from app.protocols.registry import info, protocol
from app.recording.records import Request, SideName, Wanted

DEFAULT_MAX_TOKENS = 512
LONGEST_WAIT_S = 30.0
_WAIT_S = 2.0
_TEMPORARY = frozenset({429, 500, 502, 503, 504, 529})


class Step(msgspec.Struct, frozen=True):
    """Which request of a check it is: the step's name, which of several alike (from 1), and the how manyth run of the check.

    `cancel_after`: the connection is closed once so many pieces of content have come; 0: never.
    """

    check: str
    name: str
    n: int = 1
    attempt: int = 1
    streamed: bool = False
    cancel_after: int = 0
    wanted: Wanted = Wanted.ANSWER


Send = Callable[[SideName, Request, Step], Awaitable[Exchange]]
"""Sends a request to a side's endpoint and returns the finished exchange. Never raises for what the endpoint does."""
Sleep = Callable[[float], Awaitable[None]]


class Endpoint(msgspec.Struct, frozen=True):
    """One side as checks see it. `models`: the ids that it lists, None where that is not known."""

    side: SideName
    protocol: str
    model: str
    target: Target
    prices: Prices
    client: str = ""


Words = str | tuple[Turn, ...]


class Asked(TypedDict, total=False):
    """What may be asked for besides the words: the fields of `app.protocols.base.Ask`. `max_tokens` left out is a default."""

    max_tokens: int | None
    system: str | None
    tools: tuple[Tool, ...]
    stream: bool
    options: Options
    extra: dict[str, object]


class Asker:
    """Asks one side for one check.

    Attributes:
        side, model, target: whom. protocol: builds the requests; `about` is what else varies by protocol.
        nonce: a word that no other check of any session uses; both sides are given the same.
        own_nonce: one that this side alone is given, and this run of the check alone: where what an account was sent before
            matters, both sides may have the same account.
        answers: what came so far, by step and number.
    """

    def __init__(
        self, endpoint: Endpoint, check: str, seed: int, attempt: int, send: Send, budget: Budget, sleep: Sleep
    ) -> None:
        self.side, self.model, self.target = endpoint.side, endpoint.model, endpoint.target
        self.protocol: Protocol = protocol(endpoint.protocol)
        self.about: ProtocolInfo = info(endpoint.protocol)
        self.answers: dict[tuple[str, int], Exchange] = {}
        self._prices, self._check, self._attempt = endpoint.prices, check, attempt
        self._seed = f"{seed}/{check}"
        self._send, self._budget, self._sleep = send, budget, sleep
        self.nonce = nonce_of(seed, check)
        self.own_nonce = nonce_of(seed, f"{check}/{endpoint.side}/{attempt}")

    def random(self) -> Random:
        """Random numbers for the check's prompts, from the first on: the same on both sides, and when it is judged."""
        return Random(self._seed)

    def build(self, turns: Words, *, target: Target | None = None, **asked: Unpack[Asked]) -> Request:
        """The request; `turns` may be the user's words alone."""
        return self.protocol.build(self.asked(turns, **asked), target or self.target)

    def asked(self, turns: Words, **asked: Unpack[Asked]) -> Ask:
        """The same in no protocol's words."""
        said = (UserTurn(turns),) if isinstance(turns, str) else turns
        asked.setdefault("max_tokens", DEFAULT_MAX_TOKENS)
        return Ask(self.model, said, **asked)

    async def ask(
        self,
        step: str,
        turns: Words,
        *,
        n: int = 1,
        target: Target | None = None,
        wanted: Wanted = Wanted.ANSWER,
        **asked: Unpack[Asked],
    ) -> Exchange:
        """Ask the model; the exchange, however it ended."""
        request = self.build(turns, target=target, **asked)
        most = asked.get("max_tokens", DEFAULT_MAX_TOKENS)
        return await self.send(step, request, n=n, stream=asked.get("stream", False), most_output=most, wanted=wanted)

    async def send(
        self,
        step: str,
        request: Request,
        *,
        n: int = 1,
        stream: bool = False,
        most_output: int | None = None,
        again: bool = True,
        cancel_after: int = 0,
        wanted: Wanted = Wanted.ANSWER,
    ) -> Exchange:
        """Send a request as it is. A limit or a busy server is asked once more (where `again`), after the time that it names.

        `most_output` is how many tokens the answer may have at most; with `cancel_after` the connection is closed once so many
        pieces of content have come. Raises CapReachedError.
        """
        asked = Step(self._check, step, n, self._attempt, stream, cancel_after, wanted)
        one = await self._once(asked, request, most_output)
        if again and one.status in _TEMPORARY:
            why = diagnose(one, Context(key_sent=True))
            wait_s = why.again_s if why is not None and why.again_s is not None else _WAIT_S
            if wait_s <= LONGEST_WAIT_S:
                await self._sleep(wait_s)
                one = await self._once(asked, request, most_output)
        return one

    async def _once(self, step: Step, request: Request, most_output: int | None) -> Exchange:
        most = DEFAULT_MAX_TOKENS if most_output is None else most_output
        one = await self._budget.within(request, most, self._prices, lambda: self._send(self.side, request, step))
        self.answers[step.name, step.n] = one
        return one


_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def nonce_of(seed: int, check: str) -> str:
    """A word of four syllables that stands in no dictionary, and nearly never in two checks."""
    random = Random(f"nonce/{seed}/{check}")
    return "".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(5))
