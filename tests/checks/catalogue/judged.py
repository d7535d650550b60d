"""Checks judged by exchanges made by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from app.checks.judgement import Judged, Judgement
from app.checks.registry import by_id
from app.checks.seen import Seen, Steps
from app.exchange.exchange import Exchange
from app.protocols.ids import MESSAGES
from app.recording.records import Envelope, Headers, ProfileNote, Request, SideName
from tests.builders import JSON
from tests.builders import recording as made
from tests.checks.made import MODELS, Answer

Answers = Mapping[str, Sequence[Answer | bytes]]
URL = "https://relay.example/v1/messages"


def one_side(
    check: str,
    answers: Answers,
    protocol: str = MESSAGES,
    side: SideName = "b",
    *,
    headers: Headers = (),
    client: str = "",
    asked: str = "",
) -> Steps:
    """What a side answered, by step; a body of bytes comes with status 400 as it is. `asked` are the words of all requests."""
    exchanges = []
    for step, several in answers.items():
        for n, answer in enumerate(several, 1):
            status, data = (400, answer) if isinstance(answer, bytes) else (answer[0], json.dumps(answer[1]).encode())
            one = made([(500.0, data)], side=side, protocol=protocol, status=status, headers=(*JSON, *headers), streamed=False)
            note = ProfileNote(side, "https://relay.example", protocol)
            one.envelope = Envelope(protocol, note, "checks", MODELS[protocol], side, n, False, "", "", check, step)
            body = {"model": MODELS[protocol], "messages": [{"role": "user", "content": asked}]}
            one.request = Request("POST", URL, (), json.dumps(body, ensure_ascii=False).encode())
            exchanges.append(Exchange(one).finish())
    return Steps(side, protocol, MODELS[protocol], exchanges, check=by_id()[check].sources[0], client=client)


def judgement(check: str, b: Answers, a: Answers | None = None, protocol: str = MESSAGES, **more: object) -> Judgement:
    """What a check makes of both sides; `a` None: there is no control."""
    sides = [one_side(check, each, protocol, name, **more) for each, name in ((b, "b"), (a, "a")) if each is not None]  # type: ignore[arg-type]
    return by_id()[check].judge(Seen(*sides))


def found(check: str, b: Answers, a: Answers | None = None, protocol: str = MESSAGES, **more: object) -> tuple[str, str]:
    """The verdict on B and its reason; its words are made too, so that no field is missing."""
    one = judgement(check, b, a, protocol, **more).b
    say(one)
    return str(one.verdict), one.reason


def say(one: Judged) -> str:
    """All that is said of it."""
    return " | ".join((one.words("B"), one.measured_words("B"), one.advice_words("B"), one.brief_words("B")))
