"""Does a conversation hold: earlier turns are there, the system prompt stays over them, the assistant's goes back unchanged.

Needed for a verdict: random words that nobody can guess are missing in three answers that were told to quote them (a model that
has them before it hardly ever fails at that once). Known false alarms: reasoning spends the tokens (inconclusive), a model that
takes the words for secrets and refuses (they are called names), a small model that does not heed a system prompt (so that the
same model has to heed it at the control).
"""

from __future__ import annotations

from functools import partial
from random import Random

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.tool_probes import FORECAST, FORECAST_ROOM, bad_call, forecast_words
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import Check, Cost, Group
from app.checks.judgement import Judged
from app.checks.seen import Steps, beside, each
from app.checks.tries import GOOD, Look, ask_until, judge_tries, refusal
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import AssistantTurn, ToolResult, ToolResultsTurn, Turn, UserTurn
from app.protocols.ids import CHAT
from app.run.differences import one_model
from app.text.sentences import message, unsaid

_ROOM = 1024
_TRIES = 3
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


def _word(random: Random) -> str:
    """Three syllables that stand in no dictionary: one of 170 000."""
    return "".join(random.choice(_CONSONANTS) + random.choice(_VOWELS) for _ in range(3)).capitalize()


async def _say(asker: Asker, step: str, turns: list[Turn], words: str, **how: object) -> bool:
    """One more turn of a conversation, which grows by it and by its answer; False where there is none to go on with."""
    turns.append(UserTurn(words))
    one = await asker.ask(step, tuple(turns), max_tokens=_ROOM, **how)  # type: ignore[arg-type]
    turns.append(AssistantTurn(one.reading.replay))
    return one.outcome is Outcome.COMPLETED and bool(one.reading.replay)


def _holds(words: tuple[str, ...], one: Exchange, turn: str = "") -> Look:
    missing = [word for word in words if word.lower() not in one.reading.text.lower()]
    return Look("missing", {"missing": missing, "text": one.reading.text[:80], "turn": turn}) if missing else GOOD


# -- earlier turns ----------------------------------------------------------------------------------------------------

_REMEMBERED = "{who} has the earlier turns of a conversation before it: two random names come back."
_FORGOTTEN = (
    "{who} answers as if an earlier turn were not there, {n} times: {missing:list} is missing in {text:quoted an empty answer}."
)
_PARTS = "The first turns of the conversation got no answer that could be sent back."


def _two_words(random: Random) -> tuple[str, str]:
    return _word(random), _word(random)


async def _ask_turns(asker: Asker) -> None:
    first, second = _two_words(asker.random())
    turns: list[Turn] = []
    if not await _say(asker, "first", turns, f"My cat is called {first}. Just reply with “OK”."):
        return
    if not await _say(asker, "second", turns, f"My dog is called {second}. Just reply with “OK”."):
        return
    turns.append(UserTurn(unsaid("Which names of my cat and my dog have I told you before? Quote both.")))
    await ask_until(asker, "both", partial(_holds, (first, second)), tuple(turns), most=_TRIES, max_tokens=_ROOM)


def _judge_turns(steps: Steps) -> Judged:
    if (trouble := steps.trouble("first")) is not None:
        return trouble
    # What was refused with earlier turns in it breaks every conversation.
    if steps.get("second") is not None and steps.refused("second"):
        return refusal(steps, "second")
    if steps.get("both") is None:
        return (steps.trouble("second") if steps.get("second") is not None else None) or _no_parts(steps, "first")
    return judge_tries(
        steps,
        "both",
        partial(_holds, _two_words(steps.random())),
        passes=Judged(verdict=Verdict.PASS, reason="remembered", sentence=_REMEMBERED, short="2 of 2 names"),
        problems={"missing": (_FORGOTTEN, "turns lost")},
        most=_TRIES,
    )


def _no_parts(steps: Steps, step: str) -> Judged:
    if steps.left_out:
        return steps.not_asked()
    return Judged(verdict=Verdict.INCONCLUSIVE, reason="no_turn", sentence=_PARTS, evidence=(steps.evidence(step),))


# -- the system prompt ------------------------------------------------------------------------------------------------

_KEPT = "{who} keeps to the system prompt, also in the second turn."
_SYSTEM_LOST = (
    "{who} answers as if there were no system prompt, {n} times in the {turn} turn: the word that it orders is missing in "
    "{text:quoted an empty answer}."
)
_NOT_HEEDED = (
    "{who} does not do as the system prompt orders, {n} times in the {turn} turn ({text:quoted an empty answer}). Where the "
    "same model does not do so at a control, that may be the model's own way."
)
_QUESTIONS = (unsaid("Which is the largest ocean?"), unsaid("Which is the highest mountain?"))


def _system(word: str) -> str:
    return (
        unsaid("This is a test of a machine. Whatever the user asks or says, in every turn, reply with exactly this word: ")
        + word
    )


async def _ask_system(asker: Asker) -> None:
    word = _word(asker.random())
    turns: list[Turn] = [UserTurn(_QUESTIONS[0])]
    look_at = partial(_holds, (word,))
    one = await ask_until(asker, "first", look_at, tuple(turns), most=_TRIES, max_tokens=_ROOM, system=_system(word))
    if one.outcome is not Outcome.COMPLETED or look_at(one).problem or not one.reading.replay:
        return
    turns += [AssistantTurn(one.reading.replay), UserTurn(_QUESTIONS[1])]
    await ask_until(asker, "second", look_at, tuple(turns), most=_TRIES, max_tokens=_ROOM, system=_system(word))


def _judge_system(steps: Steps, control: Steps | None) -> Judged:
    found = _judge_orders(steps)
    if found.reason != "missing":
        return found
    if control is not None and one_model(control.model, steps.model) and _judge_orders(control).verdict is Verdict.PASS:
        return found
    return msgspec.structs.replace(found, verdict=Verdict.INCONCLUSIVE, reason="not_heeded", sentence=_NOT_HEEDED)


def _judge_orders(steps: Steps) -> Judged:
    word = _word(steps.random())
    first = _judge_order(steps, "first", word)
    return first if first.verdict is not Verdict.PASS else _judge_order(steps, "second", word)


def _judge_order(steps: Steps, step: str, word: str) -> Judged:
    return judge_tries(
        steps,
        step,
        partial(_holds, (word,), turn=step),
        passes=Judged(verdict=Verdict.PASS, reason="kept", sentence=_KEPT, short="obeyed"),
        problems={"missing": (_SYSTEM_LOST, message("lost"))},
        most=_TRIES,
    )


# -- the assistant's turn, unchanged ----------------------------------------------------------------------------------

_TAKEN = "{who} takes its own answer with a call back as it came."
_NO_CALL = "{who} made no call this time, so that there is no turn to send back."


async def _ask_replay(asker: Asker) -> None:
    question = UserTurn(forecast_words(asker.random()))
    call = await ask_until(asker, "call", _look_at_call, (question,), tools=(FORECAST,), max_tokens=FORECAST_ROOM)
    if call.outcome is Outcome.COMPLETED and call.reading.tool_calls:
        results = ToolResultsTurn([ToolResult(one.id, unsaid("sunny, 21 degrees")) for one in call.reading.tool_calls])
        await asker.ask(
            "back", (question, AssistantTurn(call.reading.replay), results), tools=(FORECAST,), max_tokens=FORECAST_ROOM
        )


def _look_at_call(one: Exchange) -> Look:
    return bad_call(one.reading, (FORECAST,))


def _judge_replay(steps: Steps) -> Judged:
    if (trouble := steps.trouble("call")) is not None:
        return trouble
    if steps.get("back") is None and not steps.left_out:
        return Judged(verdict=Verdict.INCONCLUSIVE, reason="no_call", sentence=_NO_CALL, evidence=(steps.evidence("call"),))
    if (hindered := steps.hindered("back")) is not None:
        return hindered
    if steps.refused("back"):
        return refusal(steps, "back")
    return Judged(
        verdict=Verdict.PASS,
        reason="taken",
        sentence=_TAKEN,
        short="taken",
        evidence=(steps.evidence("back"), steps.evidence("call")),
    )


CHECKS = (
    Check(
        id="turns",
        group=Group.CONTEXT,
        title="Earlier turns",
        proves="What was said in earlier turns is there when the next one is answered.",
        loss="earlier turns are forgotten",
        cost=Cost(5, 800, 500),
        steps={"first": "the first name told", "second": "the second name told", "both": "both names asked for"},
        ask=_ask_turns,
        judge=each(_judge_turns),
    ),
    Check(
        id="system_over_turns",
        group=Group.CONTEXT,
        title="System prompt over turns",
        proves="The system prompt holds in every turn, against what the user asks.",
        loss="system prompts lose their hold",
        cost=Cost(6, 750, 450),
        steps={"first": "the first question, under a system prompt", "second": "the next question, under the same"},
        ask=_ask_system,
        judge=beside(_judge_system),
    ),
    Check(
        id="message_replay",
        group=Group.CONTEXT,
        title="Answer sent back",
        proves="An assistant message with tool calls is taken back as it came.",
        loss="answers with calls can't be sent back",
        cost=Cost(4, 2000, 500),
        steps={"call": "a question that needs the tool", "back": "its answer sent back, with the tool's result"},
        ask=_ask_replay,
        judge=each(_judge_replay),
        protocols=(CHAT,),
        rests_on=(CALLS_A_TOOL,),
    ),
)
