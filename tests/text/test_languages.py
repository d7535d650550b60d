"""A language is followed once as the guide says: extracted, translated, compiled, chosen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po, write_po

from app import __version__
from app.text.languages import best_of, known, use_language
from app.text.sentences import fields_of
from tests.builders import messages_start

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which everything said is translated: into itself, in brackets."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("app", "resources", "packaging"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / "resources" / "translations" / "zh_CN.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            message.string = f"[{message.id}]"
    catalogue.obsolete["nobody says it"] = Message("nobody says it", "[nobody says it]")
    with path.open("wb") as file:
        write_po(file, catalogue)
    subprocess.run([sys.executable, str(folder / "packaging" / "messages.py"), "zh_CN"], check=True, timeout=120)
    return folder


def test_what_was_translated_is_kept_and_its_fields_are_the_same(checkout: Path) -> None:
    with (checkout / "resources" / "translations" / "zh_CN.po").open("rb") as file:
        messages = [one for one in read_po(file) if isinstance(one.id, str) and one.id]
    for one in messages:
        assert one.string in (f"[{one.id}]", "")  # nothing for one that the catalogue has not had: `test_catalogue` names it
    assert len([one for one in messages if one.string]) > 1000
    assert any(fields_of(str(one.id)) for one in messages)
    assert not [one.id for one in messages if "\\" in str(one.id)]  # patterns are no messages
    from app.trend.words import _SHARED, _TEMPLATES  # put together of the module's own pieces, looked up as the whole

    found = {str(one.id) for one in messages}
    assert found.issuperset(_TEMPLATES.values())
    assert _SHARED not in found
    assert "two rules have the same id" not in [one.id for one in messages]  # nor is what programmers are told


def test_its_head_has_no_names_to_be_replaced_and_what_nobody_says_is_gone(checkout: Path) -> None:
    text = (checkout / "resources" / "translations" / "zh_CN.po").read_text(encoding="utf-8")
    head = text.split("\n\n", 1)[0]
    assert f"Project-Id-Version: diptych {__version__}" in head
    assert not re.search("EMAIL|FULL NAME|YEAR|LL@|fuzzy", head)
    assert "nobody says it" not in text


def test_the_program_says_it_in_that_language(checkout: Path, tmp_path: Path) -> None:
    capture = tmp_path / "cut.sse"
    capture.write_bytes(messages_start())
    command = [sys.executable, "-m", "app", "read", "--json", "--lang", "zh_CN", str(capture)]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
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


def test_a_language_is_known_however_it_is_spelled() -> None:
    spelled = ("zh", "zh-CN", "zh_CN.UTF-8", "zh-Hans-TW", "zh_SG@pinyin", "ZH_cn")
    assert [known(name) for name in spelled] == ["zh_CN"] * len(spelled)
    assert [known(name) for name in ("en", "en_GB.UTF-8", "C", "C.UTF-8", "POSIX")] == ["en"] * 5
    assert [known(name) for name in ("zh_TW", "zh-Hant", "zh_HK.UTF-8", "de", "", "../../app")] == [""] * 6


def test_the_first_that_is_spoken_of_what_somebody_reads_is_taken() -> None:
    assert best_of(["de-AT", "zh-Hans-CN", "en"]) == "zh_CN"
    assert best_of(["zh-TW", "en-US", "zh-CN"]) == "en"
    assert best_of([]) == best_of(["de", "fr"]) == "en"


def asked(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=os.environ | environment, check=False, timeout=60
    )


def test_a_language_that_is_asked_for_and_not_spoken_is_wrong_use_and_in_the_environment_only_said() -> None:
    refused = asked("read", "--lang", "tlh", "nothing.sse")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "“tlh” is none of the languages that Diptych speaks: en (English), zh_CN (简体中文)" in refused.stderr
    gone_on = asked("simulate", "--list-faults", DIPTYCH_LANG="tlh")
    assert gone_on.returncode == 0
    assert "DIPTYCH_LANG: “tlh” is none" in gone_on.stderr
