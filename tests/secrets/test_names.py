"""What is a secret by its name: headers, parameters and logins in URLs, however they were typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.secrets.key_text import holds_key
from app.secrets.masking import Masker
from app.secrets.names import (
    has_path_key,
    header_secrets,
    is_secret_header,
    public_url,
    secret_places,
    shown_url,
    text_secrets,
    url_secrets,
)


@pytest.mark.parametrize(
    ("url", "public", "secrets"),
    [
        ("https://h.example/v1", "https://h.example/v1", ()),
        ("https://h.example/v1?api-version=2024-10-21", "https://h.example/v1?api-version=2024-10-21", ()),
        ("https://h/v1?max_tokens=30000000&monkey=12345678", "https://h/v1?max_tokens=30000000&monkey=12345678", ()),
        ("https://u:p@h:8/v1?x=1", "https://h:8/v1?x=1", ("p",)),
        ("https://u:pa%2Fss@h", "https://h", ("pa%2Fss", "pa/ss")),
        ("https://u:pa/ss?word@h/v1", "https://h/v1", ("pa/ss?word",)),
        ("https://u:p@q@h/v1", "https://h/v1", ("p@q",)),
        ("https://:secret@h", "https://h", ("secret",)),
        ("https://0123456789abcdef@h/", "https://h/", ("0123456789abcdef",)),
        ("https://me@h/", "https://h/", ()),
        ("user:secret@proxy:3128", "proxy:3128", ("secret",)),
        ("socks5://user:secret@[::1]:1080", "socks5://[::1]:1080", ("secret",)),
        ("https://h:443/a@b", "https://h:443/a@b", ()),
        ("http://[::1]:80/x@y", "http://[::1]:80/x@y", ()),
        ("https://h?key=0123456789", "https://h", ("0123456789",)),
        ("https://h?key=0123456789&a=1", "https://h?a=1", ("0123456789",)),
        ("https://h?a=1&subscription-key=0123456789&code=short", "https://h?a=1", ("0123456789",)),
        ("https://h?Access_Token=01%2B23456789", "https://h", ("01%2B23456789", "01+23456789")),
        ("https://h/v1#access_token=0123456789", "https://h/v1", ("0123456789",)),
        ("https://h?X-Amz-Signature=0123456789&sig=9876543210", "https://h", ("0123456789", "9876543210")),
        ("/v1/x?key=0123456789", "/v1/x", ("0123456789",)),
        ("not a url", "not a url", ()),
        ("http://[", "http://[", ()),
        ("", "", ()),
    ],
)
def test_a_url_and_what_is_secret_in_it(url: str, public: str, secrets: tuple[str, ...]) -> None:
    assert public_url(url) == public
    assert url_secrets(url) == secrets
    assert not secret_places(public)


PATH_KEY = "sk-or-v1-0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://h.example/{PATH_KEY}/v1", "https://h.example/****/v1"),
        (f"https://me:secret@h/{PATH_KEY}?x=1", "https://h/****?x=1"),
        (f"https://h/a/gsk_{'a1' * 8}/b/hf_{'b2' * 8}", "https://h/a/****/b/****"),
        ("https://h/eyJhbGciOiJIUzI1NiJ9aaa.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", "https://h/****"),
        ("https://router.example/hf-inference/models/sk-ip/v1", "https://router.example/hf-inference/models/sk-ip/v1"),
        ("https://h/sk-learn-inference-server/v1", "https://h/sk-learn-inference-server/v1"),
        ("https://h/v1/0123456789abcdef0123456789abcdef/gateway", "https://h/v1/0123456789abcdef0123456789abcdef/gateway"),
        (f"https://{PATH_KEY}.example/v1", f"https://{PATH_KEY}.example/v1"),
    ],
)
def test_a_key_in_a_path_is_known_by_its_look(url: str, shown: str) -> None:
    assert shown_url(url) == shown
    assert has_path_key(url) == ("****" in shown)
    assert not has_path_key(shown)
    assert all(secret not in shown for secret in url_secrets(url))
    assert (PATH_KEY in url_secrets(url)) == (PATH_KEY in url and PATH_KEY not in shown)


@given(st.text(alphabet="ab:/?#@&=;[]%. key", max_size=40))
def test_whatever_is_typed_the_public_address_holds_no_secret(text: str) -> None:
    url = f"https://{text}"
    assert not secret_places(public_url(url))
    assert all(one.end <= other.start for one, other in pairwise(secret_places(url)))


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Authorization", True), ("PROXY-AUTHORIZATION", True), ("x-api-key", True), ("api-key", True), ("Cookie", True),
        ("x-goog-api-key", True), ("Ocp-Apim-Subscription-Key", True), ("X-Team-Token", True),
        ("cf-access-client-secret", True),        ("Helicone-Auth", True), ("x-apikey", True),
        ("anthropic-beta", False), ("Idempotency-Key", False), ("x-max-tokens", False), ("x-monkey", False), ("X-Note", False),
    ],
)  # fmt: skip
def test_headers_by_name(name: str, secret: bool) -> None:
    assert is_secret_header(name) is secret


@pytest.mark.parametrize(
    "name",
    ["X-Authorization", "cf-aig-authorization", "X-Serverless-Authorization", "X-JWT", "X-Passphrase", "X-Pass", "X-Password",
     "X-Pat", "X-Otp", "X-TOTP", "X-Csrf", "X-XSRF-Token", "X-Session-Id", "X-SessionId", "X-AccessKeyId", "X-Access-Key-Id",
     "X-Api-Key-2", "x_api_key2", "x-vercel-protection-bypass", "X-Amz-Security-Token", "X-Auth", "X-Client-Secret"],
)  # fmt: skip
def test_a_header_that_is_secret_by_the_ending_of_its_name(name: str) -> None:
    assert is_secret_header(name)


@pytest.mark.parametrize(
    "name",
    ["x-litellm-key-alias", "X-Request-Id", "x-trace-id", "traceparent", "ETag", "If-None-Match", "anthropic-version",
     "User-Agent", "X-Cache-Bypass", "x-ratelimit-remaining-tokens", "X-Compat", "X-Spat", "X-Author", "X-Keyword",
     "OpenAI-Organization", "x-api-version-2", "X-Compass", "Accept", "x-pass-through", "X-Token-Count"],
)  # fmt: skip
def test_a_header_that_is_not(name: str) -> None:
    assert not is_secret_header(name)


RANDOM = "Zx9Cv8Bn7Mk6Jh5Gf4Ds3Aq2Wp1Lo0"


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("X-Custom", RANDOM, True),
        ("X-Relay", f"user-{RANDOM}", True),
        ("X-Custom", "sk-abcdefghijklmno", True),
        ("X-Custom", "Bearer abcdefgh", True),
        ("X-Custom", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl", True),
        ("X-Request-Id", f"req_{RANDOM}", False),
        ("X-Amz-Cf-Id", RANDOM, False),
        ("ETag", f'"{RANDOM}"', False),
        ("If-None-Match", RANDOM, False),
        ("X-Trace", RANDOM, False),
        ("x-litellm-key-alias", RANDOM, False),
        ("Idempotency-Key", RANDOM, False),
        ("x-correlation-id", RANDOM, False),
        ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", False),
        ("anthropic-beta", "fine-grained-tool-streaming-2025-05-14,interleaved-thinking-2025-05-14", False),
        ("User-Agent", "OpenAI/JS 6.9.1 (Linux; x64) AppleWebKitLikeAndVeryLongName2026", False),
        ("X-Custom", "InterleavedThinkingStreamingAndMore2026", False),
        ("X-Custom", "4bf92f3577b34da6a3ce929d0e0e47364bf92f3577b34da6a3ce929d0e0e4736", False),
        ("X-Custom", "123e4567-e89b-12d3-a456-426614174000", False),
        ("X-Custom", "plain", False),
    ],
)
def test_a_value_that_looks_like_a_key(name: str, value: str, secret: bool) -> None:
    assert holds_key(name, value) is secret
    assert bool(header_secrets(((name, value),))) is secret
    shown = Masker(()).mask_headers(((name, value),))[0][1]
    assert (shown != value) is secret
    head = f"POST / HTTP/1.1\r\n{name}: {value}\r\n\r\n".encode()
    assert (Masker(()).mask_head(head)[0] != head) is secret


def test_the_values_of_secret_headers() -> None:
    assert header_secrets((("Authorization", "Bearer abc"), ("X-Any-Token", "true"), ("X-Any-Key", "0123456789"))) == (
        "abc",
        "0123456789",
    )
    assert header_secrets((("cookie", "a=b; session=0123456789; id=9876543210"),)) == ("0123456789", "9876543210")


LONG_KEY, RANDOM_KEY = "sk-made-up-0123456789abcdef", "Zq8Rt2Lm4Vx7Bn1Kd5Ws9Yc3Qa"


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        (LONG_KEY, (LONG_KEY,)),
        (RANDOM_KEY, (RANDOM_KEY,)),
        (f"地址 https://h.example，密钥{LONG_KEY}。", (LONG_KEY,)),
        (f"Authorization: Bearer {RANDOM_KEY}", (RANDOM_KEY,)),
        ("-H 'authorization: Basic bWU6c2VjcmV0LTE=' -d @body", ("bWU6c2VjcmV0LTE=",)),
        ("export RELAY_KEY='hunter-2-hunter'\nDEBUG=1", ("hunter-2-hunter",)),
        ('{"apiKey": "hunter-2-hunter", "max_tokens": "10000000"}', ("hunter-2-hunter",)),
        ('OpenAI(base_url="https://h.example/v1", api_key="hunter-2-hunter")', ("hunter-2-hunter",)),
        ("setx RELAY_TOKEN hunter-2-hunter", ("hunter-2-hunter",)),
        ("curl --api-key hunter-2-hunter", ("hunter-2-hunter",)),
        ("see https://me:s3cret@h.example/v1?key=0123456789", ("0123456789", "s3cret")),
        (f'"one\\n{LONG_KEY}\\nx-api-key: hunter-2-hunter"', (LONG_KEY, "hunter-2-hunter")),
        (f"https://h.example/%3D{LONG_KEY}", (LONG_KEY,)),
        ("the key https://relay1.example is for", ()),
        ('{"key": "base_url", "value": "https://relay1.example"}', ()),
        ("api_key: os.environ/KEY_1 token=$TOKEN_12345 key=${KEY_12345}", ()),
        ("https://task-force-relay-01.example/v1 claude-sonnet-4-6-20260101", ()),
        ("sk-some-words-without-any", ()),
        (" ".join(f"{RANDOM_KEY}{number}" for number in range(200)), ()),
    ],
)
def test_keys_in_any_text(text: str, secrets: tuple[str, ...]) -> None:
    assert sorted(text_secrets(text)) == sorted(secrets)
