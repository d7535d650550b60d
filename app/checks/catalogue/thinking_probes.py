"""What the checks of thinking ask with: an answer that thinks and calls a tool, so that its block has to come back; the same
block changed, and left out."""

from __future__ import annotations

import string
from collections.abc import Callable
from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.tool_probes import CITIES
from app.checks.catalogue.tool_results import STATION
from app.checks.seen import Steps
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import AssistantTurn, Options, ToolResult, ToolResultsTurn, Turn, UserTurn

THINKING_ROOM = 3000  # tokens: more than the smallest budget that may be thought (1024), and an answer behind it
SETTINGS: tuple[str | int, ...] = ("adaptive", 1024)  # each model takes one of them (PROTOCOLS 1A.3)
_KINDS = {"thinking": "signature", "redacted_thinking": "data", "reasoning": "encrypted_content"}
MINT = "mint"

Blocks = list[dict[str, object]]


class Minted(msgspec.Struct, frozen=True):
    """An answer with a signed block and a call. `n` is its number in the step, `thinking` the setting that it took."""

    answer: Exchange
    n: int
    thinking: str | int

    @property
    def replay(self) -> Blocks:
        return self.answer.reading.replay

    @property
    def weight(self) -> int:
        """About how many tokens its thinking has, at least; 0 where that is not known."""
        usage = self.answer.reading.usage
        return max(len(self.answer.reading.reasoning) // 6, (usage.reasoning_tokens or 0) if usage else 0)


def system_words(nonce: str) -> str:
    """The system prompt, which no other conversation has."""
    return f"You help the observatory of {nonce}. Think before you act."


def question(random: Random) -> UserTurn:
    city, other = random.sample(CITIES, 2)
    return UserTurn(
        f"Think about which of {city} and {other} lies further north, then find the weather station of that city with the tool "
        "find_station."
    )


async def mint(asker: Asker) -> Minted | None:
    """Ask for an answer that thinks and calls; None where none comes, in either setting."""
    asked = question(asker.random())
    for n, setting in enumerate(SETTINGS, 1):
        one = await asker.ask(
            MINT,
            (asked,),
            n=n,
            system=system_words(asker.nonce),
            tools=(STATION,),
            max_tokens=THINKING_ROOM,
            options=Options(thinking=setting),
        )
        if _is_minted(one):
            return Minted(one, n, setting)
        if one.outcome is not Outcome.COMPLETED and one.status not in (400, 422):
            return None
    return None


def minted(steps: Steps) -> Minted | None:
    """The same answer, when it is judged."""
    return _found(lambda n: steps.get(MINT, n))


def minted_by(asker: Asker) -> Minted | None:
    """The same answer, when more is asked."""
    return _found(lambda n: asker.answers.get((MINT, n)))


def _found(get: Callable[[int], Exchange | None]) -> Minted | None:
    for n, setting in enumerate(SETTINGS, 1):
        one = get(n)
        if one is not None and _is_minted(one):
            return Minted(one, n, setting)
    return None


def _is_minted(one: Exchange) -> bool:
    good = one.outcome is Outcome.COMPLETED and bool(one.reading.tool_calls)
    return good and bool(signed_blocks(one.reading.replay))


def signed_blocks(replay: Blocks) -> Blocks:
    """The blocks of reasoning in an assistant's turn, signed or not."""
    return [block for block in replay if block.get("type") in _KINDS]


def signature_of(block: dict[str, object]) -> str:
    """What says who made a block; "" where it carries nothing."""
    value = block.get(_KINDS[str(block.get("type"))])
    return value if isinstance(value, str) else ""


def without_thinking(replay: Blocks) -> Blocks:
    return [block for block in replay if block.get("type") not in _KINDS]


def tampered(replay: Blocks) -> Blocks:
    """The turn with four characters in the middle of each signature changed; it stays base64 of the same length."""
    return [
        block | {_KINDS[str(block["type"])]: _changed(signature_of(block))} if _is_signed(block) else block for block in replay
    ]


def _is_signed(block: dict[str, object]) -> bool:
    return block.get("type") in _KINDS and bool(signature_of(block))


def _changed(signature: str) -> str:
    middle = max(0, len(signature) // 2 - 2)
    letters = string.ascii_letters
    turned = "".join(
        letters[(letters.index(one) + 7) % len(letters)] if one in letters else "k" if one != "=" else one
        for one in signature[middle : middle + 4]
    )
    return signature[:middle] + turned + signature[middle + 4 :]


def turns_with(asked: UserTurn, replay: Blocks, minted_answer: Exchange) -> tuple[Turn, ...]:
    """The second turn: the question, the assistant's turn (changed or not), the results of its calls."""
    results = [ToolResult(call.id, "station code KT-4417") for call in minted_answer.reading.tool_calls]
    return asked, AssistantTurn(replay), ToolResultsTurn(results)
