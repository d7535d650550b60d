"""Which endpoint is meant, and what is said where it can't be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.presets import demo_profiles
from app.terminal.endpoint import choose_profile, demo_names, find_profile, is_demo_name
from app.text.translation import translate_with
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


def test_a_demo_endpoint_is_found_by_its_english_name_and_by_that_of_the_language_of_now() -> None:
    translate_with(lambda template: "演示中转{suffix}" if template == "Demo relay{suffix}" else template)
    try:
        demos = demo_profiles("http://127.0.0.1:9")
        assert demo_names()[1] == "演示中转"
        assert is_demo_name("演示中转")
        assert is_demo_name("Demo relay")
        assert not is_demo_name("中转")
        assert not is_demo_name("")
        assert find_profile("Demo relay (Chat)", demos) is find_profile("演示中转 (Chat)", demos) is demos[3]
    finally:
        translate_with(None)
