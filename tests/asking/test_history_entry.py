"""What the history lists and searches of a file: a run's figures and verdicts, the words of any request and answer."""

from __future__ import annotations

import base64
import json
from typing import Any

import msgspec
import pytest

from app.asking.history_entry import entry_in, entry_of, shape_of, texts_of
from app.recording.records import ProfileNote, Request, RunOpened
from app.recording.run_format import dump_run
from app.store.history.entry import Kind
from tests.builders import messages_end, messages_start, messages_text, recording

OPENED = RunOpened("r1", "2026-11-30T01:02:03.456Z", "0", "streaming", {"prompt": "Say\n it  twice"})


def asked(side: Any, text: str, body: bytes = b"{}", **more: Any) -> Any:
    made = recording([(600.0, messages_start() + messages_text(text)), (700.0, messages_end())], side=side, **more)
    made.envelope = msgspec.structs.replace(
        made.envelope, profile=ProfileNote(f"End {side}", "https://h", "anthropic-messages")
    )
    made.request = Request("POST", "https://h/v1", body=body)
    return made


def test_a_run_s_figures_and_words() -> None:
    body = json.dumps({"messages": [{"role": "user", "content": "天气?"}], "system": "Be kind"}).encode()
    missing = asked("b", "Hello there", body)
    missing.body.cut(1)
    made = entry_in(dump_run(OPENED, [asked("a", "Hi", body), missing]))
    assert (made.run_id, made.started_utc, made.kind, made.request) == ("r1", OPENED.started_utc, Kind.RUN, "Say it twice")
    assert (made.prompt, made.answer) == ("天气?\nBe kind", "Hi\nHello there")
    a, b = made.sides
    assert (a.traits and (a.traits.sends_usage, a.traits.input_tokens, a.traits.output_tokens)) == (True, 21, 98)
    assert b.traits is None
    assert (a.side, a.name, a.url, a.model, a.served) == ("a", "End a", "https://h", "claude-opus-4-8", "claude-opus-4-8")
    assert (a.outcome, a.verdict, a.findings, a.ttft_ms) == ("completed", "drop_in", (), 600.0)
    assert (b.outcome, b.verdict) == ("failed", "")
    assert b.findings
    assert a.cost_usd is not None
    assert made.sentence


def test_an_error_s_own_words_are_found() -> None:
    answer = b'{"type": "error", "error": {"type": "not_found_error", "message": "no such model"}}'
    made = recording([(600.0, answer)], status=404, headers=(("content-type", "application/json"),))
    assert "no such model" in entry_of(OPENED, [made]).answer


@pytest.mark.parametrize(("scenario", "kind"), [("checks", Kind.CHECK), ("study", Kind.STUDY), ("load", Kind.LOAD)])
def test_a_session_whose_plan_can_t_be_read_is_listed_all_the_same(scenario: str, kind: Kind) -> None:
    opened = msgspec.structs.replace(OPENED, scenario=scenario, ask={"plan": 5})
    made = entry_of(opened, [asked("b", "One"), asked("b", "Two")])
    assert (made.kind, made.sentence, made.answer) == (kind, "", "One\nTwo")
    assert [(one.requests, one.outcome, one.ttft_ms) for one in made.sides] == [(2, "", None)]


@pytest.mark.parametrize(("why", "outcome"), [("stopped", "cancelled"), ("cap", "cancelled"), ("", "")])
def test_checks_that_were_stopped_are_listed_as_stopped(why: str, outcome: str) -> None:
    spoken = {"b": "anthropic-messages"}
    plan = {"checks": ["text", "stop"], "seed": 1, "protocols": spoken, "models": {"b": "m"}}
    opened = msgspec.structs.replace(OPENED, scenario="checks", ask={"plan": plan | {"left_out": {"stop": why} if why else {}}})
    made = entry_of(opened, [asked("b", "One")])
    (side,) = made.sides
    assert (side.outcome, bool(side.verdict), bool(made.sentence)) == (outcome, True, True)


def test_a_run_of_nothing() -> None:
    made = entry_of(OPENED, [])
    assert (made.sides, made.sentence, made.answer) == ((), "", "")


def test_the_words_of_a_body_are_no_pictures_and_no_names() -> None:
    picture = {"type": "image", "source": {"type": "base64", "data": base64.b64encode(b"x" * 99).decode()}}
    body = {"model": "m", "input": [{"role": "user", "content": [{"type": "input_text", "text": "See this"}, picture]}]}
    assert list(texts_of(json.dumps(body).encode())) == ["See this"]
    assert list(texts_of(b"no JSON")) == []


@pytest.mark.parametrize(
    ("given", "shape"),
    [
        ("msg_01XyZabcdefghijklmnopq12", "msg_*24"),
        ("chatcmpl-AbCdEfGhIjKlMnOp", "chatcmpl-*16"),
        ("gen-1764500000-AbCd1234", "gen-*10-*8"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "*8-*4-*4-*4-*12"),
        ("", ""),
    ],
)
def test_an_id_s_shape_leaves_its_random_parts_out(given: str, shape: str) -> None:
    assert shape_of(given) == shape


def test_a_request_is_listed_by_its_beginning() -> None:
    opened = msgspec.structs.replace(OPENED, ask={"prompt": "x" * 201})
    assert entry_in(dump_run(opened, [asked("a", "Hi")])).request == "x" * 200


def test_of_an_error_s_words_the_beginning_is_searched() -> None:
    made = recording([(600.0, b"y" * 4_097)], side="a", status=500, headers=(("content-type", "text/plain"),))
    assert entry_in(dump_run(OPENED, [made])).answer == "y" * 4_096
