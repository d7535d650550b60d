"""Facts are values and words are the last step: with every template replaced by a code, the logic does the same.

A code is the hash of the template and its fields. What then differs from English must be words, and nothing else: outcomes,
findings, diagnoses, buttons, verdicts, exit codes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from app.diagnosis import may_be_on_other_path
from app.exchange.exchange import Exchange
from app.run.json_report import run_facts
from app.run.side import Side
from app.simulator.server.urls import base_url, fault_endpoint
from app.text.sentences import fields_of
from app.text.translation import translate_with
from tests.diagnosis.cases import CASES
from tests.diagnosis.made import Case, made
from tests.terminal.program import CANARY, called, side_options
from ui.compare.after_run import notice_after
from ui.widgets.notice import Later

pytestmark = pytest.mark.usefixtures("processes_of_commands")
Said = TypeVar("Said")
CODE = "⟦"
MESSAGES, CHAT = "anthropic-messages", "openai-chat"
# Pairs of faults, one a side, of each kind of trouble.
FAULTS = (
    (MESSAGES, "no_stop", "cut_after_n=3"),
    (MESSAGES, "error_401", "redirect_302"),
    (MESSAGES, "error_404_model", "error_429"),
    (MESSAGES, "html_200", "not_http"),
    (MESSAGES, "gzip_cut", "rst"),
    (CHAT, "no_done", "half_frame"),
    (CHAT, "usage_none+id_empty", "error_503_no_channel"),
)


def coded(template: str) -> str:
    """Another template that says the same to nobody."""
    digest = hashlib.sha256(template.encode()).hexdigest()[:8]
    return CODE + digest + "".join(f" {name}={{{name}}}" for name in sorted(fields_of(template))) + "⟧"


@contextmanager
def in_code() -> Iterator[None]:
    translate_with(coded)
    try:
        yield
    finally:
        translate_with(None)


def in_both(said: Callable[[], Said]) -> tuple[Said, Said]:
    """What is said in English, and in code."""
    english = said()
    with in_code():
        return english, said()


def alike(english: object, code: object) -> bool:
    """The same but for words: those that are in code are none of the logic."""
    if isinstance(code, str) and CODE in code:
        return isinstance(english, str) and CODE not in english
    if isinstance(english, dict) and isinstance(code, dict):
        return list(english) == list(code) and all(alike(english[name], code[name]) for name in english)
    if isinstance(english, list | tuple) and isinstance(code, list | tuple):
        return len(english) == len(code) and all(map(alike, english, code))
    return english == code


def words(code: object) -> int:
    """How many sentences there are."""
    if isinstance(code, dict | list | tuple):
        return sum(map(words, code.values() if isinstance(code, dict) else code))
    return isinstance(code, str) and CODE in code


def logic(exchange: Exchange, case: Case | None = None) -> list[object]:
    """All that is made of a recording: read anew, diagnosed, offered, printed."""
    side = Side("a", [Exchange(exchange.recording).finish()], case.context if case else None)
    found, notice = side.diagnosis, notice_after(side, lambda: (("a key", "key"),))
    return [
        str(side.outcome),
        [[one.id, str(one.severity), one.event, one.offset, one.variant, one.title, one.plain] for _, one in side.findings],
        found and [found.rule, [str(one) for one in found.actions], found.again_s, found.wants_key, found.quotes_all],
        found and found.change and [found.change.field, found.change.value, found.change.base_url, found.change.label],
        notice and [notice.title, notice.cause, notice.fix, notice.said, notice.role, notice.about],
        notice and [[label, what(button)] for label, button in notice.actions],
        may_be_on_other_path(exchange, case.context if case else None),
        run_facts(side, None),
    ]


def what(button: object) -> list[object]:
    """What a button stands for, and whether it counts down."""
    meaning = button.meaning if isinstance(button, Later) else button
    return [isinstance(button, Later), getattr(meaning, "field", meaning), getattr(meaning, "value", "")]


def test_each_diagnosis(subtests: pytest.Subtests) -> None:
    for number, case in enumerate(CASES):
        with subtests.test(f"{number}-{case.rule}"):
            english, code = in_both(partial(logic, case.exchange, case))
            assert alike(english, code)
            assert words(code) > 4  # cause and fix, in the notice and in JSON


def test_two_sides_that_are_compared() -> None:
    sides = [Side("a", [CASES[0].exchange]), Side("b", [made(200, "x")])]
    english, code = in_both(lambda: run_facts(*sides))
    assert alike(english, code)
    assert CODE in code["comparison"]["sentence"]


@pytest.mark.parametrize(("protocol", "a", "b"), FAULTS)
def test_a_run_and_the_file_of_it(simulator: str, protocol: str, a: str, b: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    endpoints = [one if one == "official" else fault_endpoint(*one.split("+")) for one in (a, b)]
    sides = [*side_options("a", simulator, endpoints[0], protocol), *side_options("b", simulator, endpoints[1], protocol)]

    def run() -> tuple[int, list[object]]:
        """What does not depend on time, which is another one in each run."""
        done = called("run", *sides, "--json", "--save", str(saved), CANARY_KEY=CANARY)
        return done.returncode, [[one["outcome"], one["diagnosis"]] for one in json.loads(done.stdout)["sides"].values()]

    def read() -> tuple[int, object, int]:
        done, for_people = called("read", str(saved), "--json"), called("read", str(saved))
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], for_people.returncode

    assert alike(*in_both(run))
    english, code = in_both(read)
    assert alike(english, code)
    assert words(code)


@pytest.mark.parametrize("fault", ["official", "error_401", "no_stop"])
def test_the_test_of_an_endpoint(simulator: str, fault: str) -> None:
    endpoint = fault if fault == "official" else fault_endpoint(fault)
    options = ["--url", base_url(simulator, endpoint, MESSAGES), "--protocol", MESSAGES, "--model", "claude-sonnet-4-6"]

    def verdicts() -> tuple[int, list[tuple[str, str]]]:
        done = called("test", *options, "--key-env", "CANARY_KEY", "--json", CANARY_KEY=CANARY)
        return done.returncode, [(one["question"], one["verdict"]) for one in json.loads(done.stdout)["verdicts"]]

    english, code = in_both(verdicts)
    assert english == code
