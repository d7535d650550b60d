"""What Diptych is made of, as installed packages and a built program tell it."""

from __future__ import annotations

from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import msgspec
import pytest

from app import licences
from app.licences import Component, components, packages_needed


def test_packages_are_those_that_are_needed_with_the_extras_that_are_asked_for() -> None:
    names = {one.name.lower() for one in packages_needed()}
    assert {"diptych", "httpx", "h2", "socksio", "pyside6_essentials", "jinja2", "markupsafe"} <= names
    assert not names & {"pytest", "openai", "ruff"}  # an extra that nobody asked for, and the development's


def test_each_has_a_version_a_licence_and_all_but_qt_a_text() -> None:
    found = components()
    assert [one.name for one in found] == sorted((one.name for one in found), key=str.lower)
    assert "diptych" not in {one.name for one in found}
    assert [one.name for one in found if not one.version or not one.licence] == []
    assert {one.name for one in found if not one.text} <= {"PySide6_Essentials", "shiboken6"}


def _package(folder: Path, metadata: str, **texts: str) -> Distribution:
    info = folder / "made_up-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: made-up\nVersion: 1\n{metadata}", encoding="utf-8")
    for name, text in texts.items():
        (info / name).write_text(text, encoding="utf-8")
    (info / "RECORD").write_text("".join(f"made_up-1.dist-info/{name},,\n" for name in texts), encoding="utf-8")
    return PathDistribution(info)


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: old\n", "MIT OR Apache-2.0"),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n", "MIT License"),
        ("License: Permission is hereby granted, free of charge, to any person obtaining a copy\n", ""),
        ("Classifier: Programming Language :: Python\n", ""),
    ],
)
def test_a_licence_is_what_the_metadata_names(tmp_path: Path, metadata: str, licence: str) -> None:
    assert licences._licence(_package(tmp_path, metadata)) == licence


def test_the_text_is_all_that_came_as_one(tmp_path: Path) -> None:
    package = _package(tmp_path, "License: MIT\n", **{"LICENSE.txt": "may", "NOTICE": "who", "top_level.txt": "not this"})
    assert licences._component(package) == Component("made-up", "1", "MIT", "may\n\nwho")


def test_what_a_build_noted_is_listed_beside_the_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = [Component("OpenSSL", "3.0", "Apache-2.0", "text")]
    (tmp_path / licences.BUNDLED).write_bytes(msgspec.json.encode(noted))
    monkeypatch.setattr(licences, "files", lambda _: tmp_path)
    assert noted[0] in components()
