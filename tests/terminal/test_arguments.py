"""What argparse says of itself, in another language: its words, and the columns of its help."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.__main__ import main
from app.terminal import arguments
from app.terminal.arguments import Parser
from app.text.columns import columns
from app.text.translation import translate_with

CHINESE = {
    "usage: ": "用法：",
    "options": "选项",
    "show this help message and exit": "显示这份帮助后退出",
    "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
    "the following arguments are required: %s": "缺少以下参数：%s",
    "expected %s arguments": "需要 %s 个值",
}


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    translate_with(lambda template: CHINESE.get(template, template))
    yield
    translate_with(None)


def a_parser() -> Parser:
    parser = Parser(prog="diptych run", description="没有命令时打开窗口，" * 12)
    for name in ("first", "second", "third", "fourth"):
        parser.add_argument(f"--{name}-timeout", metavar="SECONDS", help="从请求的最后一个字节到响应的第一个字节" * 3)
    parser.add_argument("--pair", nargs=2, metavar="N")
    parser.add_argument("file", metavar="FILE")
    return parser


def test_help_is_in_columns_that_the_terminal_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "62")
    lines = a_parser().format_help().splitlines()
    assert max(map(columns, lines)) in (59, 60)
    assert lines[0].startswith("用法：diptych run [-h]")
    assert lines[1].startswith(" " * columns("用法：diptych run ") + "[--")
    assert "选项:" in lines
    assert "没有命令时" in lines[lines.index("") + 1]
    assert "显示这份帮助后退出" in " ".join(lines)


def test_what_argparse_refuses_is_said_in_that_language(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ([], ["--pair", "1"]):
        with pytest.raises(SystemExit) as ended:
            a_parser().parse_args(wrong)
        assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "diptych run：错误：缺少以下参数：FILE\n" in said
    assert "需要 2 个值\n" in said


def test_each_text_is_one_that_argparse_has() -> None:
    import argparse

    texts = {node.value for node in ast.walk(ast.parse(inspect.getsource(argparse))) if isinstance(node, ast.Constant)}
    newer = {text for text in arguments._WORDS if "closest" in text or "program's version" in text}
    assert set(arguments._WORDS) - texts <= newer


def test_for_a_program_it_is_english_unless_a_language_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen: list[str] = []
    monkeypatch.setattr("app.text.languages.use_language", chosen.append)
    monkeypatch.delenv("DIPTYCH_LANG")
    monkeypatch.setattr("app.text.languages.of_system", lambda: "zh_CN")
    capture = tmp_path / "none.sse"
    capture.write_text("data: {}\n\n")
    for asked in (["--json"], ["--json", "--lang", "zh"], []):
        main(["read", "--protocol", "openai-chat", *asked, str(capture)])
    assert chosen == ["zh_CN", "zh_CN"]  # none of the first, whose reader is a program
    first = capsys.readouterr().out.splitlines()[0]
    assert json.loads(first)["id"]
