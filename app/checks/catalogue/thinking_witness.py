"""Prefix witness: a thinking block of B's is shown to A, the official endpoint, behind the very bytes that B was sent.

The vendor seals a block to its account, its model and, on some models, to the conversation before it. With the beta of binding
controls the answer says what became of it, so that A can witness that the vendor saw what we sent to B, and nothing before it.
Without that header a block may be dropped in silence under a 200, which therefore says nothing (CHECKS 0 and 3.1).

The controls come first, all at A: its own block goes back as it came (rules out our own bytes), with a changed signature (does
A look at all), and behind one changed word of the system prompt (is the prefix checked at all). Needed for a verdict: A refuses
the changed ones and takes the unchanged one; then what it says of B's block is the vendor's own word (the table below). Known
false alarms: a relay with an account of its own on models that are tied to the account (inconclusive), clouds whose signatures
A does not accept ("not consistent with pass-through", never more).
"""

from __future__ import annotations

import re
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
    minted_by,
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
from app.checks.check import Check, Control, Cost, Group
from app.checks.judgement import Evidence, Judged, Judgement, Measured
from app.checks.seen import Seen, Steps
from app.checks.verdict import Verdict
from app.exchange.exchange import Exchange, Outcome
from app.protocols.base import Target
from app.protocols.ids import MESSAGES
from app.recording.records import Wanted
from app.text.json_text import decode_json
from app.text.sentences import Phrase, message

BETA = "thinking-binding-controls-2026-08-01"
OWN, OWN_TAMPERED, OWN_CHANGED = "own", "own_tampered", "own_changed"
CROSS, CROSS_BARE = "cross", "cross_bare"
_BROKEN = frozenset({OWN_TAMPERED, OWN_CHANGED, CROSS})  # where a refusal is what is asked about
_LEAST_COUNTED = 5  # tokens that B's block adds at A, below which it is taken as left out
# The vendor's own words of refusal (CHECKS 3.1; Bedrock words the second as a missing field).
_OTHER_CONVERSATION = re.compile(r"bound to a different conversation|different conversation", re.I)
_INVALID = re.compile(r"invalid `?(?:signature|data)`? in `?(?:redacted_)?thinking", re.I)
_MALFORMED = re.compile(r"signature: field required|expected `?thinking", re.I)
_NO_BINDING = re.compile(r"block_binding", re.I)


class Way(StrEnum):
    """How A is asked: which of its controls it takes, the strictest first."""

    ERROR = "error"  # the header, and a mismatch of the prefix is to be an error
    REPORTED = "reported"  # the header alone: what becomes of a block is reported
    SILENT = "silent"  # neither


_OWN_BLOCK = message(
    "A's own block to A{way:select error=, a mismatch to be an error|reported=, its fate to be reported|silent=}"
)


# -- asking -----------------------------------------------------------------------------------------------------------


async def _ask_mint(asker: Asker) -> None:
    await mint(asker)


async def _ask_across(a: Asker, b: Asker) -> None:
    own, other = minted_by(a), minted_by(b)
    if own is None or other is None:
        return
    way = await _ask_own(a, own)
    if way is None:
        return
    await _show(a, OWN_TAMPERED, own, tampered(own.replay), own.thinking, way)
    await _show(a, OWN_CHANGED, own, own.replay, own.thinking, way, changed=True)
    await _show(a, CROSS, other, other.replay, own.thinking, way)
    await _show(a, CROSS_BARE, other, without_thinking(other.replay), own.thinking, way)


async def _ask_own(a: Asker, own: Minted) -> Way | None:
    """A's own block goes back to it; the strictest way that A takes, None where it takes none."""
    for way in Way:
        one = await _show(a, f"{OWN}_{way}", own, own.replay, own.thinking, way)
        if one.outcome is Outcome.COMPLETED:
            return way
        if one.status not in (400, 422):
            return None
    return None


async def _show(
    a: Asker, step: str, found: Minted, replay: Blocks, thinking: str | int, way: Way, *, changed: bool = False
) -> Exchange:
    system = system_words(a.nonce)
    return await a.ask(
        step,
        turns_with(question(a.random()), replay, found.answer),
        system=system.replace("observatory", "laboratory") if changed else system,
        tools=(STATION,),
        max_tokens=THINKING_ROOM,
        extra={"thinking": _thinking(thinking, way)},
        target=_with_beta(a.target) if way is not Way.SILENT else None,
        wanted=Wanted.REFUSAL if step in _BROKEN else Wanted.ANSWER,
    )


def _thinking(setting: str | int, way: Way) -> dict[str, object]:
    base: dict[str, object] = {"type": setting} if isinstance(setting, str) else {"type": "enabled", "budget_tokens": setting}
    return base | {"block_binding": {"prefix_mismatch_behavior": "error"}} if way is Way.ERROR else base


def _with_beta(target: Target) -> Target:
    given = target.anthropic_beta
    return msgspec.structs.replace(target, anthropic_beta=f"{given},{BETA}" if given else BETA)


# -- reading ----------------------------------------------------------------------------------------------------------


class Said(StrEnum):
    """What A said of a block."""

    CLEAN = "clean"  # it was taken, and nothing was reported of it
    UNREPORTED = "unreported"  # it was taken, and nothing is ever reported
    PREFIX = "prefix_binding_mismatch"
    MODEL = "model_binding_mismatch"
    ORGANIZATION = "organization_binding_mismatch"
    END_USER = "end_user_binding_mismatch"
    INVALID = "invalid"
    MALFORMED = "malformed"
    NO_CONTROL = "no_control"
    OTHER = "other"  # refused, or reported, in a way that is not known


def said_of(one: Exchange) -> Said:
    """What an answer of A says of the block that it was shown."""
    if one.outcome is Outcome.COMPLETED:
        return _reported(one)
    error = one.reading.error
    message = error.message if error is not None else ""
    for pattern, said in (
        (_OTHER_CONVERSATION, Said.PREFIX),
        (_INVALID, Said.INVALID),
        (_MALFORMED, Said.MALFORMED),
        (_NO_BINDING, Said.NO_CONTROL),
    ):
        if pattern.search(message):
            return said
    return Said.OTHER


def _reported(one: Exchange) -> Said:
    try:
        document = decode_json(bytes(one.decoded.data))
    except ValueError:
        document = None
    entries = document.get("input_transformations") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        return Said.UNREPORTED
    if not entries:
        return Said.CLEAN
    reasons = [one.get("reason") for one in entries if isinstance(one, dict)]
    return next((Said(reason) for reason in reasons if reason in _MISMATCHES), Said.OTHER)


_MISMATCHES = frozenset({Said.PREFIX, Said.MODEL, Said.ORGANIZATION, Said.END_USER})


class Witness(msgspec.Struct, frozen=True):
    """What A said of B's block, once its controls had held.

    `prefix_checked`: A noticed one changed word before its own block. `counted`: tokens that B's block adds at A, None where A
    did not say.
    """

    said: Said
    prefix_checked: bool
    counted: int | None = None

    @property
    def reached(self) -> bool:
        """Whether B's block was shown to the model."""
        return self.counted is not None and self.counted >= _LEAST_COUNTED


class Row(msgspec.Struct, frozen=True):
    """A row of the table of CHECKS 3.1: what is said where A said this of B's block.

    `prefix_checked`, `reached`: the row is for such a witness alone; None for either.
    """

    said: Said
    verdict: Verdict
    reason: str
    sentence: str
    short: str
    prefix_checked: bool | None = None
    reached: bool | None = None

    def fits(self, witness: Witness) -> bool:
        return (
            self.said is witness.said
            and self.prefix_checked in (None, witness.prefix_checked)
            and self.reached in (None, witness.reached)
        )


_CHANGED = (
    "The vendor made the thinking of {who}, but what it saw before it is **not what was sent** to {who}: a prompt, tools or "
    "messages were added or changed on the way. (A took its own block back, so that it is not our own bytes.)"
)
_ACCOUNT = "The vendor made the thinking of {who} under another account; more can't be read from it."
_DROPPED = "A takes the block of {who} and does not count it: it may have been dropped in silence, which tells nothing."

# "R5 gives" and the honest sentence, in the order in which they are tried.
TABLE: tuple[Row, ...] = (
    Row(Said.CLEAN, Verdict.INCONCLUSIVE, "dropped", _DROPPED, "dropped in silence", reached=False),
    Row(
        Said.CLEAN,
        Verdict.PASS,
        "witnessed",
        "The vendor made the thinking of {who} with a model that A's model may read, and system prompt, tools and messages "
        "**reached it exactly as sent**: no hidden prompt stands before them.",
        "as sent",
        prefix_checked=True,
    ),
    Row(
        Said.CLEAN,
        Verdict.INCONCLUSIVE,
        "vendor_made",
        "The vendor made the thinking of {who} with a model that A's model may read. It does not check what stood before it, "
        "so that nothing is said of the prompt.",
        "the vendor's",
        prefix_checked=False,
    ),
    Row(Said.PREFIX, Verdict.DIFFERS, "prefix_changed", _CHANGED, "another prompt"),
    Row(
        Said.MODEL,
        Verdict.DIFFERS,
        "other_model",
        "The vendor made the thinking of {who} with another model than the one that was asked for, or with one whose thinking "
        "A's model may not read.",
        "another model",
    ),
    Row(Said.ORGANIZATION, Verdict.INCONCLUSIVE, "other_account", _ACCOUNT, "another account"),
    Row(Said.END_USER, Verdict.INCONCLUSIVE, "other_account", _ACCOUNT, "another account"),
    Row(
        Said.INVALID,
        Verdict.DIFFERS,
        "not_verifiable",
        "A can't verify the thinking of {who}: it was altered or invented, or comes from a cloud whose signatures A does not "
        "accept. That is not consistent with passing answers through.",
        "not verifiable",
    ),
    Row(
        Said.MALFORMED,
        Verdict.INCONCLUSIVE,
        "malformed",
        "A finds the block of {who} malformed (no signature, or none where one must be): nothing can be said of it.",
        "malformed",
    ),
    Row(
        Said.UNREPORTED,
        Verdict.INCONCLUSIVE,
        "no_control",
        "A has no control for bound blocks: it takes the block of {who} without saying what became of it. It may have been "
        "dropped in silence, so that this proves little.",
        "taken, unreported",
    ),
    Row(
        Said.NO_CONTROL,
        Verdict.INCONCLUSIVE,
        "no_control",
        "A has no control for bound blocks, so that nothing can be said of the block of {who}.",
        "no control",
    ),
    Row(
        Said.OTHER,
        Verdict.INCONCLUSIVE,
        "unknown",
        "What A says of the block of {who} is not known to Diptych: nothing can be said of it.",
        "unknown",
    ),
)


def row_for(witness: Witness) -> Row:
    """The row of the table."""
    return next(row for row in TABLE if row.fits(witness))


# -- judging ----------------------------------------------------------------------------------------------------------

_NO_BLOCK = "{who} gave no thinking block together with a call, so that there is none to show."
_UNSIGNED = "{who} gives thinking blocks without a signature: there is nothing that A could verify."
_OWN_REFUSED = "A does not take its own block back unchanged, so that nothing can be said of another's."
_OWN_NOTED = "A reports something of its own unchanged block ({said}), so that nothing can be said of another's."
_BLIND = "A takes a block with a changed signature: it does not verify any, so that nothing can be said of another's."
_HOLDS = (
    "A takes its own block back, refuses a changed signature, and {checked:if notices one changed word of the prompt before it|"
    "does not notice a changed word of the prompt before it}: it can be a witness{checked:if |, though not of the prompt}."
)


def _judge(seen: Seen) -> Judgement:
    if seen.a is None:  # Control.NEEDED: it is there
        return Judgement(seen.b.not_asked())
    a, way = _judge_control(seen.a)
    return Judgement(_judge_other(seen.b, seen.a, a, way), a)


def _judge_control(a: Steps) -> tuple[Judged, Way | None]:
    """Whether A can be a witness, and in which way it was asked."""
    if minted(a) is None:
        return _no_block(a), None
    way = next((one for one in Way if a.completed(f"{OWN}_{one}")), None)
    if way is None:
        return _refused_own(a), None
    if (hindered := a.hindered(OWN_TAMPERED) or a.hindered(OWN_CHANGED)) is not None:
        return hindered, None
    own = said_of(a[f"{OWN}_{way}"])
    evidence = tuple(a.evidence(step) for step in (f"{OWN}_{way}", OWN_TAMPERED, OWN_CHANGED))
    if own not in (Said.CLEAN, Said.UNREPORTED):
        return _unclear("own_noted", _OWN_NOTED, evidence, said=str(own)), None
    if a.completed(OWN_TAMPERED) and said_of(a[OWN_TAMPERED]) in (Said.CLEAN, Said.UNREPORTED):
        return _unclear("blind", _BLIND, evidence), None
    checked = said_of(a[OWN_CHANGED]) is Said.PREFIX
    holds = Judged(
        verdict=Verdict.PASS,
        reason="witness",
        sentence=_HOLDS,
        fields={"checked": checked},
        short="can witness",
        measured=(Measured("control", str(way)),),
        evidence=evidence,
    )
    return holds, way


def _refused_own(a: Steps) -> Judged:
    if not any(a.get(f"{OWN}_{way}") for way in Way):
        return _no_block(a) if a.left_out == "" else a.not_asked()
    first = next(way for way in reversed(Way) if a.get(f"{OWN}_{way}") is not None)
    return a.hindered(f"{OWN}_{first}") or _unclear("own_refused", _OWN_REFUSED, (a.evidence(f"{OWN}_{first}"),))


def _no_block(steps: Steps) -> Judged:
    tries = steps.all(MINT)
    if not tries:
        return steps.not_asked()
    last = tries[-1]
    if last.outcome is not Outcome.COMPLETED and not steps.refused(MINT, len(tries)):
        return steps.trouble(MINT) or steps.not_asked()
    return _unclear("no_block", _NO_BLOCK, (steps.evidence(MINT, len(tries)),))


def _unclear(reason: str, sentence: str, evidence: tuple[Evidence, ...], **fields: object) -> Judged:
    return Judged(verdict=Verdict.INCONCLUSIVE, reason=reason, sentence=sentence, fields=fields, evidence=evidence)


def _judge_other(b: Steps, a: Steps, control: Judged, way: Way | None) -> Judged:
    found = minted(b)
    if found is None:
        return _no_block(b)
    if way is None:  # A's reason is B's
        return msgspec.structs.replace(control, verdict=Verdict.INCONCLUSIVE)
    if not any(map(signature_of, signed_blocks(found.replay))):
        return _unclear("unsigned", _UNSIGNED, (b.evidence(MINT, found.n),))
    if (hindered := a.hindered(CROSS)) is not None:
        return hindered
    totals: Mapping[str, int | None] = {step: a.total_input(step) for step in (CROSS, CROSS_BARE)}
    shown, bare = totals[CROSS], totals[CROSS_BARE]
    counted = shown - bare if shown is not None and bare is not None else None
    witness = Witness(said_of(a[CROSS]), bool(control.fields.get("checked")), counted)
    row = row_for(witness)
    error = a[CROSS].reading.error
    return Judged(
        verdict=row.verdict,
        reason=row.reason,
        sentence=row.sentence,
        short=row.short,
        measured=(Measured("input tokens of the block at A", counted, "tokens", formula="with it - without it"),),
        evidence=(a.evidence(CROSS), b.evidence(MINT, found.n), *control.evidence),
        said=error.message if error is not None and not error.ours else "",
    )


CHECKS = (
    Check(
        id="prefix_witness",
        group=Group.IDENTITY,
        title="Prefix witness",
        proves="The vendor made the thinking, and saw before it exactly what was sent.",
        loss="the vendor did not see just what was sent",
        cost=Cost(9, 5500, 2500),
        steps={
            MINT: "a question to think about and call for",
            **{f"{OWN}_{way}": Phrase(_OWN_BLOCK, way=str(way)) for way in Way},
            OWN_TAMPERED: "A's own block, signature changed, to A",
            OWN_CHANGED: "A's own block behind another prompt, to A",
            CROSS: "B's block to A",
            CROSS_BARE: "B's turn without its block, to A",
        },
        ask=_ask_mint,
        across=_ask_across,
        judge=_judge,
        control=Control.NEEDED,
        protocols=(MESSAGES,),
        rests_on=(CALLS_A_TOOL,),
    ),
)
