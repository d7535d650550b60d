"""Which endpoint is meant, and what is said where it can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.terminal.endpoint import choose_profile
from tests.terminal.program import called


@pytest.mark.parametrize("written", ["x-gateway=a=b:c", "x-gateway: a=b:c", " x-gateway :a=b:c "])
def test_a_header_is_written_with_an_equals_sign_or_as_curl_does(written: str) -> None:
    given = {"url": "http://127.0.0.1:1", "protocol": "openai-chat", "header": [written]}
    assert choose_profile(None, given, ()).headers == (("x-gateway", "a=b:c"),)


def test_a_broken_profiles_file_is_named_though_the_profile_is_the_demos(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text("[[profiles")
    done = called("models", "Demo official", DIPTYCH_CONFIG_DIR=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "profiles.toml.broken-" in done.stderr


def test_a_profile_that_can_not_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text('[[profiles]]\nname = "Mine"\nauth = "magic"\n')
    done = called("run", "--a", "Mine", DIPTYCH_CONFIG_DIR=str(tmp_path))
    assert done.returncode == 2
    assert "auth is 'magic'" in done.stderr
