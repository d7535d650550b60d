"""A secret is found however it is written: escaped in part, encoded twice, in lines, without its vendor's prefix."""

from __future__ import annotations

import json
import re
from base64 import b64decode, encodebytes
from collections.abc import Callable
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.secrets.masking import MaskedStream, Masker

KEY = "ABSKQmVk/cm9ja0+FQSUtleS1hYmNk&ZWZnaGlq=="  # of the kind of Bedrock's
TOKEN = "sk-ant-api03-Zx9Cv8Bn7Mk6Jh5Gf4Ds3Aq2Wp1"


def gson(text: str) -> str:
    return re.sub("[<>&='\"]", lambda match: f"\\u{ord(match[0]):04x}", text)


def dotnet(text: str) -> str:
    return re.sub("[<>&+='\"]", lambda match: f"\\u{ord(match[0]):04X}", text)


def php(text: str) -> str:
    return json.dumps(text)[1:-1].replace("/", "\\/")


def twice(text: str) -> str:
    return quote(quote(text, safe=""), safe="")


def mixed(text: str) -> str:
    """Every character in another way than the one before it."""
    ways: tuple[Callable[[str], str], ...] = (
        str,
        lambda one: f"\\u{ord(one):04x}",
        lambda one: f"%{ord(one):02X}",
        lambda one: f"&#{ord(one)};",
        lambda one: f"%25{ord(one):02x}",
        lambda one: f"\\\\u{ord(one):04X}",
        lambda one: f"&amp;#x{ord(one):X};",
        lambda one: f"\\x{ord(one):02x}",
    )
    return "".join(ways[index % len(ways)](one) for index, one in enumerate(text))


WAYS: dict[str, Callable[[str], str]] = {
    "gson": gson,
    "dotnet": dotnet,
    "php": php,
    "gson in JSON": lambda text: json.dumps(gson(text)),
    "percent": lambda text: quote(text, safe=""),
    "twice": twice,
    "twice, in lower case": lambda text: twice(text).lower(),
    "three times": lambda text: quote(twice(text), safe=""),
    "JSON in an address": lambda text: quote(json.dumps(gson(text)), safe=""),
    "PHP's JSON in an address": lambda text: quote(php(text)),
    "an address in .NET's JSON": lambda text: dotnet(quote(text, safe="")).replace("%", "\\u0025"),
    "a page in .NET's JSON": lambda text: dotnet(escape(text)),
    "a page in a page": lambda text: escape(escape(text)),
    "every one another": mixed,
    "each escaped": lambda text: "".join(f"\\u{ord(one):04X}" for one in text),
    "repr of bytes": lambda text: repr(repr(text.encode())),
}


@pytest.mark.parametrize("secret", [KEY, TOKEN])
@pytest.mark.parametrize("way", WAYS)
def test_nothing_of_it_is_left(way: str, secret: str) -> None:
    written = WAYS[way](secret)
    data = f"before {written} after".encode()
    masked, spans = Masker([secret]).mask(data)
    assert len(spans) == 1
    assert len(masked) == len(data)
    assert re.fullmatch(rb"before \W{0,4}[^\\%&]{0,4}\*{20,}\W{0,4} after", masked) or masked.count(b"*") >= len(written) - 16
    out, found = streamed(Masker([secret]), data, 1)
    assert out == masked
    assert found == spans


def streamed(masker: Masker, data: bytes, size: int) -> tuple[bytes, list[tuple[int, int]]]:
    stream = MaskedStream(masker)
    pieces = [piece for at in range(0, len(data), size) for piece in stream.feed(at, data[at : at + size])]
    pieces += stream.flush()
    assert [at for at, _ in pieces] == list(range(0, len(data), size))
    return b"".join(piece for _, piece in pieces), [(one.offset, one.length) for one in stream.take_spans()]


@given(st.lists(st.integers(0, 7), min_size=len(TOKEN), max_size=len(TOKEN)), st.integers(1, 9))
def test_any_of_its_characters_may_be_escaped(choices: list[int], size: int) -> None:
    ways: list[Callable[[str], str]] = [
        str,
        str,
        str,
        gson,
        lambda one: f"\\u{ord(one):04X}",
        lambda one: f"%{ord(one):x}",
        lambda one: f"%25{ord(one):X}",
        dotnet,
    ]
    data = ("x " + "".join(ways[way](one) for one, way in zip(TOKEN, choices, strict=True)) + " y").encode()
    masked, spans = Masker([TOKEN]).mask(data)
    assert [(at + size_) for at, size_ in spans] == [len(data) - 2]
    assert re.fullmatch(rb"x [^\\%*]{0,4}\*+..? y|x [^\\%*]{0,4}\*+ y", masked)
    assert streamed(Masker([TOKEN]), data, size) == (masked, spans)


@pytest.mark.parametrize("line", ["\n", "\r\n", "\\n", "\\r\\n", "\\\\n", "%0A", "%0D%0A"])
@pytest.mark.parametrize("before", ["", "x", "user:", "Bearer "])
@pytest.mark.parametrize("columns", [64, 76])
def test_base64_in_lines(line: str, before: str, columns: int) -> None:
    whole = (
        encodebytes((before + KEY * 1 + " and what follows it, to fill a second line").encode()).replace(b"\n", b"").decode()
    )
    text = line.join(whole[at : at + columns] for at in range(0, len(whole), columns))
    for cut in (0, 20, 50, 70):
        data = ("-" * cut + text).encode()
        masked, spans = Masker([KEY]).mask(data)
        assert len(spans) == 1
        plain = masked[cut:].replace(line.encode(), b"").replace(b"*", b"A")
        assert KEY[6:-3].encode() not in b64decode(plain + b"=" * (-len(plain) % 4))
        assert masked.count(b"*") >= len(KEY) * 4 // 3 - 8
        assert streamed(Masker([KEY]), data, 5) == (masked, spans)
        assert masked.count(b"\n") == data.count(b"\n")


@pytest.mark.parametrize(
    ("key", "left"),
    [
        (TOKEN, TOKEN.removeprefix("sk-")),
        (TOKEN, TOKEN.removeprefix("sk-ant-")),
        ("sk-0123456789abcdefABCD", "0123456789abcdefABCD"),
        ("sk-proj-0123456789abcdefABCD", "proj-0123456789abcdefABCD"),
        ("sk-or-v1-0123456789abcdef", "0123456789abcdef"),
        ("gsk_0123456789abcdefABCD", "0123456789abcdefABCD"),
        ("AIzaSyD0123456789abcdefABCD", "SyD0123456789abcdefABCD"),
    ],
)
@pytest.mark.parametrize("way", ["plain", "base64", "hex", "gson", "upper"])
def test_without_the_vendors_prefix(key: str, left: str, way: str) -> None:
    ways: dict[str, Callable[[str], str]] = {
        "plain": str, "base64": lambda text: encodebytes(text.encode()).decode().replace("\n", ""), "upper": str.upper,
        "hex": lambda text: text.encode().hex(), "gson": lambda text: "".join(f"\\u{ord(one):04x}" for one in text),
    }  # fmt: skip
    written = ways[way](left)
    masked, spans = Masker([key]).mask(f"Invalid token {written}.".encode())
    assert len(spans) == 1
    assert masked.count(b"*") >= len(written) - 12
    whole, spans = Masker([key]).mask(f"Invalid token {ways[way](key)}.".encode())
    assert len(spans) == 1, "the key with its prefix is one mask"
    assert whole.count(b"*") >= len(written) - 6


@pytest.mark.parametrize("key", ["sk-documentation", "sk-my-local-key"])
def test_a_short_rest_is_a_word(key: str) -> None:
    assert Masker([key]).mask(b"the documentation of my-local-key")[1] == []
