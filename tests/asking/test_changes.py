"""Changes that a fix or a choice brings to a profile."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from app.asking.changes import apply_change, is_applicable, leads_elsewhere, with_protocol
from app.diagnosis import ProfileChange
from app.store.profiles import Profile

MESSAGES, CHAT, RESPONSES = "anthropic-messages", "openai-chat", "openai-responses"
PROFILE = Profile("P", base_url="https://h.example", model="m", headers=(("a", "b"), ("x-api-key", "1")))


@pytest.mark.parametrize(
    ("change", "get", "value"),
    [
        (ProfileChange("base_url", "https://x/v1", ""), lambda p: p.base_url, "https://x/v1"),
        (ProfileChange("auth", "bearer", ""), lambda p: p.auth, "bearer"),
        (ProfileChange("model", "n", ""), lambda p: p.model, "n"),
        (ProfileChange("limits.silence_s", 60.0, ""), lambda p: p.limits.silence_s, 60.0),
        (ProfileChange("headers", "User-Agent=x=y", ""), lambda p: p.headers, (*PROFILE.headers, ("User-Agent", "x=y"))),
        (ProfileChange("headers", "A=c", ""), lambda p: p.headers, (("x-api-key", "1"), ("A", "c"))),
        (ProfileChange("headers", "X-API-Key=", ""), lambda p: p.headers, (("a", "b"),)),
        (ProfileChange("protocol", CHAT, ""), lambda p: (p.protocol, p.base_url), (CHAT, "https://h.example/v1")),
        (ProfileChange("protocol", CHAT, "", "https://h.example/x"), lambda p: p.base_url, "https://h.example/x"),
    ],
)
def test_a_change_of_a_profile(change: ProfileChange, get: Callable[[Profile], object], value: object) -> None:
    assert is_applicable(change)
    changed = apply_change(PROFILE, change)
    assert get(changed) == value
    assert (changed.uid, changed.name) == (PROFILE.uid, PROFILE.name)


@pytest.mark.parametrize("field", ["max_tokens", "stream", "key", "edit", "run", "models", "no_such_field", "no.such.field"])
def test_what_is_no_change_of_a_profile_leaves_it_alone(field: str) -> None:
    change = ProfileChange(field, "x", "")
    assert not is_applicable(change)
    assert apply_change(PROFILE, change) is PROFILE


def test_a_value_that_a_field_does_not_take_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError):
        apply_change(PROFILE, ProfileChange("limits.silence_s", "long", ""))


@pytest.mark.parametrize(
    ("before", "protocol", "base_url", "after"),
    [
        (MESSAGES, CHAT, "https://h", "https://h/v1"),
        (MESSAGES, RESPONSES, "https://h/v2", "https://h/v2"),
        (CHAT, MESSAGES, "https://h/v1", "https://h"),
        (CHAT, RESPONSES, "https://h/v1", "https://h/v1"),
        (MESSAGES, CHAT, "https://h/v1/chat/completions", "https://h/v1"),
        (MESSAGES, CHAT, "", ""),
    ],
)
def test_the_address_moves_along_with_the_protocol(before: str, protocol: str, base_url: str, after: str) -> None:
    profile = Profile("P", before, base_url)
    assert with_protocol(profile, protocol, adapt_url=True).base_url == after
    assert with_protocol(profile, protocol).base_url == base_url


def test_the_auth_style_follows_only_where_it_was_the_usual_one() -> None:
    assert with_protocol(Profile("P", MESSAGES, auth="x-api-key"), CHAT).auth == "bearer"
    assert with_protocol(Profile("P", MESSAGES, auth="bearer"), CHAT).auth == "bearer"
    assert with_protocol(Profile("P", CHAT, auth="x-api-key"), RESPONSES).auth == "x-api-key"


@pytest.mark.parametrize(
    ("base_url", "other"),
    [
        ("https://h.example/v1", False), ("https://H.example:443", False), ("https://h.example:8443", True),
        ("http://h.example", True), ("http://h.example:443", True), ("https://other.example", True), ("", True),
    ],
)  # fmt: skip
def test_a_key_is_meant_for_a_scheme_a_host_and_a_port(base_url: str, other: bool) -> None:
    assert leads_elsewhere(PROFILE, msgspec.structs.replace(PROFILE, base_url=base_url)) is other
