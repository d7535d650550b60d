"""The sentinel's runs are known by what they asked, and what changed is new once."""

from __future__ import annotations

from app.store.history.entry import Entry, Kind, Listed, SideEntry, Traits
from app.trend.drift import PLANS, new_changes, of_sentinel
from app.trend.trend import trend_of


def round_of(day: int, tokens: int) -> list[Listed]:
    """One round on a day of November, each request counted so many tokens."""
    traits = Traits("nginx", ("content-type",), "msg_*24", True, tokens, 5)
    side = SideEntry("b", "Relay", model="m", served="m", outcome="completed", ttft_ms=500.0, traits=traits)
    made = []
    for number, plan in enumerate(PLANS):
        request = " ".join(plan.prompt.split())[:200]
        at = f"2026-11-{day:02}T06:00:{number:02}.000Z"
        entry = Entry(f"{day}x{number}", at, Kind.RUN, plan.scenario, request, sides=(side,))
        made.append(Listed(day * 100 + number, entry))
    return made


def test_the_requests_differ_in_what_the_history_tells_them_apart_by() -> None:
    assert len({" ".join(plan.prompt.split())[:200] for plan in PLANS}) == len(PLANS)
    other = Listed(1, Entry("1", "2026-11-01T00:00:00Z", Kind.RUN, "streaming", "What is a sentinel? Sentinel 1."))
    assert len(of_sentinel([*round_of(1, 100), other])) == len(PLANS)
    assert of_sentinel(round_of(1, 100), [one.entry.run_id for one in round_of(1, 100)]) == []


def test_a_change_is_new_in_the_round_that_shows_it_and_not_in_the_next() -> None:
    runs = [one for day in range(1, 6) for one in round_of(day, 100)]
    calm = trend_of(of_sentinel(runs), "Relay", "m")
    assert calm.changes == []
    said = []
    for day in (6, 7):
        earlier = trend_of(of_sentinel(runs), "Relay", "m")
        runs += round_of(day, 112)
        found = new_changes(earlier, trend_of(of_sentinel(runs), "Relay", "m"))
        said.append([(str(one.measure), one.since_utc[:10], one.before, one.after) for one in found])
    assert said == [[("input_tokens", "2026-11-06", "100", "112")], []]
