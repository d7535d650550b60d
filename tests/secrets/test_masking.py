"""From which length on a secret is also looked for as encodings write it."""

from __future__ import annotations

import pytest

from app.secrets.masking import Masker


@pytest.mark.parametrize(("secret", "found"), [(b"ab-cd-e", False), (b"ab-cd-ef", True)])
def test_a_short_secret_is_looked_for_as_it_is_alone(secret: bytes, found: bool) -> None:
    """What a short one is in hexadecimal stands in many an answer by chance."""
    masker = Masker((secret.decode(),))
    assert secret not in masker.mask(b"key: " + secret)[0]
    encoded = secret.hex().encode()
    assert (encoded not in masker.mask(b"key: " + encoded)[0]) is found


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Set-Cookie", "sid=0123456789abcdefghij; Path=/; HttpOnly", "sid=0123**************ij; Path=/; HttpOnly"),
        ("set-cookie", "__cf_bm=short; Secure", "__cf_bm=*****; Secure"),
        ("X-Session-Token", "0123456789abcdefghij", "0123**************ij"),
        ("Authorization", "Bearer 0123456789abcdefghij", "Bearer 0123**************ij"),
        ("X-Used-Tokens", "1234", "1234"),
        ("x-ratelimit-remaining-tokens", "149984", "149984"),
        ("X-Auth", "required", "required"),
        ("x-request-id", "req_0123456789abcdefghij", "req_0123456789abcdefghij"),
        ("ETag", 'W/"0123456789abcdefghij"', 'W/"0123456789abcdefghij"'),
        ("cf-ray", "8f2b1c3d4e5f6a7b-FRA", "8f2b1c3d4e5f6a7b-FRA"),
    ],
)
def test_what_an_answer_s_header_opens_is_masked_and_what_it_counts_or_names_is_not(name: str, value: str, shown: str) -> None:
    assert Masker(()).mask_answer_headers(((name, value),)) == ((name, shown),)
