"""Parameters: honoured, ignored or refused, each told from four cells (`cells`): with and without, here and on the control.

What is lawful: reasoning models refuse the parameters of sampling, newer Claude models all but the default; a server may refuse
what it does not know, or leave it unread. So a refusal alone is no fault, and what the answers do not show stays undecided.
"""

from __future__ import annotations

from app.checks.asker import Asker
from app.checks.catalogue.cells import Arm, Parameter, ask_arms, judge_parameter
from app.checks.catalogue.shown import (
    agrees,
    biased,
    choices,
    fewer_repeats,
    log_probabilities,
    more_reasoning,
    same_by_seed,
    taken,
)
from app.checks.check import FREE, Check, Control, Cost, Group
from app.protocols.base import Options
from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.text.sentences import Phrase, message, unsaid

TIMES = 8  # of each arm of sampling: seven of eight alike by chance is 0.1 %, where the commonest answer has 30 %
# Of those without a parameter a few more: that they are of three kinds is what the others are held against, and eight answers
# of a model that likes two numbers were not, once in 100 sessions.
PLAIN_TIMES = TIMES + 4
_PICK = unsaid("Pick one random integer from 1 to 1000. Answer with its digits only. ({nonce})")
_HA = unsaid("Write ha 60 times, separated by blanks, and nothing else. ({nonce})")
_ONE_LINE = unsaid("Say in one short sentence what a lighthouse is for. ({nonce})")
_PUZZLE = unsaid(
    "({nonce}) Three boxes are labelled apples, pears, and mixed; every label is wrong. You may take one fruit from one box. "
    "From which box, and why does that settle all three? Answer in two sentences."
)
_SEEDS = 101, 202, 303, 404, 505
_B_ALONE = {"33": 100.0}  # “B” in the vocabularies of OpenAI's models, old and new

_SAMPLING = (
    Arm("plain", times=PLAIN_TIMES),
    Arm("temperature", Options(temperature=0.0), times=TIMES),
    Arm("top_p", Options(top_p=0.01), times=TIMES),
)
_TOP_K = Arm("top_k", Options(top_k=1), times=TIMES)


def sampling(field: str) -> Parameter:
    """One of the parameters that make the likeliest answer the only one; they share the requests without any."""
    return Parameter(field, (field,), field, "plain", agrees(field, "plain"))


async def _ask_sampling(asker: Asker) -> None:
    arms = _SAMPLING if "top_k" in asker.about.lacks else (*_SAMPLING, _TOP_K)
    await ask_arms(asker, _PICK.format(nonce=asker.nonce), arms, 512)


async def _ask_choices(asker: Asker) -> None:
    arms = Arm("without"), Arm("with", Options(n=2))
    await ask_arms(asker, _ONE_LINE.format(nonce=asker.nonce), arms, 512)


async def _ask_logprobs(asker: Asker) -> None:
    arms = Arm("without"), Arm("with", Options(logprobs=True), {"top_logprobs": 3})
    await ask_arms(asker, _ONE_LINE.format(nonce=asker.nonce), arms, 512)


async def _ask_bias(asker: Asker) -> None:
    arms = Arm("without"), Arm("with", Options(logit_bias=_B_ALONE))
    await ask_arms(asker, _ONE_LINE.format(nonce=asker.nonce), arms, 24)


async def _ask_seed(asker: Asker) -> None:
    same = Arm("with", Options(seed=20261), times=TIMES)
    other = tuple(Arm(f"seed-{number}", Options(seed=number)) for number in _SEEDS)
    await ask_arms(asker, _PICK.format(nonce=asker.nonce), (Arm("without"), same, *other), 512)


async def _ask_penalty(asker: Asker) -> None:
    arms = (
        Arm("without", times=2),
        Arm("frequency", Options(frequency_penalty=2.0), times=2),
        Arm("presence", extra={"presence_penalty": 2.0}),
    )
    await ask_arms(asker, _HA.format(nonce=asker.nonce), arms, 200)


async def _ask_effort(asker: Asker) -> None:
    arms = Arm("without"), Arm("low", Options(effort="low"), times=2), Arm("high", Options(effort="high"), times=2)
    await ask_arms(asker, _PUZZLE.format(nonce=asker.nonce), arms, 4096)


_SEED = Parameter(
    "seed", ("seed",), "with", "without", same_by_seed("with", ("without", *(f"seed-{number}" for number in _SEEDS)))
)
_EFFORT = Parameter(
    Phrase(message("the reasoning effort")),
    ("effort", "reasoning", "output_config"),
    "high",
    "without",
    more_reasoning("low", "high"),
)

CHECKS = (
    Check(
        id="temperature",
        group=Group.PARAMETERS,
        title="temperature",
        proves="At temperature 0 the same question gets the same answer, and without it others.",
        loss="temperature does nothing",
        cost=Cost(3 * TIMES + PLAIN_TIMES, (3 * TIMES + PLAIN_TIMES) * 40, (3 * TIMES + PLAIN_TIMES) * 10),
        steps={
            "plain": "a random number, nothing set",
            "temperature": "with temperature 0",
            "top_p": "with top_p 0.01",
            "top_k": "with top_k 1",
        },
        ask=_ask_sampling,
        judge=judge_parameter(sampling("temperature")),
    ),
    Check(
        id="top_p",
        group=Group.PARAMETERS,
        title="top_p",
        proves="With top_p near 0 the same question gets the same answer, and without it others.",
        loss="top_p does nothing",
        cost=FREE,
        judge=judge_parameter(sampling("top_p")),
        reads=("temperature",),
    ),
    Check(
        id="top_k",
        group=Group.PARAMETERS,
        title="top_k",
        proves="With top_k 1 the same question gets the same answer, and without it others.",
        loss="top_k does nothing",
        cost=FREE,
        judge=judge_parameter(sampling("top_k")),
        protocols=(MESSAGES,),
        reads=("temperature",),
    ),
    Check(
        id="n",
        group=Group.PARAMETERS,
        title="n",
        proves="Two answers are given where two are asked for.",
        loss="several answers at once are not given",
        cost=Cost(2, 80, 120),
        steps={"without": "nothing set", "with": "with n: 2"},
        ask=_ask_choices,
        judge=judge_parameter(
            Parameter("n", ("'n'", "`n`", '"n"', "n:", " n "), "with", "without", choices("with"), promised=True)
        ),
        protocols=(CHAT,),
    ),
    Check(
        id="logprobs",
        group=Group.PARAMETERS,
        title="logprobs",
        proves="The log probabilities that are asked for come, and are those of this answer.",
        loss="log probabilities are not to be had",
        cost=Cost(2, 80, 80),
        steps={"without": "nothing set", "with": "with logprobs"},
        ask=_ask_logprobs,
        judge=judge_parameter(
            Parameter("logprobs", ("logprobs",), "with", "without", log_probabilities("with"), promised=True)
        ),
        protocols=(CHAT, RESPONSES),
    ),
    Check(
        id="logit_bias",
        group=Group.PARAMETERS,
        title="logit_bias",
        proves="A token that is made certain is the answer.",
        loss="logit_bias does nothing",
        cost=Cost(2, 80, 48),
        steps={"without": "nothing set", "with": "with one token favoured"},
        ask=_ask_bias,
        judge=judge_parameter(
            Parameter("logit_bias", ("logit_bias",), "with", "without", biased("with", "without", "B"), of_one_model=True)
        ),
        control=Control.NEEDED,  # the token's number holds for the vocabularies of one vendor alone
        protocols=(CHAT,),
    ),
    Check(
        id="seed",
        group=Group.PARAMETERS,
        title="seed",
        proves="The same seed gives the same answer, and other seeds others.",
        loss="seed does nothing",
        cost=Cost(TIMES + 6, (TIMES + 6) * 40, (TIMES + 6) * 10),
        steps={"without": "nothing set", "with": "with one seed"}
        | {f"seed-{number}": Phrase(message("with the seed {number}"), number=number) for number in _SEEDS},
        ask=_ask_seed,
        judge=judge_parameter(_SEED),
        protocols=(CHAT,),
    ),
    Check(
        id="frequency_penalty",
        group=Group.PARAMETERS,
        title="frequency_penalty",
        proves="With it a word that is to be repeated is repeated less often.",
        loss="frequency_penalty does nothing",
        cost=Cost(5, 5 * 40, 5 * 120),
        steps={"without": "nothing set", "frequency": "with a frequency penalty", "presence": "with a presence penalty"},
        ask=_ask_penalty,
        judge=judge_parameter(
            Parameter(
                "frequency_penalty", ("frequency_penalty",), "frequency", "without", fewer_repeats("frequency", "without", "ha")
            )
        ),
        protocols=(CHAT,),
    ),
    Check(
        id="presence_penalty",
        group=Group.PARAMETERS,
        title="presence_penalty",
        proves="It is taken, or refused as the official endpoint refuses it; what it does is too weak to be seen.",
        loss="presence_penalty is not taken as it should be",
        cost=FREE,
        judge=judge_parameter(Parameter("presence_penalty", ("presence_penalty",), "presence", "without", taken)),
        protocols=(CHAT,),
        reads=("frequency_penalty",),
    ),
    Check(
        id="effort",
        group=Group.PARAMETERS,
        title="Reasoning effort",
        proves="A model that reasons reasons more where more effort is asked for.",
        loss="reasoning effort is not taken as it should be",
        cost=Cost(5, 5 * 80, 5 * 900),
        steps={"without": "nothing set", "low": "with low effort", "high": "with high effort"},
        ask=_ask_effort,
        judge=judge_parameter(_EFFORT),
    ),
)
