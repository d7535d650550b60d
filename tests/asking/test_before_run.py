"""What is looked at before a request leaves."""

from __future__ import annotations

import msgspec
import pytest

from app.asking.before_run import Missing, model_warning, what_is_missing
from app.scenarios import Plan, Scenario
from app.store.profiles import Profile

PROFILE = Profile("Mine", base_url="https://api.anthropic.com")
CUSTOM = Plan(Scenario.CUSTOM, body=b"{}")


@pytest.mark.parametrize("base_url", ["", " ", "api.anthropic.com", "ftp://h", "//h", "localhost:8000"])
def test_an_address_that_is_none_comes_before_the_key(base_url: str) -> None:
    profile = msgspec.structs.replace(PROFILE, base_url=base_url)
    assert what_is_missing(profile, "m", has_key=False) == (Missing.ADDRESS, Missing.KEY)


@pytest.mark.parametrize(
    ("profile", "model", "plan", "has_key", "missing"),
    [
        (None, "", Plan(), False, (Missing.ENDPOINT,)),
        (PROFILE, "", Plan(), False, (Missing.KEY, Missing.MODEL)),
        (PROFILE, "", CUSTOM, False, (Missing.KEY,)),
        (PROFILE, "m", Plan(), False, (Missing.KEY,)),
        (PROFILE, "", Plan(), True, (Missing.MODEL,)),
        (PROFILE, "", CUSTOM, True, ()),
        (PROFILE, "m", Plan(), True, ()),
        (Profile("New"), "", Plan(), False, (Missing.ADDRESS, Missing.KEY, Missing.MODEL)),
        (msgspec.structs.replace(PROFILE, base_url=" http://127.0.0.1:1"), "m", Plan(), True, ()),
    ],
)
def test_all_that_is_missing(
    profile: Profile | None, model: str, plan: Plan, has_key: bool, missing: tuple[Missing, ...]
) -> None:
    assert what_is_missing(profile, model, has_key=has_key, needs_model=plan.needs_model) == missing


def test_a_gpt_model_at_a_claude_endpoint_gets_its_counterpart() -> None:
    assert model_warning(PROFILE, "gpt-4o", None).counterpart == "claude-sonnet-4-6"
    assert model_warning(PROFILE, "claude-sonnet-4-6", None).sentence == ""
    assert model_warning(PROFILE, "", None).sentence == ""
