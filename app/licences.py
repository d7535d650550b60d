"""What Diptych is made of, with versions and licences: the packages it needs, and what else lies in a built program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.resources import files

import msgspec

OURS = "diptych"
BUNDLED = "bundled.json"  # in `resources` of a built program: what `packaging/natives.py` found in it that is no package

_LICENCE_FILE = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[(?P<extras>[^\]]*)\])?")
_EXTRA = re.compile(r"""extra\s*==\s*['"](?P<extra>[^'"]+)['"]""")
_MOST_CHARACTERS = 60  # of a licence's name: older packages have the whole text in that field


class Component(msgspec.Struct, frozen=True):
    """A part that is not ours: its licence by name, "" where its makers say none, and its text, "" where none came with it."""

    name: str
    version: str
    licence: str
    text: str = ""


def components() -> list[Component]:
    """All there are, by name, Diptych left out. Reads files: some hundredths of a second."""
    packages = [_component(one) for one in packages_needed() if _key(one.name) != OURS]
    return sorted([*packages, *_bundled()], key=lambda one: one.name.lower())


def packages_needed() -> list[Distribution]:
    """Diptych's own package and all that it needs, directly or not, as far as it is installed here.

    Markers other than `extra` are not read: what is installed although this system does not need it is listed, too.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    waiting: list[tuple[str, str]] = [(OURS, "")]  # a package, with one of its extras or ""
    while waiting:
        name, extra = waiting.pop()
        if (_key(name), extra) in seen:
            continue
        seen.add((_key(name), extra))
        try:
            package = found.get(_key(name)) or distribution(name)
        except PackageNotFoundError:
            continue
        found[_key(name)] = package
        waiting += _requirements(package, extra)
    return list(found.values())


def _requirements(package: Distribution, extra: str) -> Iterator[tuple[str, str]]:
    """What it needs with that extra, "" for what it always needs."""
    for line in package.requires or []:
        condition = _EXTRA.search(line)
        if (condition["extra"] if condition else "") == extra and (wanted := _REQUIREMENT.match(line)):
            yield wanted["name"], ""
            yield from ((wanted["name"], one.strip()) for one in (wanted["extras"] or "").split(",") if one.strip())


def _key(name: str) -> str:
    """The name as packages are told apart by it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _component(package: Distribution) -> Component:
    read = (one.read_binary().decode("utf-8", "replace") for one in package.files or [] if _is_licence(str(one)))
    return Component(package.name, package.version, _licence(package), "\n\n".join(read))


def _is_licence(path: str) -> bool:
    folder, _, name = path.partition(".dist-info/")
    return bool(name) and "/" not in folder and bool(_LICENCE_FILE.search(name))


def _licence(package: Distribution) -> str:
    """As its metadata names it: an SPDX expression, else the field before there were such, else the classifiers."""
    data = package.metadata
    named: list[str] = [*(data.get_all("License-Expression") or []), *(data.get_all("License") or [])]
    for name in named:
        if name != "UNKNOWN" and name and len(name) <= _MOST_CHARACTERS and "\n" not in name.strip():
            return name.strip()
    classified: list[str] = [one for one in data.get_all("Classifier") or [] if one.startswith("License ::")]
    return ", ".join(one.rpartition(" :: ")[2] for one in classified)


def _bundled() -> list[Component]:
    """What the build noted beside the packages; nothing where Diptych was not built into a program."""
    try:
        noted = files("resources").joinpath(BUNDLED).read_bytes()
    except OSError:
        return []
    return msgspec.json.decode(noted, type=list[Component])
