"""Does thinking survive a tool loop: the signed block is taken back unchanged, and what becomes of a changed one.

A status alone does not tell: relays drop bad blocks, or strip and ask again, and the vendor itself may drop a block in silence
and still answer 200. The input tokens tell: a block that reached the model counts, one that was left out does not. R1 is the
input total with the block as it came, R2 with its signature changed, R3 without the block (CHECKS 3.1).

Needed for a verdict: a refusal of the changed block, or R2 at R1 or at R3, where those two lie at least 10 tokens apart (counts
are exact: what a block counts does not vary from one request to the next). Known false alarms: a model that did not think
(inconclusive), counts that are missing or estimated (inconclusive), a stripped turn that is refused on older models (asked with
thinking disabled). Nothing here says where the answers come from.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from app.checks.asker import Asker
from app.checks.catalogue.thinking_probes import (
    MINT,
    THINKING_ROOM,
    Blocks,
    Minted,
    mint,
    minted,
    question,
    signature_of,
    signed_blocks,
    system_words,
    tampered,
    turns_with,
    without_thinking,
)
from app.checks.catalogue.tool_results import STATION
from app.checks.catalogue.tools import CALLS_A_TOOL
from app.checks.check import FREE, Check, Cost, Group
from app.checks.judgement import Judged, Judgement, Measured, against_control
from app.checks.seen import Seen, Steps, each
from app.checks.tries import refusal
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Options
from app.protocols.ids import MESSAGES
from app.recording.records import Wanted
from app.text.sentences import Phrase, message

TAKEN_BACK = "thinking_replay"
UNCHANGED, TAMPERED, STRIPPED, STRIPPED_OFF = "unchanged", "tampered", "stripped", "stripped_off"
_LEAST_GAP = 10  # tokens between R1 and R3, below which nothing is read out of R2
_NEAR = 0.2  # of that gap


async def _ask_thinking(asker: Asker) -> None:
    found = await mint(asker)
    if found is None:
        return
    one = await _send_back(asker, UNCHANGED, found, found.replay, found.thinking)
    if one.outcome is not Outcome.COMPLETED:
        return
    if tampered(found.replay) != found.replay:
        await _send_back(asker, TAMPERED, found, tampered(found.replay), found.thinking)
    bare = without_thinking(found.replay)
    one = await _send_back(asker, STRIPPED, found, bare, found.thinking)
    if one.status in (400, 422):  # older models want the block where thinking is on
        await _send_back(asker, STRIPPED_OFF, found, bare, "")


async def _send_back(asker: Asker, step: str, found: Minted, replay: Blocks, thinking: str | int) -> Exchange:
    return await asker.ask(
        step,
        turns_with(question(asker.random()), replay, found.answer),
        system=system_words(asker.nonce),
        tools=(STATION,),
        max_tokens=THINKING_ROOM,
        options=Options(thinking=thinking),
        wanted=Wanted.REFUSAL if step == TAMPERED else Wanted.ANSWER,
    )


# -- unchanged --------------------------------------------------------------------------------------------------------

_TAKEN = "{who} takes a thinking block back as it came, behind a tool call."
_REFUSED = (
    "{who} refuses a thinking block of its own that comes back unchanged, byte by byte: agents that think break in the second "
    "turn. {cause}"
)
_NO_BLOCK = "{who} gave no thinking block together with a call, so that there is none to send back."
_NO_THINKING = "{who} refuses to be asked for thinking: {cause:or it does not say why.}"


def _judge_taken(steps: Steps) -> Judged:
    found = minted(steps)
    if found is None:
        return _no_mint(steps)
    if (hindered := steps.hindered(UNCHANGED)) is not None:
        return hindered
    evidence = (steps.evidence(UNCHANGED), steps.evidence(MINT, found.n))
    if steps.refused(UNCHANGED):
        refused = refusal(steps, UNCHANGED)
        return msgspec.structs.replace(refused, sentence=_REFUSED, evidence=evidence)
    return Judged(
        verdict=Verdict.PASS,
        reason="taken",
        sentence=_TAKEN,
        short="taken",
        measured=(Measured("total input with the block", steps.total_input(UNCHANGED), "tokens"),),
        evidence=evidence,
    )


def _no_mint(steps: Steps) -> Judged:
    """Why there is no block to work with."""
    tries = steps.all(MINT)
    if not tries:
        return steps.not_asked()
    if not any(one.outcome is Outcome.COMPLETED for one in tries):
        if steps.refused(MINT, len(tries)):
            return refusal(steps, MINT, len(tries), unsupported=_NO_THINKING)
        return steps.trouble(MINT) or steps.not_asked()
    return Judged(
        verdict=Verdict.INCONCLUSIVE, reason="no_block", sentence=_NO_BLOCK, evidence=(steps.evidence(MINT, len(tries)),)
    )


# -- changed, and left out --------------------------------------------------------------------------------------------


class Fate(StrEnum):
    """What became of a block whose signature was changed."""

    UNKNOWN = "unknown"  # not asked, no answer to it, no counts, or counts that fit nothing
    UNSIGNED = "unsigned"  # there was no signature to change
    REFUSED = "refused"
    STRIPPED = "stripped"  # it was left out on the way, and the answer came
    TAKEN = "accepted"  # it reached the model: nobody looked
    NEVER_THERE = "never_there"  # also an unchanged block does not count


class Found(msgspec.Struct, frozen=True):
    """A fate with the input totals R1, R2, R3 that it was read from, None where the endpoint did not say."""

    fate: Fate
    unchanged: int | None = None
    tampered: int | None = None
    stripped: int | None = None

    @property
    def gap(self) -> int | None:
        """What the block counts."""
        return self.unchanged - self.stripped if self.unchanged is not None and self.stripped is not None else None


def fate_of(steps: Steps) -> Found:
    """What became of a changed block on one side."""
    found = minted(steps)
    if found is None or not steps.completed(UNCHANGED):
        return Found(Fate.UNKNOWN)
    if not any(map(signature_of, signed_blocks(found.replay))):
        return Found(Fate.UNSIGNED)
    bare = STRIPPED if steps.completed(STRIPPED) else STRIPPED_OFF
    totals = steps.total_input(UNCHANGED), steps.total_input(TAMPERED), steps.total_input(bare)
    if steps.refused(TAMPERED):
        return Found(Fate.REFUSED, *totals)
    return Found(_by_counts(found.weight, *totals), *totals) if steps.completed(TAMPERED) else Found(Fate.UNKNOWN, *totals)


def _by_counts(weight: int, unchanged: int | None, changed: int | None, bare: int | None) -> Fate:
    if unchanged is None or changed is None or bare is None:
        return Fate.UNKNOWN
    gap = unchanged - bare
    if gap < _LEAST_GAP:
        return Fate.NEVER_THERE if weight >= 2 * _LEAST_GAP and abs(gap) <= 2 else Fate.UNKNOWN
    place = (changed - bare) / gap
    if abs(place) <= _NEAR:
        return Fate.STRIPPED
    return Fate.TAKEN if abs(place - 1) <= _NEAR else Fate.UNKNOWN


_SHORT: Mapping[Fate, str] = {
    Fate.UNKNOWN: "",
    Fate.UNSIGNED: message("no signature"),
    Fate.REFUSED: message("refused"),
    Fate.STRIPPED: message("stripped"),
    Fate.TAKEN: message("accepted"),
    Fate.NEVER_THERE: message("never counted"),
}
_BRIEF = {
    "stripped": "thinking with a changed signature is left out without a word",
    "never_there": "thinking that is sent back is left out without a word",
}
_LOOKED_AT = "{who}, or what is behind it, looks at the signature: a changed one is refused."
_STRIPPED = (
    "{who} takes a thinking block with a changed signature and leaves it out for the model (input with it {unchanged:count}, "
    "changed {tampered:count}, without {stripped:count} tokens): reasoning is lost on the way, without an error. This says "
    "nothing of where answers come from."
)
_NEVER = (
    "{who} takes thinking blocks back and counts none of their tokens (input with it {unchanged:count}, changed "
    "{tampered:count}, without {stripped:count} tokens), where A counts them: consistent with blocks that are left out on the "
    "way. Your agent loses its reasoning there."
)
_NOBODY = (
    "{who} takes a thinking block with a changed signature, and it counts as the unchanged one does (input with it "
    "{unchanged:count}, changed {tampered:count}, without {stripped:count} tokens): nobody looked at it. A refuses the same: "
    "not consistent with passing blocks on to such an endpoint."
)
_NOBODY_ALONE = (
    "{who} takes a thinking block with a changed signature, and it counts as the unchanged one does (input with it "
    "{unchanged:count}, changed {tampered:count}, without {stripped:count} tokens): nobody looked at it. Without an official "
    "endpoint that refuses the same, that tells nothing."
)
_NO_SIGNATURE = (
    "{who} gives thinking blocks without a signature, where A signs them: an endpoint that checks signatures refuses them "
    "when they come back."
)
_UNSIGNED_ALONE = "{who} gives thinking blocks without a signature, so that there is none to change."
_UNTELLING = (
    "What became of a changed block at {who} can't be told from its counts (input with it {unchanged:count}, changed "
    "{tampered:count}, without {stripped:count} tokens)."
)


def _judge_tampered(seen: Seen) -> Judgement:
    control = fate_of(seen.a) if seen.a is not None else None
    b = _judge_fate(seen.b, fate_of(seen.b), control)
    if seen.a is None or control is None:
        return Judgement(b)
    a = _judge_fate(seen.a, control, None)
    return Judgement(against_control(b, a), a)


def _judge_fate(steps: Steps, found: Found, control: Found | None) -> Judged:
    if minted(steps) is None:
        return _no_mint(steps)
    if found.fate is Fate.UNKNOWN and steps.get(TAMPERED) is not None and (hindered := steps.hindered(TAMPERED)) is not None:
        return hindered
    verdict, reason, sentence = _verdict(found, control)
    totals = {"unchanged": found.unchanged, "tampered": found.tampered, "stripped": found.stripped}
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        brief=_BRIEF.get(reason, ""),
        fields=totals,
        short=_SHORT[found.fate],
        measured=tuple(
            Measured(
                Phrase(
                    message("total input, {block:select unchanged=unchanged|tampered=tampered|stripped=stripped}"), block=name
                ),
                value,
                "tokens",
            )
            for name, value in totals.items()
        ),
        evidence=tuple(
            steps.evidence(step) for step in (TAMPERED, UNCHANGED, STRIPPED, STRIPPED_OFF) if steps.get(step) is not None
        ),
    )


def _verdict(found: Found, control: Found | None) -> tuple[Verdict, str, str]:
    """Verdict, reason and sentence. `control` is None where there is none."""
    match found.fate:
        case Fate.REFUSED:
            return Verdict.PASS, "refused", _LOOKED_AT
        case Fate.STRIPPED:
            return Verdict.DIFFERS, "stripped", _STRIPPED
        case Fate.NEVER_THERE if control is not None and (control.gap or 0) >= _LEAST_GAP:
            return Verdict.DIFFERS, "never_there", _NEVER
        case Fate.TAKEN if control is not None and control.fate is Fate.REFUSED:
            return Verdict.DIFFERS, "accepted", _NOBODY
        case Fate.TAKEN:
            return Verdict.INCONCLUSIVE, "accepted", _NOBODY_ALONE
        case Fate.UNSIGNED if control is not None and control.fate not in (Fate.UNSIGNED, Fate.UNKNOWN):
            return Verdict.DIFFERS, "unsigned", _NO_SIGNATURE
        case Fate.UNSIGNED:
            return Verdict.INCONCLUSIVE, "unsigned", _UNSIGNED_ALONE
        case _:
            return Verdict.INCONCLUSIVE, "unclear", _UNTELLING


CHECKS = (
    Check(
        id=TAKEN_BACK,
        group=Group.CONTEXT,
        title="Thinking sent back",
        proves="A thinking block and its signature are taken back unchanged, behind a tool call.",
        loss="agents that think between tool calls lose their thinking",
        cost=Cost(6, 4500, 3000),
        steps={
            MINT: "a question to think about and call for",
            UNCHANGED: "block sent back unchanged",
            TAMPERED: "4 characters of the signature changed",
            STRIPPED: "without the block",
            STRIPPED_OFF: "without the block, thinking off",
        },
        ask=_ask_thinking,
        judge=each(_judge_taken),
        protocols=(MESSAGES,),
        rests_on=(CALLS_A_TOOL,),
    ),
    Check(
        id="thinking_tampered",
        group=Group.CONTEXT,
        title="Changed signature",
        proves="A thinking block with a changed signature is refused, and not left out or let through in silence.",
        loss="signatures of thinking are not looked at",
        cost=FREE,
        judge=_judge_tampered,
        protocols=(MESSAGES,),
        rests_on=(TAKEN_BACK,),
        reads=(TAKEN_BACK,),
    ),
)
