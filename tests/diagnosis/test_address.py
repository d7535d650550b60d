"""Base URLs as people type them, and what may have been meant."""

from __future__ import annotations

import pytest

from app.diagnosis.address import Address
from app.protocols.base import join_url
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

PATHS = {MESSAGES: "v1/messages", CHAT: "chat/completions", RESPONSES: "responses"}


def address(base: str, protocol: str = CHAT) -> Address:
    return Address(base, join_url(base, PATHS[protocol]), protocol)


@pytest.mark.parametrize(
    ("base", "protocol", "meant"),
    [
        ("https://h.example/v1/chat/completions", CHAT, "https://h.example/v1"),
        ("https://h.example/v1/chat/completions/", CHAT, "https://h.example/v1"),
        ("https://h.example/v1/responses", RESPONSES, "https://h.example/v1"),
        ("https://h.example/v1/messages", MESSAGES, "https://h.example"),
        ("https://h.example/v1/messages/count_tokens", MESSAGES, "https://h.example"),
        ("https://h.example/anthropic/v1/messages", MESSAGES, "https://h.example/anthropic"),
        ("https://h.example/api/paas/v4/chat/completions", CHAT, "https://h.example/api/paas/v4"),
    ],
)
def test_pasted_path_is_taken_out(base: str, protocol: str, meant: str) -> None:
    assert address(base, protocol).without_endpoint == meant


@pytest.mark.parametrize(
    "base",
    [
        "https://h/v1",
        "https://h/api/v3",
        "https://h/api/paas/v4/",
        "https://h/v1beta/openai",
        "https://h/openai",
        "https://h/v1/x",
    ],
)
def test_version_segments_other_than_v1_count(base: str) -> None:
    assert address(base).has_version


def test_a_path_without_a_version() -> None:
    assert not address("https://h.example").has_version
    assert not address("https://v1.example/api").has_version


@pytest.mark.parametrize(
    ("base", "local"),
    [
        ("http://localhost:11434", True),
        ("http://127.0.0.2", True),
        ("http://[::1]:8080/v1", True),
        ("http://192.168.1.9:8000", False),
        ("http://nas.local", False),
        ("https://api.openai.com/v1", False),
        ("https://localhost.example.com", False),
    ],
)
def test_this_machine_is_told_by_its_host(base: str, local: bool) -> None:
    assert address(base).is_local is local


def test_vendors_by_exact_host_only() -> None:
    assert address("https://api.openai.com/v1").vendor == "OpenAI"
    assert address("https://me.openai.azure.com/openai/v1").vendor == "Azure"
    assert address("https://api.openai.com.evil.example/v1").vendor == ""
    assert address("https://notapi.anthropic.com").vendor == ""


@pytest.mark.parametrize(
    ("location", "meant"),
    [
        ("https://new.example/v1/chat/completions", "https://new.example/v1"),
        ("/api/v1/chat/completions", "https://h.example/api/v1"),
        ("https://new.example/login", ""),
        ("https://new.example/", ""),
        ("http://[broken", ""),
    ],
)
def test_base_url_that_a_redirect_means(location: str, meant: str) -> None:
    assert address("https://h.example/v1").moved_to(location) == meant


@pytest.mark.parametrize(
    "base", ["", " ", "::::", "http://[::1", "https://h:port", "//", "\x00", "https://", "ｈ", "#", "https://h:0"]
)
def test_nothing_that_is_typed_raises(base: str) -> None:
    one = address(base)
    for name in dir(Address):
        if not name.startswith("_"):
            getattr(one, name)
    assert isinstance(one.moved_to("/x"), str)
