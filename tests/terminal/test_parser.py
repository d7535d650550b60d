"""The command line: its commands, and wrong use."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import app.terminal.commands
from app import __main__ as program
from app.__main__ import main
from app.terminal.commands import command_names
from app.terminal.parser import Command, parser
from tests.terminal.program import ROOT

NEW_COMMAND = """
HELP = "a new command"
def add_options(parser): parser.add_argument("--answer", type=int)
def command(options): return options.answer
"""


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, list[str]]]:
    """What the window would have been opened with: (demo, files)."""
    calls: list[tuple[bool, list[str]]] = []

    def window(*, demo: bool, files: list[str], language: str) -> int:
        calls.append((demo, files))
        return 0

    monkeypatch.setattr(program, "_window", window)
    return calls


@pytest.mark.parametrize("name", command_names())
def test_the_help_of_a_command_says_first_what_it_is_for(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args([name, "--help"])
    what = import_module(f"app.terminal.commands.{name}").HELP
    _, first, *_ = capsys.readouterr().out.split("\n\n")  # after the usage, before the options
    assert " ".join(first.split()).startswith(f"{what[0].upper()}{what[1:]}")


def test_every_file_of_the_folder_is_a_command() -> None:
    files = {path.stem for path in (ROOT / "app/terminal/commands").glob("*.py")} - {"__init__"}
    assert set(command_names()) == files >= {"run", "models", "read", "simulate", "test"}
    [commands] = [action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)]
    assert set(commands.choices) == files
    for name, command in commands.choices.items():
        assert isinstance(command, Command)
        command.fill()
        module = import_module(f"app.terminal.commands.{name}")
        assert module.HELP
        assert module.HELP[0].islower()
        assert command.get_default("command") is module.command


@pytest.mark.parametrize("words", [("read", "one.har"), ("history", "list")])
def test_a_command_is_imported_alone(words: tuple[str, ...]) -> None:
    seen = "print([one.rsplit('.', 1)[1] for one in sys.modules if one.startswith('app.terminal.commands.')])"
    asks = f"import sys; from app.terminal.parser import parser; parser().parse_args({[*words]}); {seen}"
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == str([words[0]])


@pytest.fixture
def new_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "newcmd.py").write_text(NEW_COMMAND)
    monkeypatch.setattr(app.terminal.commands, "__path__", [*app.terminal.commands.__path__, str(tmp_path)])
    yield
    sys.modules.pop("app.terminal.commands.newcmd", None)
    vars(app.terminal.commands).pop("newcmd", None)


@pytest.mark.usefixtures("new_command")
def test_a_new_command_is_a_file_and_nothing_else(opened: list[tuple[bool, list[str]]]) -> None:
    assert main(["newcmd", "--answer", "7"]) == 7
    assert main(["newcmd", "--answer", "0"]) == 0
    assert opened == []


@pytest.mark.parametrize("name", command_names())
def test_a_command_is_one_though_there_is_a_file_of_that_name(name: str, opened: list[tuple[bool, list[str]]]) -> None:
    Path(name).write_text("")
    with pytest.raises(SystemExit) as ended:
        main([name, "--no-such-option"])
    assert ended.value.code == 2
    assert opened == []


def test_what_opens_the_window(opened: list[tuple[bool, list[str]]]) -> None:
    Path("a run.diptych").write_text("")
    for arguments in ([], ["--demo"], ["a run.diptych"], ["--demo", "a run.diptych"]):
        assert main(arguments) == 0
    assert opened == [(False, []), (True, []), (False, ["a run.diptych"]), (True, ["a run.diptych"])]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("modls", "“modls” is neither a command nor a file. Is “models” meant?"),
        ("raed", "“raed” is neither a command nor a file. Is “read” meant?"),
        ("typo", f"“typo” is neither a command nor a file. The commands are {', '.join(command_names())}."),
        ("gone.diptych", "there is no file “gone.diptych”."),
        ("no/such", "there is no file “no/such”."),
        ("folder", "“folder” is a folder, not a file."),
        ("\x1b[2Jx", "“␛[2Jx” is neither a command nor a file."),
    ],
)
@pytest.mark.parametrize("before", [[], ["--demo"], ["there.diptych"]])
def test_a_word_that_is_no_command_and_no_file_opens_nothing(
    word: str, said: str, before: list[str], opened: list[tuple[bool, list[str]]], capsys: pytest.CaptureFixture[str]
) -> None:
    Path("folder").mkdir()
    Path("there.diptych").write_text("")
    assert main([*before, word]) == 2
    assert opened == []
    out, err = capsys.readouterr()
    assert err.startswith(f"diptych: {said}")
    assert out == ""


def test_the_start_of_the_window_reads_no_command(
    opened: list[tuple[bool, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_commands", lambda: pytest.fail("not needed"))
    assert main(["--demo"]) == main([]) == 0
    assert len(opened) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "--a", "No such profile"],
        ["run", "--a-url", "http://h"],
        ["run", "--a-model", "m"],
        ["run", "--a", "Demo official", "--a-url", "http://h"],
        ["run", "--a", "Demo official", "--request", "custom"],
        ["run", "--a", "Demo official", "--a-header", "nonsense"],
        ["run", "--a", "Demo official", "--a-key-env", "NOT_SET_ANYWHERE"],
        ["run", "--a", "Demo official", "--max-tokens", "-1"],
        ["run", "--a", "Demo official", "--max-tokens", "99999999999999999999"],
        ["run", "--a", "Demo official", "--a-header", "x=€"],
        ["run", "--a", "Demo official", "--save", "no/such/folder/x.diptych"],
        ["run", "--a", "Demo official", "--save", "/"],
        ["models"],
        ["simulate", "--fault", "no_such_fault"],
    ],
)  # fmt: skip
def test_wrong_use_is_2_and_says_why(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("diptych: ")
    assert not said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "--total-timeout", "0"],
        ["run", "--tool-result", "x", "--tool-error", "y"],
        ["run", "--request", "x"],
        ["nonsense", "--json"],
        ["read"],
        ["--dem"],
        ["simulate", "--port", "65536"],
    ],
)
def test_what_argparse_refuses_is_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
