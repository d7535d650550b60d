"""A refusal by what it means for the client, beside the control's and alone."""

from __future__ import annotations

import pytest

from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from tests.checks.catalogue.judged import Answers, found, judgement
from tests.checks.made import refused, said

STEP, CHECK = "malformed", "error_malformed"


def answered(status: int, protocol: str = MESSAGES, *, alive: bool = True) -> Answers:
    """A broken request that got this status, each time; a sound one in between was answered, or not."""
    broken = said(protocol) if status < 400 else refused(protocol, "no", status)
    times = 2 if status == 429 or status >= 500 else 1
    return {STEP: [broken] * times, "alive": [said(protocol) if alive else refused(protocol, "busy", 503)]}


# (B, A) to what is said of B; A None: no control, so that the first party's 400 is the measure.
TABLE = {
    (400, 400): ("pass", "refused"),
    (422, 400): ("differs", "other_error"),
    (403, 400): ("differs", "other_error"),
    (500, 400): ("fail", "asked_again"),
    (429, 400): ("fail", "asked_again"),
    (503, 400): ("fail", "asked_again"),
    (200, 400): ("fail", "accepted"),
    (200, 200): ("pass", "as_control"),
    (400, 200): ("differs", "stricter"),
    (500, 500): ("fail", "asked_again"),  # a control that is busy is no measure
    (400, 503): ("pass", "refused"),
    (400, None): ("pass", "refused"),
    (422, None): ("pass", "refused"),
    (404, None): ("differs", "other_error"),
    (500, None): ("fail", "asked_again"),
    (200, None): ("fail", "accepted"),
}


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT, RESPONSES])
@pytest.mark.parametrize("statuses", TABLE, ids=str)
def test_what_a_status_means(statuses: tuple[int, int | None], protocol: str) -> None:
    b, a = statuses
    control = answered(a, protocol) if a is not None else None
    assert found(CHECK, answered(b, protocol), control, protocol) == TABLE[statuses]


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_a_server_that_is_busy_all_the_same_decides_nothing(status: int) -> None:
    assert found(CHECK, answered(status, alive=False), answered(400))[0] == "inconclusive"
    assert found(CHECK, {STEP: [refused(MESSAGES, "no", status)]}, answered(400))[0] == "inconclusive"


def test_a_fault_that_comes_once_is_the_servers() -> None:
    alive: Answers = {"alive": [said(MESSAGES)]}
    busy, refusing = refused(MESSAGES, "no", 529), refused(MESSAGES, "no")
    assert found(CHECK, {STEP: [busy, refusing], **alive}, answered(400)) == ("pass", "refused")
    assert found(CHECK, {STEP: [busy], **alive}, answered(400))[0] == "inconclusive"


def test_it_is_judged_for_the_client() -> None:
    """One that never asks again only raises another class."""
    one = judgement(CHECK, answered(500), answered(400), client="litellm").b
    assert "litellm" in one.words("B")
    assert (one.verdict, one.reason) == ("differs", "other_error")


def test_another_protocols_control_is_no_measure() -> None:
    from app.checks.registry import by_id
    from app.checks.seen import Seen
    from tests.checks.catalogue.judged import one_side

    b = one_side(CHECK, answered(400, CHAT), CHAT)
    a = one_side(CHECK, answered(422), MESSAGES, "a")
    assert by_id()[CHECK].judge(Seen(b, a)).b.reason == "refused"


def test_what_both_do_is_shared() -> None:
    assert judgement(CHECK, answered(500), answered(500)).b.shared
    assert not judgement(CHECK, answered(500), answered(400)).b.shared


def test_words_name_what_is_raised_and_how_often_it_is_asked() -> None:
    words = judgement(CHECK, answered(500), answered(400)).b.words("B")
    assert "500 where 400 is expected" in words
    assert "2 more times" in words
    assert "InternalServerError" in words


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT, RESPONSES])
@pytest.mark.parametrize("check", [CHECK, "error_unknown_model", "wrong_key"])
def test_an_error_in_a_200_is_no_answer(check: str, protocol: str) -> None:
    step = {"wrong_key": "wrong"}.get(check, check.removeprefix("error_"))
    one = judgement(
        check, {step: [refused(protocol, "no such thing", 200)]}, {step: [refused(protocol, "no", 400)]}, protocol
    ).b
    assert (one.verdict, one.reason) == ("fail", "error_in_200")
    assert one.words("B").startswith("B answers 200 with an error in the body, where 400 is expected: ")
    assert one.said == "no such thing"


def test_a_good_status_with_no_answer_is_not_told_as_one_that_was_let_in() -> None:
    page: Answers = {"wrong": [(200, {"hello": "there"})]}
    told = judgement("wrong_key", page, {"wrong": [refused(CHAT, "no", 401)]}, CHAT).b
    assert told.reason == "accepted"
    assert "does not look at keys" not in told.words("B")
