"""Patterns that are compiled when they are first needed."""

from __future__ import annotations

import re

import pytest

from app.text.patterns import late


def test_a_pattern_is_compiled_once_and_late() -> None:
    broken = late("(")
    with pytest.raises(re.error):
        broken()
    digits = late(r"[a-z]+", re.IGNORECASE)
    assert digits().sub("", "12Ab") == "12"
    assert digits() is digits()
