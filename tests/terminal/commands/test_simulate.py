"""`diptych simulate` as others use it."""

from __future__ import annotations

from tests.terminal.program import run_json, simulating


def test_what_it_says_it_serves_answers_until_ctrl_c() -> None:
    with simulating() as root:
        code, told = run_json(root, b="fault/no_stop")
    assert code == 1
    assert [told["sides"][side]["outcome"] for side in ("a", "b")] == ["completed", "failed"]
