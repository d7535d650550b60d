"""A language is followed once as the guide says: extracted, translated, compiled, chosen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from app.text.languages import use_language
from app.text.sentences import fields_of, translate_with
from tests.builders import messages_start

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    translate_with(None)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which everything said is translated: into itself, in brackets."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("app", "resources", "packaging"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, str(folder / "packaging" / "messages.py"), "de"]
    subprocess.run(command, check=True, timeout=120)
    path = folder / "resources" / "translations" / "de.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="de")
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            message.string = f"[{message.id}]"
    with path.open("wb") as file:
        write_po(file, catalogue)
    subprocess.run(command, check=True, timeout=120)
    return folder


def test_what_was_translated_is_kept_and_its_fields_are_the_same(checkout: Path) -> None:
    with (checkout / "resources" / "translations" / "de.po").open("rb") as file:
        messages = [one for one in read_po(file) if isinstance(one.id, str) and one.id]
    assert len(messages) > 1000
    for one in messages:
        assert one.string == f"[{one.id}]"
    assert any(fields_of(str(one.id)) for one in messages)
    assert not [one.id for one in messages if "\\" in str(one.id)]  # patterns are no messages
    assert "two rules have the same id" not in [one.id for one in messages]  # nor is what programmers are told


def test_the_program_says_it_in_that_language(checkout: Path, tmp_path: Path) -> None:
    capture = tmp_path / "cut.sse"
    capture.write_bytes(messages_start())
    command = [sys.executable, "-m", "app", "read", "--json", str(capture)]
    environment = os.environ | {"DIPTYCH_LANG": "de", "PYTHONPATH": str(checkout)}
    done = subprocess.run(command, capture_output=True, cwd=checkout, env=environment, check=False, timeout=60)
    side = json.loads(done.stdout)
    assert side["diagnosis"]["cause"].startswith("[")
    assert all(one["sentence"].startswith("[") for one in side["findings"])
    assert side["findings"]
    assert [side["diagnosis"][name][0] for name in ("cause", "fix")] == ["[", "["]


def test_a_language_that_is_not_there_changes_nothing() -> None:
    assert use_language("en")
    assert not use_language("tlh")
    assert not use_language("../../app")


def test_a_language_that_nobody_speaks_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "packaging"
    folder.mkdir()
    shutil.copy(ROOT / "packaging" / "messages.py", folder)
    done = subprocess.run(
        [sys.executable, str(folder / "messages.py"), "xx_YY"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "'xx_YY' is no language" in done.stderr
    assert not (tmp_path / "resources").exists()
