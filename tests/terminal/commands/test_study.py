"""`diptych study` as others use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.asking.studying import study_pairs_of, study_plan_of
from app.simulator.server.urls import fault_endpoint
from app.store.run_file import open_run
from tests.terminal.program import CANARY, called, side_options

MESSAGES, CHAT = "anthropic-messages", "openai-chat"
PLAN = ("-n", "6", "--warmup", "1", "--seed", "5", "--max-tokens", "8")


@pytest.fixture(scope="module")
def root(simulator: str) -> str:
    return simulator


def study(
    root: str, *more: str, a: str = "fault/lenient", b: str = "fault/lenient", protocol: str = MESSAGES
) -> tuple[int, str, str]:
    sides = side_options("a", root, a, protocol) + side_options("b", root, b, protocol)
    done = called("study", *sides, *more, CANARY_KEY=CANARY)
    return done.returncode, done.stdout, done.stderr


def test_a_later_endpoint_is_said_to_be_later(root: str) -> None:
    code, out, err = study(root, *PLAN, b=fault_endpoint("delay_first_ms=300"))
    assert code == 0, err
    assert "Completed: A 6 of 6, B 6 of 6." in out
    assert "later to the first token (95 %: " in out
    assert err.splitlines()[0].startswith("14 requests, about ")
    assert err.splitlines()[0].endswith("Seed 5.")
    assert err.splitlines()[1].startswith("1 of 6: A ")


def test_json_and_the_file_say_the_same(root: str, tmp_path: Path) -> None:
    file = tmp_path / "study.diptych"
    page = tmp_path / "study.html"
    code, out, _ = study(root, *PLAN, "--json", "--save", str(file), "--report", str(page), protocol=CHAT)
    assert code == 0
    assert "<h2>Side by side</h2>" in page.read_text()
    facts = json.loads(out)
    assert facts["plan"]["pairs"] == facts["pairs"] == 6
    assert facts["plan"]["seed"] == 5
    assert facts["measures"]["ttft"]["difference"]["interval"]["achieved"] == 0.96875
    opened, recordings = open_run(file)
    plan = study_plan_of(opened)
    assert plan is not None
    assert [pair.first for pair in study_pairs_of(plan, recordings)] == [one["first"] for one in facts["runs"]]
    assert CANARY.encode() not in file.read_bytes()
    assert CANARY not in out


def test_an_endpoint_that_refuses_every_time_is_given_up_with_a_sentence(root: str) -> None:
    code, out, _ = study(root, *PLAN, b=fault_endpoint("error_401"))
    assert code == 1
    assert "It was given up: every request to B failed (401 Unauthorized)." in out


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("-n", "0"), "--pairs must be at least 1"),
        (("--warmup", "-1"), "--warmup must be at least 0"),
        (("--max-cost", "0"), "--max-cost must be more than 0"),
        (("--save", "/nowhere/x.diptych"), "--save /nowhere/x.diptych: "),
        (("--report", "x.pdf"), "the name must end with one of .html"),
    ],
)
def test_bad_plans_are_refused_before_anything_is_sent(root: str, more: tuple[str, ...], said: str) -> None:
    code, out, err = study(root, *more)
    assert (code, out) == (2, "")
    assert said in err


def test_a_side_that_is_missing(root: str) -> None:
    done = called("study", *side_options("a", root, "official", MESSAGES), CANARY_KEY=CANARY)
    assert done.returncode == 2
    assert "side B is missing" in done.stderr


def test_a_cap_under_one_pair(root: str) -> None:
    code, out, _ = study(root, *PLAN, "--max-cost", "0.00001")
    assert code == 1
    assert "The cost cap ended it after 0 of 6 pairs." in out
