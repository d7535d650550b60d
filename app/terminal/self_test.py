"""`diptych --self-test`: whether the parts of an installation are there and work, the window aside, which is handed in.

Everything happens in a folder that is made for it: the user's own files are neither read nor written.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import msgspec

from app import __version__
from app.terminal.text import say, say_json, table
from app.text.languages import language, use_language
from app.text.sentences import message, tr

OPTION = "--self-test"
# By platform: the entry point of the system's keyring, and the package that its module stands on.
_KEYRINGS = {"win32": ("Windows", "win32ctypes.pywin32.win32cred"), "darwin": ("macOS", "keyring.backends.macOS")}
_WORDS = "one side, then the other"


class Part(msgspec.Struct, frozen=True):
    """One part of the installation: its name, whether it works, and what was found or what is the matter."""

    name: str
    ok: bool
    found: str


class MissingError(Exception):
    """A part is there, but is not what it should be; the text says how."""


def self_test(arguments: list[str], window: Callable[[], str]) -> int:
    """Try each part and say a line for each, or with `--json` one object. 0 where all work, 1 where one does not, 2 wrong use.

    `window` opens the window and paints it; it returns what was found and raises where it can't.
    """
    if strangers := [one for one in arguments if one not in (OPTION, "--json")]:
        from app.terminal.usage import UsageError

        raise UsageError(tr("{option} takes --json and nothing else, not “{word}”.", option=OPTION, word=strangers[0]))
    folder = tempfile.mkdtemp(prefix="diptych-self-test-")
    try:
        with patch.dict(os.environ, DIPTYCH_CONFIG_DIR=folder):
            parts = [_tried(name, one) for name, one in ((message("window"), window), *_PARTS)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    ok = all(one.ok for one in parts)
    if "--json" in arguments:
        say_json(
            {"version": __version__, "frozen": getattr(sys, "frozen", False), "ok": ok, "parts": msgspec.to_builtins(parts)}
        )
    else:
        rows = [[tr("ok") if part.ok else tr("FAILED"), tr(part.name), part.found] for part in parts]
        for line in table(rows, gap=2):
            say(line)
    return 0 if ok else 1


def _tried(name: str, part: Callable[[], str]) -> Part:
    spoken = language()
    try:
        return Part(name, True, part())
    except Exception as error:  # whatever an installation that lacks something raises
        return Part(name, False, f"{type(error).__name__}: {error}")
    finally:
        use_language(spoken)  # the window has a language of its own


def _exchange() -> str:
    import asyncio

    return asyncio.run(_asked())


async def _asked() -> str:
    """The demo's official endpoint, asked through the wire process."""
    from app.asking.runner import Run, Runner, SideChoice
    from app.exchange.outcome import Outcome
    from app.scenarios import Plan
    from app.terminal.demo_server import demo_endpoints
    from app.wire.client import WireClient

    wire = WireClient()
    try:
        async with demo_endpoints(True) as profiles:
            choices = {"a": SideChoice(profiles[0], profiles[0].model)}
            run = Run(Plan(), choices)  # type: ignore[arg-type]  # the keys are side names
            await Runner(wire, asks_other_paths=False).play(run, choices)  # type: ignore[arg-type]
    finally:
        await wire.aclose()
    last = run.sides["a"].last
    if last is None or last.outcome is not Outcome.COMPLETED:
        how = last.recording.end if last else None
        raise MissingError(tr("the demo's answer did not complete: {how:or nothing was asked}", how=how))
    return tr("the wire process answered {count} bytes of the demo", count=len(last.recording.body))


def _keyring() -> str:
    from app.store.backends import KeyStoreUnavailable, choose_backend, loadable_backends, title

    loadable = loadable_backends()
    wanted, beneath = _KEYRINGS.get(sys.platform, ("SecretService", "secretstorage"))
    import_module(beneath)  # without it the keyring's module is imported all the same, and says that there is none
    if wanted not in loadable:
        raise MissingError(
            tr(
                "the keyring of this system ({name}) can't be loaded, only {others:if {others:commas}|none}",
                name=wanted,
                others=loadable or None,
            )
        )
    try:
        chosen = title(choose_backend())
    except KeyStoreUnavailable as error:
        chosen = tr("none in use: {why}", why=error.sentence)
    return tr("{name} can be loaded; {used}", name=wanted, used=chosen)


def _tls() -> str:
    from app.wire.tls import ContextKey, build_context

    context = build_context(ContextKey("", True, True))
    if type(context).__module__.startswith("truststore"):
        import truststore

        if sys.platform in ("darwin", "win32"):
            return tr("the system's store, by truststore {version}", version=truststore.__version__)
        raise MissingError(tr("no certificate authority was found; the package ca-certificates has them"))
    return tr("{count} certificate authorities of the system", count=context.cert_store_stats()["x509_ca"])


def _encodings() -> str:
    import brotli  # type: ignore[import-untyped]

    from app.stream.decoding import Decoder

    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd

    packed = {"br": brotli.compress(_WORDS.encode()), "zstd": zstd.compress(_WORDS.encode())}
    for name, data in packed.items():
        decoder = Decoder(name)
        if decoder.feed(data) != _WORDS.encode():
            raise MissingError(tr("{encoding} came out as something else: {why}", encoding=name, why=decoder.error))
    return tr("brotli and zstd decode")


def _history() -> str:
    """The history's own tables, in a file, and three letters found in them."""
    import sqlite3

    from app.store.files import data_folder
    from app.store.history.database import connect

    connection, _ = connect(data_folder() / "history.sqlite3")
    try:
        connection.execute("INSERT INTO texts (rowid, text) VALUES (1, '首个字符延迟')")
        if connection.execute("SELECT rowid FROM texts WHERE texts MATCH '\"字符延\"'").fetchall() != [(1,)]:
            raise MissingError(tr("what was written is not found again"))
    finally:
        connection.close()
    return tr("SQLite {version} finds pieces of words", version=sqlite3.sqlite_version)


def _resources() -> str:
    from importlib.resources import files

    from app.clients.table import table
    from app.licences import components
    from app.pricing import builtin_table
    from app.store.presets import demo_profiles

    models = len(builtin_table().models)
    demo_profiles("http://127.0.0.1")
    table()
    folder = files("resources")
    if gone := [name for name in ("report/report.html.j2", "faults.txt", "icons/diptych.svg") if not (folder / name).is_file()]:
        raise MissingError(tr("{file} is missing", file=f"resources/{gone[0]}"))
    made = folder / "translations"
    languages = sorted(Path(one.name).stem for one in made.iterdir() if one.name.endswith(".mo")) if made.is_dir() else []
    spoken = language()
    broken = [one for one in languages if not use_language(one)]
    use_language(spoken)
    if broken:
        raise MissingError(tr("the translation {name} can't be read", name=broken[0]))
    known = components()
    if getattr(sys, "frozen", False) and "Python" not in {one.name for one in known}:
        raise MissingError(tr("the licences of what was built in are missing"))
    return tr(
        "prices of {count} models, presets, clients, report, icons, licences of {parts} parts; languages: {languages:commas}",
        count=models,
        parts=len(known),
        languages=["en", *languages],
    )


def _commands() -> str:
    """Nothing lists the commands but their folder, which a built program must have, too."""
    from app.terminal.commands import command_names

    names = command_names()
    for name in names:
        import_module(f"app.terminal.commands.{name}")
    if "run" not in names:
        raise MissingError(tr("of the commands there are only: {names:if {names:commas}|none}", names=names or None))
    return ", ".join(names)


_PARTS: tuple[tuple[str, Callable[[], str]], ...] = (
    (message("wire"), _exchange),
    (message("keyring"), _keyring),
    ("TLS", _tls),
    (message("encodings"), _encodings),
    (message("history"), _history),
    (message("resources"), _resources),
    (message("commands"), _commands),
)
