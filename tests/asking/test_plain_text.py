"""Which machines would get a key in plain text: every way to write this one, and those that only look like it."""

from __future__ import annotations

import pytest

from app.asking.plain_text import plain_text_host
from app.store.profiles import Profile


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://relay.test", ""),
        ("http://relay.test", "relay.test"),
        ("HTTP://Relay.Test:80/v1", "relay.test"),
        ("http://192.168.1.4:8000", "192.168.1.4"),
        ("http://127.0.0.1:1/v1", ""),
        ("http://127.8.9.1", ""),
        ("http://LOCALHOST:1", ""),
        ("http://[::1]:1", ""),
        ("http://0.0.0.0:1", ""),
        ("http://[::]:1", ""),
        ("http://localhost.evil.test", "localhost.evil.test"),
        ("http://127.0.0.1.nip.io", "127.0.0.1.nip.io"),
        ("http://x.localhost", "x.localhost"),
        ("http://localhost.", "localhost."),
        ("http://2130706433", "2130706433"),
        ("http://0x7f.1", "0x7f.1"),
        ("http://127.1", "127.1"),
        ("http://[::ffff:192.0.2.1]", "::ffff:192.0.2.1"),
        ("http://localhost:80@evil.test", "evil.test"),
        ("http://127.0.0.1\\@evil.test", "evil.test"),
        ("http://x@evil.test@127.0.0.1", ""),
        ("h ttp://evil.test", "evil.test"),  # blanks are taken out before it is asked
        ("http://127.0.0.1 .evil.test", "127.0.0.1.evil.test"),
        ("http://\tevil.test", "evil.test"),
        ("not a url", ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_the_machine_that_gets_it(url: str, host: str) -> None:
    assert plain_text_host(Profile("P", base_url=url), "k") == host


@pytest.mark.parametrize(
    ("proxy", "host"),
    [
        ("", ""), ("none", ""), ("http://127.0.0.1:3128", ""), ("http://proxy.test:3128", "proxy.test"),
        ("proxy.test:3128", "proxy.test"), ("socks5://proxy.test", "proxy.test"), ("https://proxy.test", "proxy.test"),
    ],
)  # fmt: skip
def test_a_proxy_reads_what_goes_to_this_machine(proxy: str, host: str) -> None:
    assert plain_text_host(Profile("P", base_url="http://127.0.0.1:1", proxy=proxy), "k") == host


def test_a_proxy_does_not_read_what_is_encrypted() -> None:
    assert plain_text_host(Profile("P", base_url="https://relay.test", proxy="http://proxy.test"), "k") == ""


def test_without_a_secret_nobody_is_asked() -> None:
    plain = Profile("P", base_url="http://relay.test", headers=(("X-Note", "hello"),))
    assert plain_text_host(plain, "") == ""


@pytest.mark.parametrize(
    "profile",
    [
        Profile("P", base_url="http://relay.test?key=0123456789"),
        Profile("P", base_url="http://me:pw@relay.test"),
        Profile("P", base_url="http://relay.test", headers=(("Cookie", "a=0123456789"),)),
        Profile("P", base_url="http://relay.test", headers=(("X-Note", "Bearer 0123456789"),)),
    ],
)
def test_a_secret_elsewhere_than_in_the_key_counts(profile: Profile) -> None:
    assert plain_text_host(profile, "") == "relay.test"
