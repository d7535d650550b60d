"""`diptych load` as others use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.asking.loading import load_of, sample_of
from app.store.run_file import open_run
from tests.terminal.program import called


def test_the_demo_under_load(tmp_path: Path) -> None:
    page, file = tmp_path / "load.html", tmp_path / "load.diptych"
    more = ("--json", "--report", str(page), "--save", str(file))
    done = called("load", "Demo official", "--steps", "1,4", "--max-tokens", "4", *more)
    assert done.returncode == 0, done.stderr
    assert "Demo official under load" in page.read_text()
    opened, recordings = open_run(file)
    found = load_of(opened)
    assert found is not None
    assert found.spent.requests == 21
    for one in found.load["b"].results:
        assert sample_of(recordings, "b", one.samples["p50"]) is not None
    facts = json.loads(done.stdout)
    assert [(one["step"], one["runs"], one["completed"]) for one in facts["sides"]["b"]["results"]] == [(1, 8, 8), (4, 12, 12)]
    assert facts["says"][0]["kind"] in ("within", "none_within")
    assert done.stderr.startswith("20 requests, about ")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--steps", "4,2"), "each is larger than the one before"),
        (("--steps", "1,x"), "takes numbers with commas"),
        (("--steps", "1.5"), "takes whole numbers"),
        (("--steps", "1,512"), "at most 256"),
        (("--rates", "0"), "each is larger"),
        (("--max-cost", "-1"), "--max-cost must be more than 0"),
        (("--max-tokens", "0"), "must be more than 0"),
    ],
)
def test_wrong_use(more: tuple[str, ...], said: str) -> None:
    done = called("load", "Demo official", *more)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_another_s_machine_is_not_put_under_load_by_mistake() -> None:
    url = ("--url", "https://api.example.invalid/v1", "--protocol", "openai-chat", "--model", "m", "--key-env", "LOAD_KEY")
    for more in ((), ("--mine",), ("--max-cost", "1")):
        done = called("load", *url, *more, LOAD_KEY="sk-test-0123456789abcdef")
        assert done.returncode == 2
        assert "api.example.invalid is another machine" in done.stderr
