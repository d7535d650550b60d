"""The headers of every request: ours, the vendor's, the key, and the profile's, which win."""

from __future__ import annotations

import pytest

from app import __version__
from app.protocols.base import Target
from app.protocols.shared.headers import request_headers
from app.recording.records import Headers

OURS = (("accept", "application/json"), ("user-agent", f"Diptych/{__version__}"))
CONTENT_TYPE = ("content-type", "application/json")


def test_a_body_has_a_type() -> None:
    assert request_headers(Target("https://h"), body=True) == (CONTENT_TYPE, *OURS)
    assert request_headers(Target("https://h"), body=False) == OURS


@pytest.mark.parametrize(
    ("auth", "key", "credential"),
    [
        ("bearer", "k", (("authorization", "Bearer k"),)),
        ("x-api-key", "k", (("x-api-key", "k"),)),
        ("bearer", " k1\nk2 ", (("authorization", "Bearer k1k2"),)),
        ("bearer", " \n", ()),
    ],
)
def test_the_key_goes_where_the_profile_says(auth: str, key: str, credential: Headers) -> None:
    assert request_headers(Target("https://h", auth, key), body=False) == (*OURS, *credential)


def test_the_vendors_headers_are_left_out_where_they_are_empty() -> None:
    vendor = (("anthropic-version", "2023-06-01"), ("anthropic-beta", " a,\n b "), ("x-none", " "))
    said = (("anthropic-version", "2023-06-01"), ("anthropic-beta", "a, b"))
    assert request_headers(Target("https://h"), body=False, vendor=vendor) == (*OURS, *said)


def test_the_headers_of_the_profile_win_and_are_one_line_each() -> None:
    target = Target(
        "https://h", key="k", headers=((" Authorization", "Basic x"), ("User-Agent ", "mine"), ("x", "1\n2"), (" ", "y"))
    )
    assert request_headers(target, body=False) == (
        OURS[0], ("Authorization", "Basic x"), ("User-Agent", "mine"), ("x", "1 2"),
    )  # fmt: skip


def test_a_profile_that_brings_a_credential_of_another_name_goes_without_ours_where_there_may_be_one() -> None:
    target = Target("https://h", "bearer", "k", headers=(("X-Api-Key", "own"),))
    ours = ("authorization", "Bearer k")
    assert request_headers(target, body=False) == (*OURS, ours, ("X-Api-Key", "own"))
    assert request_headers(target, body=False, one_credential=True) == (*OURS, ("X-Api-Key", "own"))
