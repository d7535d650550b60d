"""What a key gives away by its looks."""

from __future__ import annotations

import pytest

from app.diagnosis import key_oddity, key_shape
from app.secrets.shapes import vendor_of_shape


@pytest.mark.parametrize(
    ("key", "shape", "vendor"),
    [
        ("sk-ant-api03-AbCd", "sk-ant-", "Anthropic"),
        ("sk-ant-oat01-AbCd", "sk-ant-oat", "Anthropic"),
        ("sk-proj-AbCd", "sk-proj-", "OpenAI"),
        ("sk-or-v1-AbCd", "sk-or-", "OpenRouter"),
        ("gsk_AbCd", "gsk_", "Groq"),
        ("AIzaSyAbCd", "AIza", "Google"),
        ("sk-AbCd", "sk-", ""),
        (' "sk-ant-api03-AbCd"\n', "sk-ant-", "Anthropic"),
        ("0123456789abcdef", "other", ""),
        ("  ", "", ""),
    ],
)
def test_shape(key: str, shape: str, vendor: str) -> None:
    assert key_shape(key) == shape
    assert vendor_of_shape(shape) == vendor


@pytest.mark.parametrize(
    ("key", "oddity"),
    [
        ("sk-ant-api03-AbCd", ""),
        ("", ""),
        ("Bearer sk-AbCd", "bearer"),
        ("“sk-AbCd”", "quotes"),
        ("'sk-AbCd'", "quotes"),
        ("your-api-key", "placeholder"),
        ("YOUR_ANTHROPIC_API_KEY", "placeholder"),
        ("sk-xxxxxxxx", "placeholder"),
        ("$OPENAI_API_KEY", "placeholder"),
        ("<key>", "placeholder"),
        ("sk-AbCd ", "spaces"),
        ("sk-Ab Cd", "spaces"),
        ("sk-АbCd", "characters"),  # a Cyrillic A
        ("sk-AbXXXXCd", ""),
        ("monkey", ""),
    ],
)
def test_oddity(key: str, oddity: str) -> None:
    assert key_oddity(key) == oddity
