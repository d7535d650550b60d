"""The terminal in a language of brackets: nothing but names stands outside them in helps and in what commands print."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from app.recording.records import RunOpened
from app.store.run_file import save_run
from app.terminal.commands import command_names
from app.terminal.parser import parser
from app.text.translation import translate_with
from tests.builders import recording, stream
from tests.pseudo import outside, speak_pseudo
from tests.terminal.program import CANARY, called, side_options

MESSAGES = "anthropic-messages"
KEPT = " " * 7  # a line of the history that was said when the run was kept, in each language that Diptych speaks
NAMES = {"diptych", "http", "locust", "anthropic", "python", "javascript", *command_names()}
OUTSIDE = {"endpoint", "word", "text", "nothing", "none", "hello", "base"}  # of recordings, prompt, file, `base URL`
VERBS = {"list", "show", "pin", "unpin", "name", "note", "delete", "restore", "prune", "trend"}  # of `diptych history`
NO_WORDS = re.compile(
    r"(?<!\w)--?[\w-]+|\b[A-Z][A-Z_\d./:@-]+\b|\{[^}]*\}"  # options and what stands for their values
    r"|“[^”]*”|`[^`]*`|\b\w*[_/:.#=-]\w[\w/.:#=-]*\b"  # quotations, ids, addresses
)


@pytest.fixture
def abroad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("app.text.languages.use_language", lambda _code: True)
    speak_pseudo()
    yield
    translate_with(None)


def english(said: str) -> set[str]:
    return {one.lower() for one in re.findall("[A-Za-z]{3,}", NO_WORDS.sub("", outside(said)))} - NAMES


@pytest.mark.usefixtures("abroad")
def test_each_command_helps_in_the_language_of_now(subtests: pytest.Subtests) -> None:
    for name in ("", *command_names()):
        said = io.StringIO()
        with subtests.test(name), redirect_stdout(said):
            with pytest.raises(SystemExit):
                parser().parse_args([*filter(None, [name]), "--help"])
            assert english(said.getvalue()) - VERBS == set()


@pytest.fixture
def run(tmp_path: Path) -> Path:
    file = tmp_path / "run.diptych"
    save_run(
        file,
        RunOpened("1", "2026-11-21T00:00:00.000Z", "0", "streaming", {}),
        [stream(words=2), recording([(600.0, b"event: nothing\ndata: {}\n\n")], side="b")],
    )
    return file


@pytest.mark.usefixtures("abroad")
def test_what_commands_print_is_in_the_language_of_now(
    simulator: str, run: Path, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    sides = [*side_options("a", simulator, "official", MESSAGES), *side_options("b", simulator, "relay", MESSAGES)]
    one = [word.replace("--a-", "--") for word in side_options("a", simulator, "official", MESSAGES)]
    brief = ["--prompt", "Hello", "--max-tokens", "4"]
    for code, words in (
        (1, ["read", str(run)]),
        (1, ["diff", str(run)]),
        (0, ["run", *sides, *brief]),
        (0, ["test", *one]),
        (0, ["settings", *one[:4], *one[6:], "--client", "anthropic"]),
        (0, ["history", "list"]),
        (0, ["check", *one, "--group", "errors"]),
        (0, ["study", *sides, "-n", "6", *brief]),
        (1, ["import", str(run)]),
        (1, ["read", str(tmp_path / "none")]),
        (2, ["run"]),
    ):
        with subtests.test(" ".join(words[:2])):
            done = called(*words, CANARY_KEY=CANARY)
            assert done.returncode == code, done.stderr
            said = "\n".join(line for line in f"{done.stdout}\n{done.stderr}".splitlines() if not line.startswith(KEPT))
            assert said.count("[") > 0
            assert english(said.replace(str(tmp_path), "")) - OUTSIDE == set()
