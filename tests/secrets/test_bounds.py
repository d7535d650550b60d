"""How long a secret must be, and how random, to be searched in each way: just below each bound, and just above it."""

from __future__ import annotations

import random
import re
from base64 import b64encode

import pytest

from app.secrets.masking import MaskedStream, Masker
from app.secrets.names import url_secrets

LATER = "thelastwordsofitall"  # small letters alone: no part by itself


def left(secret: str, text: str) -> str:
    return Masker([secret]).mask_text(text)


@pytest.mark.parametrize(("secret", "found"), [("k9#x2", False), ("k9#x2z", True)])
def test_a_short_secret_is_nobodys(secret: str, found: bool) -> None:
    assert (secret not in left(secret, f"it is {secret}.")) is found


@pytest.mark.parametrize(("secret", "found"), [("aB3dE5gH7jK", False), ("aB3dE5gH7jK9", True)])
def test_other_capitals_count_from_twelve_characters_on(secret: str, found: bool) -> None:
    assert (secret.upper() not in left(secret, f"it is {secret.upper()}.")) is found
    assert secret not in left(secret, f"it is {secret}.")


@pytest.mark.parametrize(
    ("secret", "found"),
    [
        ("aB3dE5gH7jK9mN1pthewor", False),  # 22 characters
        ("aB3dE5gH7jK9mN1ptheword", False),
        ("aB3dE5gH7jK9mN1pthewords", True),
        ("a1a1a1a1a1a1a1aB" + LATER, False),  # three characters that differ
        ("a1a1a1a1a1a1a2aB" + LATER, True),
        ("aaaBBBcccDDDeeee" + LATER, False),  # four turns
        ("aaaBBBcccDDDeeeF" + LATER, True),
    ],
)
def test_what_of_a_key_is_a_part(secret: str, found: bool) -> None:
    text = f"begins with {secret[:16]}."
    assert (left(secret, text) != text) is found


@pytest.mark.parametrize("at", range(3, 50, 5))
def test_in_base64_a_line_may_end_anywhere(at: int) -> None:
    secret = "sk-ant-api03-Zx9Cv8Bn7Mk6Jh5Gf4Ds3Aq2Wp1"
    encoded = b64encode(secret.encode()).decode()
    text = f"{encoded[:at]}\n{encoded[at:]}"
    starred = left(secret, text)
    assert "\n" in starred
    assert starred.count("*") >= 31


def test_a_long_secret_in_many_lines_of_base64_is_held_back_to_its_end() -> None:
    chance = random.Random(5)
    secret = "".join(chance.choice("abcdefghjkmnpqrstuvwxyzABCDEFGHJK23456789") for _ in range(900))
    encoded = re.sub(r"(.{64})", r"\1\\r\\n", b64encode(secret.encode()).decode())
    data = f'{{"key": "{encoded}"}} and more of it'.encode()
    whole, _ = Masker([secret]).mask(data)
    assert whole.count(b"*") > 1_100
    stream = MaskedStream(Masker([secret]))
    pieces = [one for at in range(0, len(data), 99) for one in stream.feed(at, data[at : at + 99])] + list(stream.flush())
    assert b"".join(piece for _, piece in pieces) == whole


@pytest.mark.parametrize(("login", "found"), [("abcdefgh123", ()), ("abcdefgh1234", ("abcdefgh1234",))])
def test_a_long_name_alone_before_the_host_may_be_a_token(login: str, found: tuple[str, ...]) -> None:
    assert tuple(url_secrets(f"https://{login}@h.example/v1")) == found


@pytest.mark.parametrize(("value", "found"), [("abc1234", ()), ("abc12345", ("abc12345",))])
def test_a_short_value_under_a_name_that_sounds_like_a_secret_is_a_word(value: str, found: tuple[str, ...]) -> None:
    assert tuple(url_secrets(f"https://h.example/v1?api_key={value}")) == found
