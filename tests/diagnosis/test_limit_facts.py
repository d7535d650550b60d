"""The cases of limits from public bug reports (../shared/cases): which limit, when again, and what is offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.diagnosis import Action, diagnose
from app.exchange.exchange import Exchange
from app.formats.captures import from_body
from app.recording.records import MarkName
from tests.diagnosis.limit_cases import DATE, event
from tests.diagnosis.made import C, R, made, openai

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
PROTOCOLS = {"m": "anthropic-messages", "c": "openai-chat", "r": "openai-responses"}
LATER, MODEL, NOTHING = (Action.RUN_LATER,), (Action.CHOOSE_MODEL,), ()


@pytest.mark.parametrize(
    ("name", "cause", "fix", "actions", "again_s"),
    [
        ("responses-429-resets-in-body.http", "limit of the subscription", "6 days 3 h (2026-11-19 11:14 UTC)", NOTHING, None),
        ("responses-error-event-resets-in.sse", "(plan plus)", "in 2 h 39 min (2026-11-13 10:50 UTC)", LATER, 9568),
        ("messages-429-unified-reset.http", "The five-hour limit", "in 2 h 50 min (11:00 UTC)", LATER, 10228),
        ("messages-503-all-accounts-limited.http", "All accounts behind", "in 7 min 55 s", (*LATER, *MODEL), 475),
        ("chat-429-gemini-per-minute.http", "free quota of 10 requests a minute", "in 34 s", (*LATER, *MODEL), 34),
        ("chat-429-vertex-quota-increase.http", "project's quota", "Waiting rarely helps", MODEL, None),
        ("chat-429-request-larger-than-tpm.http", "(45 210)", "below 30 000 together, or take a larger", NOTHING, None),
        ("chat-429-ratelimit-structured.http", "", "Try again in 45 s.", LATER, 45),
        ("messages-400-out-of-extra-usage.http", "about money", "Waiting is of no use", NOTHING, None),
        ("chat-403-account-overdue-code.http", "owes money", "Pay what is due", NOTHING, None),
    ],
)
def test_cases(name: str, cause: str, fix: str, actions: tuple[Action, ...], again_s: float | None) -> None:
    path = CASES / name
    if not path.is_file():
        pytest.skip("the cases (../shared/cases) are not on this machine")
    found = diagnose(Exchange(from_body(path.read_bytes(), PROTOCOLS[name[0]], name)).finish())
    assert found is not None
    assert cause in found.cause
    assert fix in found.fix
    assert found.actions == actions
    assert found.again_s == (None if again_s is None else pytest.approx(again_s, abs=1))


def test_beside_a_countdown_only_one_of_the_two_tells_the_seconds() -> None:
    short = diagnose(made(429, openai("no"), protocol=C, headers={**DATE, "retry-after": "7"}))
    long = diagnose(made(429, openai("no"), protocol=C, headers={**DATE, "retry-after": "3600"}))
    now = diagnose(made(429, openai("no"), protocol=C, headers={**DATE, "retry-after": "0"}))
    assert short is not None
    assert long is not None
    assert now is not None
    assert now.fix_beside_countdown == now.fix == "It may be tried again at once."
    assert (short.fix, short.fix_beside_countdown) == ("Try again in 7 s.", "")
    assert (long.fix, long.fix_beside_countdown) == ("Try again in 60 min (at 13:00 UTC).", "It opens again at 13:00 UTC.")


def test_an_error_late_in_a_stream_counts_from_its_end() -> None:
    late = made(
        200,
        event('{"type":"error","error":{"type":"rate_limit_error","message":"Rate limit","resets_at":1795262460}}'),
        protocol=R,
        headers={**DATE, "content-type": "text/event-stream"},
        streamed=True,
        marks={MarkName.DNS_BEGIN: 0.0, MarkName.HEAD_END: 500.0},
        body_ms=40_500,
    )
    found = diagnose(late)
    assert found is not None
    assert found.again_s == pytest.approx(20, abs=1)
