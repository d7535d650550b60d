"""Prompt caches, cache reads that nothing explains, and the marks by which stacks are told apart."""

from __future__ import annotations

import pytest

from app.checks.catalogue import prompt_cache, stacks
from app.checks.seen import Seen
from app.checks.verdict import Verdict
from app.protocols.ids import CHAT, MESSAGES
from app.run.marks import form_of
from tests.checks.made import Answer, refused, said, steps
from tests.checks.play import Stage

Answers = dict[str, list[Answer]]
CHECKS = {one.id: one for topic in (prompt_cache, stacks) for one in topic.CHECKS}


def told(check: str, b: Answers, a: Answers | None = None, protocol: str = MESSAGES) -> tuple[str, str]:
    found = CHECKS[check].judge(Seen(steps(protocol, b), steps(protocol, a, "a") if a is not None else None))
    for one in (found.b, found.a):
        if one is not None:
            assert "{" not in one.words("B")
            one.measured_words("B")
    return str(found.b.verdict), found.b.reason


def cached(read: int = 0, written: int = 0, plain: int = 20) -> Answer:
    counts = {
        "input_tokens": plain,
        "cache_read_input_tokens": read,
        "cache_creation_input_tokens": written,
        "output_tokens": 3,
    }
    return said(MESSAGES, usage=counts)


def asked(first: Answer, second: list[Answer], other: Answer) -> Answers:
    return {"first": [first], "second": second, "other": [other]}


HITS = asked(cached(written=6000), [cached(read=6000)], cached(written=6000))
MISSES = asked(cached(written=6000), [cached(written=6000)] * 3, cached(written=6000))
UNCOUNTED = said(MESSAGES, usage={"input_tokens": 6020, "output_tokens": 3})
UNTOLD = asked(UNCOUNTED, [UNCOUNTED] * 3, UNCOUNTED)
# The total of a request, as OpenAI counts it, with what was read of it a second time beside it.
TWICE = asked(cached(plain=6020), [cached(plain=6020, read=5900)], cached(plain=6020))
CACHES: list[tuple[Answers, Answers | None, tuple[str, str]]] = [
    (HITS, HITS, ("pass", "hits")),
    (HITS, None, ("pass", "hits")),
    (asked(cached(written=6000), [cached(), cached(read=6000)], cached(written=6000)), None, ("pass", "hits")),
    (MISSES, HITS, ("differs", "no_hit")),
    (UNTOLD, HITS, ("differs", "untold")),
    (UNTOLD, None, ("inconclusive", "untold")),
    (UNTOLD, MISSES, ("inconclusive", "untold")),
    (TWICE, HITS, ("differs", "twice")),
    (TWICE, None, ("differs", "twice")),
    (MISSES, MISSES, ("inconclusive", "no_hit")),
    (MISSES, None, ("inconclusive", "no_hit")),
    (asked(cached(written=6000), [cached(read=900)], cached(written=6000)), HITS, ("differs", "no_hit")),
    (asked(cached(written=6000), [cached(read=6000)], cached(read=1500)), HITS, ("differs", "unexplained")),
    (asked(cached(read=1500), [cached(read=6000)], cached()), None, ("differs", "unexplained")),
    (asked(cached(written=6000), [refused(MESSAGES, "later", 529)], cached()), HITS, ("inconclusive", "status_529")),
]


@pytest.mark.parametrize(("b", "a", "expected"), CACHES)
def test_prompt_cache(b: Answers, a: Answers | None, expected: tuple[str, str]) -> None:
    assert told("prompt_cache", b, a) == expected


def test_cache_reads_that_nothing_explains() -> None:
    assert told("cache_reads", {"plain": [cached()], "hello": [cached()]}) == ("pass", "none")
    assert told("cache_reads", {"plain": [cached(read=1408)], "hello": [cached()]}) == ("differs", "unexplained")
    assert told("cache_reads", {"plain": [said(MESSAGES)]}) == ("pass", "none")
    assert told("cache_reads", {"plain": [refused(MESSAGES, "no", 401)]}) == ("inconclusive", "status_401")


@pytest.mark.parametrize(
    ("response_id", "form"),
    [
        ("msg_01XFDUDYJgAACzvnptvVoYEL", "msg_*"),
        ("msg_bdrk_01XFDUDYJgAACzvnptvVoYEL", "msg_bdrk_*"),
        ("chatcmpl-BkTzQ0f6xQ5JcF5YpX9n7c2hP3aVw", "chatcmpl-*"),
        ("resp_68a1f0c2", "resp_*"),
        ("2024112012345678", "*"),
        ("b7d1c6f0-1c1e-4f5e-9d0a-1f2e3d4c5b6a", "uuid"),
        ("chatcmpl-b7d1c6f0-abcd-4f5e-9d0a-1f2e3d4c5b6a", "chatcmpl-uuid"),
        ("aBc_de-fgh_Ij", "*"),
        ("", "*"),
    ],
)
def test_the_form_of_ids(response_id: str, form: str) -> None:
    assert form_of(response_id) == form


def answers(*ids: str, model: str = "m") -> Answers:
    return {f"step-{number}": [said(CHAT, id=one, model=model)] for number, one in enumerate(ids)}


ONE = answers(*(f"chatcmpl-Abc{number}" for number in range(8)))
TWO = answers(*(f"chatcmpl-Abc{number}" for number in range(6)), "gen-1", "gen-2")


def test_two_stacks_on_one_endpoint() -> None:
    assert told("one_stack", ONE, ONE, CHAT) == ("pass", "one")
    assert told("one_stack", TWO, ONE, CHAT) == ("differs", "two")
    assert told("one_stack", TWO, None, CHAT) == ("differs", "two")
    assert told("one_stack", {**ONE, "x": answers("chatcmpl-A9", model="other")["step-0"]}, None, CHAT) == ("differs", "two")
    once = answers(*(f"chatcmpl-Abc{number}" for number in range(8)), "gen-1")
    assert told("one_stack", once, None, CHAT) == ("inconclusive", "once")
    uuids = (f"chatcmpl-b7d1c6f0-{part}-4f5e-9d0a-1f2e3d4c5b6a" for part in ("1c1e", "abcd", "fade", "0a0b", "beef", "cafe"))
    assert told("one_stack", answers(*uuids), None, CHAT) == ("pass", "one")
    assert told("one_stack", answers("a", "b"), None, CHAT) == ("inconclusive", "few")
    found = CHECKS["one_stack"].judge(Seen(steps(CHAT, TWO), steps(CHAT, TWO, "a"))).b
    assert found.shared
    assert [one.step for one in found.evidence] == ["step-6", "step-7"]
    assert "2 of B's 8 answers" in found.words("B")


def test_marks_are_evidence_alone() -> None:
    ours, theirs = {"plain": [said(CHAT, id="chatcmpl-1A")]}, {"plain": [said(CHAT, id="gen-1A")]}
    assert told("marks", ours, ours, CHAT) == ("pass", "like")
    assert told("marks", theirs, ours, CHAT) == ("pass", "unlike")
    assert told("marks", {"plain": [refused(CHAT, "no", 500)]}, ours, CHAT)[0] == "inconclusive"


@pytest.mark.parametrize("protocol", [MESSAGES, CHAT])
def test_two_sides_of_one_account_do_not_read_what_the_other_wrote(stage: Stage, protocol: str) -> None:
    found = stage.played("prompt_cache", protocol)
    assert found.a is not None
    assert [(one.verdict, one.reason) for one in (found.b, found.a)] == [(Verdict.PASS, "hits")] * 2
