"""Keys: the one that is made up, how a refusal of it is judged, and the headers that are taken."""

from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checks.catalogue.auth import wrong_key
from app.checks.registry import by_id
from app.checks.seen import Seen
from app.protocols.ids import CHAT, MESSAGES
from app.recording.records import Request
from tests.checks.catalogue.judged import Answers, found, judgement, one_side
from tests.checks.made import refused, said
from tests.checks.play import KEY, Stage

KEYS = st.from_regex(r"(sk-ant-api03-|sk-proj-|sk-|gsk_|)[A-Za-z0-9_-]{12,90}", fullmatch=True)


@given(KEYS, st.integers())
def test_the_wrong_key_has_the_keys_shape_and_nothing_of_it(key: str, seed: int) -> None:
    wrong = wrong_key(key, Random(seed))
    assert len(wrong) == len(key)
    assert "wrong" in wrong
    prefix = re.match(r"sk-ant-api03-|sk-ant-|sk-proj-|sk-(?:[a-z]{0,6}\d{1,2}[-_])?|gsk_(?:[a-z]{0,6}\d{1,2}[-_])?|", key)
    assert prefix is not None
    body = key[prefix.end() :]
    kept = [one == other for one, other in zip(body, wrong[prefix.end() :], strict=False) if one.isalnum()]
    assert sum(kept) <= len("wrong")  # each letter and digit is another one, but where the mark has it by chance


def test_a_short_key_is_replaced() -> None:
    assert wrong_key("abc", Random(1)) == "wrong"


def both(status: int, protocol: str = MESSAGES) -> Answers:
    one = said(protocol) if status < 400 else refused(protocol, "invalid key", status)
    return {"wrong": [one] * (2 if status >= 500 else 1), "alive": [said(protocol)]}


@pytest.mark.parametrize(
    ("url", "harm"), [("http://127.0.0.1:11434/v1/messages", "note"), ("https://relay.example/v1", "loses")]
)
def test_a_server_on_this_machine_that_takes_any_key_hurts_nobody(url: str, harm: str) -> None:
    b = one_side("wrong_key", both(200))
    b["wrong"].recording.request = Request("POST", url)
    assert by_id()["wrong_key"].judge(Seen(b)).b.harm == harm


@pytest.mark.parametrize(
    ("b", "a", "expected"),
    [
        (401, 401, ("pass", "refused")),
        (403, 401, ("differs", "other_error")),
        (403, None, ("pass", "refused")),
        (400, 401, ("differs", "other_error")),
        (500, 401, ("fail", "asked_again")),
        (200, 401, ("differs", "accepted")),
        (200, None, ("differs", "accepted")),
    ],
)
def test_a_wrong_key(b: int, a: int | None, expected: tuple[str, str]) -> None:
    assert found("wrong_key", both(b), both(a) if a is not None else None) == expected


def test_without_a_key_of_its_own_nothing_is_tried() -> None:
    for check in ("wrong_key", "no_key", "key_headers"):
        assert found(check, {}) == ("unsupported", "no_key")


def styles(x_api_key: int, bearer: int, together: int, protocol: str = MESSAGES) -> Answers:
    pairs = {"x_api_key": x_api_key, "bearer": bearer, "both": together}
    return {step: [said(protocol) if status < 400 else refused(protocol, "no", status)] for step, status in pairs.items()}


@pytest.mark.parametrize(
    ("answers", "client", "expected"),
    [
        (styles(200, 200, 401), "", ("pass", "taken")),
        (styles(200, 401, 401), "", ("fail", "style_refused")),
        (styles(200, 401, 401), "ai-sdk-anthropic", ("pass", "taken")),
        (styles(401, 200, 401), "ai-sdk-anthropic", ("fail", "style_refused")),
        (styles(200, 529, 200), "", ("inconclusive", "status_529")),
    ],
)
def test_headers_count_by_the_client(answers: Answers, client: str, expected: tuple[str, str]) -> None:
    assert found("key_headers", answers, client=client) == expected


def test_openais_client_sends_bearer() -> None:
    assert found("key_headers", styles(401, 200, 200, CHAT), protocol=CHAT) == ("pass", "taken")
    assert "not as x-api-key" in judgement("key_headers", styles(401, 200, 200, CHAT), protocol=CHAT).b.words("B")


def test_a_refusal_for_another_reason_than_the_key_leaves_it_open() -> None:
    assert found("key_works", {"hello": [refused(MESSAGES, "only for Claude Code", 400)]})[0] == "inconclusive"
    assert found("key_works", {"hello": [refused(MESSAGES, "invalid x-api-key", 401)]}) == ("fail", "key")
    money = refused(MESSAGES, "Your credit balance is too low to access the Anthropic API.", 400)
    assert found("key_works", {"hello": [money]}) == ("fail", "money")


def test_the_wrong_key_is_masked_in_what_is_kept(stage: Stage) -> None:
    stage.played("wrong_key", CHAT, "echo_key", a=None)
    assert stage.last is not None
    made_up = wrong_key(KEY, Random("1/wrong_key"))
    for one in stage.last.session.book.exchanges:
        kept = repr(list(one.recording.records()))
        assert made_up not in kept
        assert KEY not in kept
        assert "****" in dict(one.recording.request.headers)["authorization"]
