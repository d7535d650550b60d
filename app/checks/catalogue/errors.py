"""Broken requests: does a refusal reach the client as the vendor's would, so that it raises the same and asks again as often?

Each is one request that the first party refuses without billing it. What decides is the consequence for the client
(`app.checks.consequence`); how the refusal looks besides is judged apart (`error_shapes`).

Known false alarms: a server that is busy answers 429 and 5xx to anything, so that those count only where a sound request right
behind was answered; many compatible servers ignore fields that they don't know, which is a note.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from app.checks.asker import Asker
from app.checks.check import Check, Cost, Group
from app.checks.consequence import ACCEPTED, ALIVE, ALIVE_WORDS, ask_broken, judge_refusal
from app.checks.judgement import Judged
from app.checks.seen import Steps, beside
from app.checks.verdict import Verdict
from app.protocols.findings import Severity
from app.protocols.ids import RESPONSES
from app.recording.records import Request
from app.text.json_text import decode_json, encode_json
from app.text.sentences import unsaid

Body = dict[str, Any]


def _with(asker: Asker, **fields: object) -> Request:
    """A small sound request with fields added or replaced; those that are None are taken out."""
    body = {**_sound_body(asker), **fields}
    return _raw(asker, {name: value for name, value in body.items() if value is not None})


def _sound(asker: Asker) -> Request:
    return asker.build(f"What is the opposite of “early”? One word. (Ignore this: {asker.nonce})", max_tokens=64)


def _sound_body(asker: Asker) -> Body:
    body = decode_json(_sound(asker).body)
    assert isinstance(body, dict)
    return body


def _raw(asker: Asker, body: Body | bytes) -> Request:
    return asker.protocol.build_raw(body if isinstance(body, bytes) else encode_json(body), asker.target)


def _turns(asker: Asker) -> str:
    """The field that holds the conversation."""
    return "input" if asker.about.id == RESPONSES else "messages"


def _limit(asker: Asker) -> str:
    """The field that holds the token limit, as this model takes it."""
    return next((name for name in _sound_body(asker) if "max" in name and "token" in name), "max_tokens")


def _malformed(asker: Asker) -> Request:
    return _raw(asker, _sound(asker).body[:-1])


def _wrong_type(asker: Asker) -> Request:
    return _with(asker, **{_turns(asker): 7})


def _missing(asker: Asker) -> Request:
    return _with(asker, **{_turns(asker): None})


def _unknown_field(asker: Asker) -> Request:
    return _with(asker, zz_probe=1)


def _bad_role(asker: Asker) -> Request:
    return _with(asker, **{_turns(asker): [{"role": "narrator", "content": unsaid("Once upon a time.")}]})


def _unknown_model(asker: Asker) -> Request:
    return _with(asker, model=f"no-such-model-{asker.nonce}")


def _unknown_path(asker: Asker) -> Request:
    request = _sound(asker)
    path, mark, query = request.url.partition("?")
    return msgspec.structs.replace(request, url=f"{path.rstrip('/')}/no-such-path-{asker.nonce}{mark}{query}")


def _negative_limit(asker: Asker) -> Request:
    return _with(asker, **{_limit(asker): -1})


_IGNORED = "{who} ignores a field that the API does not have: a parameter's name that is mistyped goes unnoticed."
_ANY_PATH = "{who} answers {status} at a path that does not exist: a base URL that is wrong looks like one that works."
_ANY_MODEL = "{who} answers though the model does not exist: a name that is mistyped gets another model without a word."


_NO_LIMIT = "{who} answers {status} to a token limit below zero; some servers take that for no limit at all."


class Probe(msgspec.Struct, frozen=True):
    """A broken request.

    Attributes:
        step: its step, and behind `error_` its check's id. make: builds it. status: what the first parties answer.
        also: statuses that are as good where there is no control.
        accepted: the verdict where it is answered, with its `harm` and its `words`; `any_page`: these hold for any page, too.
    """

    step: str
    title: str
    proves: str
    loss: str
    make: Callable[[Asker], Request]
    status: int = 400
    also: tuple[int, ...] = (422,)
    accepted: Verdict = Verdict.FAIL
    harm: Severity | None = None
    words: str = ACCEPTED
    any_page: bool = False

    @property
    def check(self) -> str:
        return f"error_{self.step}"


PROBES = (
    Probe(
        "malformed",
        "Malformed JSON",
        "A body that is no JSON is refused as the official endpoint refuses it.",
        "malformed JSON is not refused as it should be",
        _malformed,
    ),
    Probe(
        "wrong_type",
        "Wrong type",
        "A field of the wrong type is refused as the official endpoint refuses it.",
        "a field of the wrong type is not refused as it should be",
        _wrong_type,
    ),
    Probe(
        "missing",
        "Missing field",
        "A request without its conversation is refused as the official endpoint refuses it.",
        "a missing field is not refused as it should be",
        _missing,
    ),
    Probe(
        "unknown_field",
        "Unknown field",
        "A field that the API does not have is refused: a parameter's name that is mistyped is told.",
        "fields that are not known are ignored",
        _unknown_field,
        accepted=Verdict.DIFFERS,
        harm=Severity.NOTE,
        words=_IGNORED,
    ),
    Probe(
        "bad_role",
        "Unknown role",
        "A role that the API does not have is refused as the official endpoint refuses it.",
        "an unknown role is not refused as it should be",
        _bad_role,
    ),
    Probe(
        "unknown_model",
        "Unknown model",
        "A model that does not exist is refused as the official endpoint refuses it, and is not exchanged for another.",
        "an unknown model is not refused as it should be",
        _unknown_model,
        404,
        (400, 403),
        words=_ANY_MODEL,
    ),
    Probe(
        "unknown_path",
        "Unknown path",
        "A path that does not exist is told as such.",
        "an unknown path is not refused as it should be",
        _unknown_path,
        404,
        (405, 400, 403),
        Verdict.DIFFERS,
        Severity.NOTE,
        _ANY_PATH,
        any_page=True,
    ),
    Probe(
        "negative_limit",
        "Negative limit",
        "A token limit below zero is refused as the official endpoint refuses it.",
        "an impossible limit is not refused as it should be",
        _negative_limit,
        accepted=Verdict.DIFFERS,
        words=_NO_LIMIT,
    ),
)


_SENT = {
    "malformed": "a body that is no JSON",
    "wrong_type": "a number in place of the conversation",
    "missing": "a body without its conversation",
    "unknown_field": "a field that the API does not have",
    "bad_role": "a turn with a role that the API does not have",
    "unknown_model": "a model that does not exist",
    "unknown_path": "a path that does not exist",
    "negative_limit": "a token limit of −1",
}


def _check(probe: Probe) -> Check:
    async def ask(asker: Asker) -> None:
        await ask_broken(asker, probe.step, probe.make(asker), 64)

    def judge(steps: Steps, control: Steps | None) -> Judged:
        return judge_refusal(
            steps,
            control,
            probe.step,
            probe.status,
            also=probe.also,
            accepted=probe.accepted,
            harm=probe.harm,
            words=probe.words,
            any_page=probe.any_page,
        )

    return Check(
        id=probe.check,
        group=Group.ERRORS,
        title=probe.title,
        proves=probe.proves,
        loss=probe.loss,
        cost=Cost(1, 40, 64),
        steps={probe.step: _SENT[probe.step], ALIVE: ALIVE_WORDS},
        ask=ask,
        judge=beside(judge),
    )


CHECKS = tuple(_check(one) for one in PROBES)
