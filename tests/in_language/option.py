"""`--language`, and what it changes in the tests' own source."""

from __future__ import annotations

import ast
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zlib import crc32

import pytest

from app.text import languages
from tests.in_language import comparisons, notes

_HERE = Path(__file__).parent


def add_option(parser: pytest.Parser) -> None:
    """`--language CODE`; tests that are imported from now on compare by what is meant in it."""
    parser.addoption(
        "--language", default=languages.ENGLISH, metavar="CODE", help="run the tests with the program in this language"
    )
    code: str = parser.parse_known_args(sys.argv[1:]).language
    if code != languages.ENGLISH:
        _rewrite_comparisons(code)  # before the conftest of a room that is named imports what compares


def begin(config: pytest.Config) -> None:
    """From now on that language is spoken, by the programs that tests start too."""
    code: str = config.getoption("--language")
    os.environ["DIPTYCH_LANG"] = code
    if code == languages.ENGLISH:
        return
    notes.note_what_is_said()
    if not languages.use_language(code):
        raise pytest.UsageError(f"{code} is none of the languages that Diptych speaks")
    folder, here = tempfile.mkdtemp(), os.getpid()
    config.add_cleanup(lambda: shutil.rmtree(folder) if os.getpid() == here else None)  # not where a fork of the tests ends
    os.environ[notes.FOLDER] = folder
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(_HERE / "child"), str(_HERE.parents[1]), *([before] if before else [])])


def _rewrite_comparisons(code: str) -> None:
    from _pytest import raises
    from _pytest.assertion import rewrite

    rewrite_asserts = rewrite.rewrite_asserts

    def rewriting(module: ast.Module, *args: Any, **options: Any) -> None:
        _Comparisons().visit(module)
        is_future = (isinstance(one, ast.ImportFrom) and one.module == "__future__" for one in module.body)
        place = max((number for number, found in enumerate(is_future, 1) if found), default=0)
        module.body.insert(place, ast.Import([ast.alias(comparisons.__name__, "@language")], lineno=1, col_offset=0))
        rewrite_asserts(ast.fix_missing_locations(module), *args, **options)

    rewrite.rewrite_asserts = cast(Any, rewriting)
    # Such modules are kept beside those as they are, and made anew where this one changed.
    rewrite.PYC_TAIL = f".{code}-{crc32(Path(__file__).read_bytes())}{rewrite.PYC_TAIL}"
    vars(raises)["re"] = SimpleNamespace(**vars(re) | {"search": comparisons.found})
    names = {f"tests.{path.stem}" for path in _HERE.parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    pytest.register_assert_rewrite(*sorted(name for name in names if name not in sys.modules))


class _Comparisons(ast.NodeTransformer):
    """Puts calls of `comparisons` in the place of what they stand for."""

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        ops = [type(op).__name__ for op in node.ops]
        if not all(op in comparisons.COMPARISONS for op in ops):
            return node
        if len(ops) == 1:
            return _call(node, "compare", ast.Constant(ops[0]), node.left, node.comparators[0])
        return _call(node, "chain", ast.Constant(" ".join(ops)), node.left, *node.comparators)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.func, ast.Attribute) or not node.args:
            return node
        name, owner = node.func.attr, node.func.value
        if name in comparisons.SEEKS and isinstance(owner, ast.Name) and owner.id == "re":
            return _call(node, "found", *node.args, keywords=[*node.keywords, ast.keyword("by", node.func)])
        if name in (*comparisons.ASKS, *comparisons.LOOKS):
            return _call(node, "method", ast.Constant(name), owner, *node.args, keywords=node.keywords)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        is_number = isinstance(node.slice, ast.Slice) or (
            isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int)
        )
        return node if is_number or not isinstance(node.ctx, ast.Load) else _call(node, "item", node.value, node.slice)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        node.value = node.value and self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        return node

    def visit_FunctionDef(self, node: Any) -> Any:
        returns, node.returns = node.returns, None
        self.generic_visit(node)
        node.returns = returns
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


def _call(node: ast.expr, name: str, *args: ast.expr, keywords: list[ast.keyword] | None = None) -> ast.Call:
    func = ast.Attribute(ast.Name("@language", ast.Load()), name, ast.Load())
    return ast.copy_location(ast.Call(func, list(args), keywords or []), node)
