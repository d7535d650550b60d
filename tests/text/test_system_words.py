"""What systems say of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.text.system_words import system_words
from app.text.translation import translate_with


def _failure(path: Path) -> OSError:
    with pytest.raises(OSError, match=r".") as caught:
        path.read_bytes()
    return caught.value


def test_what_a_system_says_of_a_file_is_said_in_the_language_of_now(tmp_path: Path) -> None:
    assert system_words(_failure(tmp_path)) == "Is a directory"
    assert system_words(OSError(999, "Something odd")) == "Something odd"
    assert system_words(ValueError("no strerror")) == "no strerror"
    chinese = {"No such file or directory": "文件或目录不存在"}
    translate_with(lambda template: chinese.get(template, template))
    try:
        assert system_words(_failure(tmp_path / "none.har")) == "文件或目录不存在"
        assert system_words(OSError(999, "Something odd")) == "Something odd"
    finally:
        translate_with(None)
