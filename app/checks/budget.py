"""What a session may cost, has cost, and would cost: tokens and money, before a request goes out and after it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from app.checks.client_job import CLIENT
from app.exchange.exchange import Exchange
from app.pricing import Cost as Price
from app.pricing import PriceTable, price, total_input
from app.protocols.reading import Usage
from app.recording.records import Request
from app.run.side import price_of

MORE_TOKENS = 20  # that a prompt grows by before a model sees it
BYTES_PER_TOKEN = 3  # rather too many tokens than too few: English has 4 to 5 bytes each, CJK 2 to 3


class Prices(msgspec.Struct, frozen=True):
    """What one side's tokens cost: the profile's own prices, or the table's row of the model.

    `free`: nobody pays for them, as the demo answers, whose models have the names of real ones.
    """

    protocol: str
    model: str
    own: dict[str, float] | None = None
    table: PriceTable | None = None
    free: bool = False

    def usd(self, input_tokens: int, output_tokens: int) -> float | None:
        """What so many tokens cost; None where there is no price."""
        if self.free:
            return 0.0
        usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, cache_read_tokens=0, cache_write_tokens=0)
        known = price(usage, self.protocol, self.model, self.own, table=self.table)
        return known.usd if isinstance(known, Price) else None

    @property
    def are_known(self) -> bool:
        """Whether there is a price of what is asked and of what is answered."""
        return self.usd(1_000, 1_000) is not None


class Spent(msgspec.Struct):
    """What was spent. `usd` is what the endpoints' own counts cost; None where a price or a count is missing. `least_usd` is
    what those answers cost of which it is known.

    `uncounted` is how many answers came without counts; the tokens are without them.
    """

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    uncounted: int = 0
    least_usd: float = 0.0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def add(self, one: Exchange, table: PriceTable | None = None) -> None:
        """Count an exchange that has ended. What was refused costs nothing, nor what the demo answered."""
        self.requests += 1
        usage, free = one.reading.usage, bool(one.recording.envelope.profile.demo)
        if usage is None:
            billed = one.recording.request.method == "POST" and 200 <= one.status < 300 and bool(one.reading.text)
            self.uncounted += billed
            self.usd = None if billed and not free else self.usd
            return
        self.input_tokens += total_input(usage, one.protocol.id) or 0
        self.cached_tokens += usage.cache_read_tokens or 0
        self.output_tokens += usage.output_tokens or 0
        if free:
            return
        known = price_of(one, table)
        if isinstance(known, Price):
            self.least_usd += known.usd
        self.usd = self.usd + known.usd if isinstance(known, Price) and self.usd is not None else None


class CapReachedError(Exception):
    """One more request could cost more than is left."""


class Budget:
    """The cap on a session. What is on its way is counted at the most it can cost, so that the cap is never passed by more than
    one request's error of that guess. Several are on their way at a time, so that a guess is raised by what an answer before
    was counted beyond its own: by so many tokens, or so many times, whichever is less (a hidden prompt adds the same to all, a
    multiplier of counts little to short ones).

    `cap_usd` None: no cap on money; where a side has no price, it can't be held. `cap_tokens` None: none on tokens.
    """

    def __init__(self, cap_usd: float | None = None, cap_tokens: int | None = None) -> None:
        self.cap_usd, self.cap_tokens = cap_usd, cap_tokens
        self._usd = 0.0
        self._tokens = 0
        self._beyond_input, self._beyond_output = Beyond(), Beyond()
        self._on_the_way = 0
        self._waiting: list[asyncio.Future[None]] = []

    def reserve(self, request: Request, most_output: int, prices: Prices) -> Reserved:
        """Room for a request. Raises CapReachedError where there is none."""
        is_asked = request.method in ("POST", CLIENT)
        input_tokens = guessed_tokens(request.body) if is_asked else 0
        output_tokens = most_output if is_asked else 0
        guess = input_tokens, output_tokens
        input_tokens += self._beyond_input.of(input_tokens)
        output_tokens += self._beyond_output.of(output_tokens)
        usd = prices.usd(input_tokens, output_tokens) or 0.0
        if self.cap_usd is not None and self._usd + usd > self.cap_usd:
            raise CapReachedError
        if self.cap_tokens is not None and self._tokens + input_tokens + output_tokens > self.cap_tokens:
            raise CapReachedError
        held = Reserved(usd, input_tokens + output_tokens, *guess)
        self._usd += held.usd
        self._tokens += held.tokens
        return held

    async def within(
        self, request: Request, most_output: int, prices: Prices, send: Callable[[], Awaitable[Exchange]]
    ) -> Exchange:
        """Send a request inside the cap: room is kept for it while it runs, and then what it cost is counted.

        Where others on their way hold what is left, it waits for them. Raises CapReachedError where there is no room all the
        same; nothing was sent then.
        """
        held = await self._room(request, most_output, prices)
        self._on_the_way += 1
        one: Exchange | None = None
        try:
            one = await send()
        finally:
            self._on_the_way -= 1
            self.settle(held, one, prices)
            self._wake()
        return one

    async def _room(self, request: Request, most_output: int, prices: Prices) -> Reserved:
        """Room for a request, which may have to wait for others: they hold the most they can cost, and mostly cost less."""
        while True:
            try:
                return self.reserve(request, most_output, prices)
            except CapReachedError:
                if not self._on_the_way:
                    raise
            settled = asyncio.get_running_loop().create_future()
            self._waiting.append(settled)
            await settled

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():  # it was cancelled meanwhile
                one.set_result(None)

    def settle(self, held: Reserved, one: Exchange | None, prices: Prices) -> None:
        """The request has ended: what it cost takes the place of the guess, where its counts say it. None: it was not sent."""
        usd, tokens = held.usd, held.tokens
        usage = one.reading.usage if one is not None else None
        if one is None or 400 <= one.status < 600:
            usd, tokens = 0.0, 0
        elif usage is not None and usage.output_tokens is not None:
            total = total_input(usage, prices.protocol) or 0
            tokens = total + usage.output_tokens
            self._beyond_input.learn(held.input_guess, total)
            self._beyond_output.learn(held.output_guess, usage.output_tokens)
            usd = prices.usd(total, usage.output_tokens) or 0.0
        self._usd += usd - held.usd
        self._tokens += tokens - held.tokens


def guessed_tokens(body: bytes) -> int:
    """About how many input tokens a request's body has at most. Blanks between the values of JSON do not count."""
    return len(b"".join(body.split(b" " * 64))) // BYTES_PER_TOKEN + MORE_TOKENS


class Reserved(msgspec.Struct, frozen=True):
    """What is kept back for a request on its way; the guesses are those before anything was learned."""

    usd: float
    tokens: int
    input_guess: int = 0
    output_guess: int = 0


class Beyond(msgspec.Struct):
    """How far counts went beyond their guesses at most, in tokens and as a share of the guess."""

    tokens: int = 0
    share: float = 0.0

    def of(self, guess: int) -> int:
        """What to add to a guess."""
        return min(self.tokens, int(guess * self.share))

    def learn(self, guess: int, counted: int) -> None:
        if guess and counted > guess:
            self.tokens = max(self.tokens, counted - guess)
            self.share = max(self.share, (counted - guess) / guess)
