"""Offers of the environment and `.env`: named, masked, fetched on demand, never taken over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.asking.environment import Offer, offers, value_of

KEY = "sk-ant-0123456789abcdefXY"


def by_name(found: list[Offer]) -> dict[str, Offer]:
    return {offer.variable: offer for offer in found}


def test_the_environment(tmp_path: Path) -> None:
    environ = {
        "OPENAI_BASE_URL": "https://me:pass@h/v1",
        "GROQ_API_KEY": KEY,
        "ANTHROPIC_AUTH_TOKEN": KEY,
        "ANTHROPIC_API_KEY": KEY,
        "CLAUDE_API_KEY": " ",
        "PATH": "/bin",
    }
    found = offers(environ, tmp_path)
    assert [offer.variable for offer in found] == [
        "ANTHROPIC_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "OPENAI_BASE_URL",
        "GROQ_API_KEY",
    ]
    named = by_name(found)
    assert named["ANTHROPIC_API_KEY"].masked == "sk-ant-••••XY"
    assert named["ANTHROPIC_AUTH_TOKEN"].auth == "bearer"
    assert named["OPENAI_BASE_URL"].masked == "https://h/v1"
    assert named["OPENAI_BASE_URL"].suits("openai-responses")
    assert not named["OPENAI_BASE_URL"].suits("anthropic-messages")
    assert named["GROQ_API_KEY"].suits("openai-chat")
    assert KEY not in repr(found)
    assert "pass" not in repr(found)
    assert value_of(named["ANTHROPIC_API_KEY"], environ, tmp_path) == KEY
    assert value_of(named["ANTHROPIC_API_KEY"], {}, tmp_path) is None


def test_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    (tmp_path / ".env").write_text(
        f"# keys\nexport OPENAI_API_KEY='{KEY}$HOME'\nANTHROPIC_API_KEY=other-key-of-file\nANTHROPIC_BASE_URL=https://relay\nEMPTY_API_KEY=\nBARE_API_KEY\n"
    )
    named = by_name(offers())
    assert named["OPENAI_API_KEY"].source == ".env"
    assert value_of(named["OPENAI_API_KEY"]) == f"{KEY}$HOME"
    assert named["ANTHROPIC_API_KEY"].source == "environment"
    assert named["ANTHROPIC_BASE_URL"].masked == "https://relay"
    assert not {"EMPTY_API_KEY", "BARE_API_KEY"} & named.keys()
    assert "OPENAI_API_KEY" not in os.environ


def test_a_key_is_taken_as_it_is_written_whatever_looks_like_a_variable_in_it(tmp_path: Path) -> None:
    environ = {"HOME": "/home/me", "ANTHROPIC_API_KEY": KEY}
    (tmp_path / ".env").write_text('OPENAI_API_KEY=sk-${HOME}-${ANTHROPIC_API_KEY}\nGROQ_API_KEY="gsk-${HOME}-$HOME"\n')
    named = by_name(offers(environ, tmp_path))
    assert value_of(named["OPENAI_API_KEY"], environ, tmp_path) == "sk-${HOME}-${ANTHROPIC_API_KEY}"
    assert value_of(named["GROQ_API_KEY"], environ, tmp_path) == "gsk-${HOME}-$HOME"


@pytest.mark.parametrize(("size", "offered"), [(1_048_576, 1), (1_048_577, 0)])
def test_an_env_file_has_a_limit_of_size(tmp_path: Path, size: int, offered: int) -> None:
    line = f"OPENAI_API_KEY={KEY}\n#"
    (tmp_path / ".env").write_text(line.ljust(size, "x"))
    assert (tmp_path / ".env").stat().st_size == size
    assert len(offers({}, tmp_path)) == offered


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\0\0", b"= = =\n'"])
def test_an_env_file_that_can_not_be_read_offers_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    assert offers({}, tmp_path) == []


def test_a_folder_called_env_offers_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert offers({}, tmp_path) == []
