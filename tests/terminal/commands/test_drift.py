"""`diptych drift` as others use it."""

from __future__ import annotations

import json
from argparse import Namespace

import pytest

from app.store.settings import Settings, SettingsStore
from app.terminal.commands.drift import schedule
from app.text import languages
from app.trend.drift import PLANS
from tests.terminal.program import called


def test_a_round_is_kept_and_compared_and_the_next_is_offered() -> None:
    done = called("drift", "Demo relay", "--against", "Demo official", "--once", "--json")
    facts = json.loads(done.stdout)
    assert (done.returncode, facts["asked"], facts["answered"]) == (0, 2 * len(PLANS), 2 * len(PLANS)), done.stderr
    assert [(one["side"], one["name"], len(one["runs"])) for one in facts["sides"]] == [
        ("a", "Demo official", len(PLANS)), ("b", "Demo relay", len(PLANS)),
    ]  # fmt: skip
    kept = json.loads(called("history", "list", "b:Demo", "Sentinel", "--json").stdout)
    assert sorted(one["run_id"] for one in kept["runs"]) == sorted(facts["run_ids"])
    assert (facts["says"], facts["new"]) == (["No change is seen in 8 runs of 1 day."], [])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--every", "5s"), "at least 10 minutes"),
        (("--every", "9m"), "at least 10 minutes"),
        (("--every", "10m", "--against", "Demo relay"), "another profile"),
    ],
)
def test_wrong_use(more: tuple[str, ...], said: str) -> None:
    done = called("drift", "Demo relay", *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_nothing_is_asked_where_nothing_is_kept() -> None:
    SettingsStore().change(Settings(), keep_runs=False)
    done = called("drift", "Demo relay")
    assert (done.returncode, "nothing to compare with" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("every_s", "cron"),
    [
        (None, "0 6 * * *"),
        (21_600, "0 */6 * * *"),
        (3600, "0 * * * *"),
        (60, "* * * * *"),
        (1800, "*/30 * * * *"),
        (2700, None),
        (18_000, None),
        (172_800, None),
    ],
)
def test_the_line_for_the_system_asks_the_same(every_s: int | None, cron: str | None) -> None:
    given = {"model": None, "key_env": "MY_KEY", "against": "100 % official", "against_model": None, "against_key_env": None}
    lines = schedule(Namespace(profile="My relay", every_s=every_s, allow_insecure=False, **given))
    asked = "drift 'My relay' --key-env MY_KEY --against '100 {} official' --once"
    assert lines[-1].endswith(asked.format("%"))
    assert f"--on-unit-active={every_s or 86_400}s" in lines[-1]
    assert len(lines) == (3 if cron else 2)
    if cron:
        assert f"  {cron} " in lines[1]
        assert lines[1].endswith(asked.format("\\%"))


@pytest.mark.english
def test_a_scheduler_is_told_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"model": None, "key_env": None, "against": None, "against_model": None, "against_key_env": None}
    options = Namespace(profile="演示中转", every_s=3600, allow_insecure=False, **given)
    assert "--lang" not in schedule(options)[-1]
    monkeypatch.setattr(languages, "_now", "zh_CN")
    assert schedule(options)[-1].endswith(" --lang zh_CN drift '演示中转' --once")
