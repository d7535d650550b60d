"""The messages of Diptych for a translator: `python packaging/messages.py [LANGUAGE]`, in the project's environment.

Writes `resources/translations/diptych.pot`, and with a language (`zh_CN`) its `LANGUAGE.po`: made anew, or brought up to date
with what was translated kept, and compiled to the `LANGUAGE.mo` that the program reads. What is no longer said goes out of it:
git has it. A message is a template of `app.text.sentences`, found by reading the sources: the texts in the calls of `tr` and
`message` everywhere, in the templates of reports too, and every text of the modules of tables (`_SAYING`); one that is put
together of a module's own constants is read as the whole that it makes. The lines of `resources/faults.txt` and the notes of
presets are messages too. The templates of diagnoses are put together of parts when their table is made, and are taken from
there.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
_OF_DIAGNOSES = "app/diagnosis/rules_*.py"
_SAYING = {
    "render",
    "spans",
    "Rule",
    "ProfileChange",
    "Check",
    "Judged",
    "Item",
}  # a module that imports one of these has templates
_MAY_SAY = re.compile(rf"\b(?:tr|message|in_context|{'|'.join(sorted(_SAYING))})\b")


def messages() -> Iterator[tuple[str, str, int]]:
    """Each message, with the file and the line where it stands."""
    sys.path.insert(0, str(ROOT))
    from app.text.numbers import MESSAGES

    yield from ((text, "app/text/numbers.py", 1) for text in MESSAGES)
    yield from _of_faults()
    yield from _of_presets()
    for path in sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]):
        source, name = path.read_text(encoding="utf-8"), str(path.relative_to(ROOT))
        if not _MAY_SAY.search(source):
            continue
        tree = ast.parse(source)
        nodes = list(_walk(tree))
        if path.match(_OF_DIAGNOSES):
            yield from ((text, name, line) for text, line in _of_diagnoses(nodes))
            continue
        imported = {alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
        if imported & _SAYING and path.is_relative_to(ROOT / "app") and not path.is_relative_to(ROOT / "app" / "terminal"):
            for text, line in _texts(tree, nodes):
                yield text, name, line
        yield from ((text, name, line) for find in (_marked, _in_context) for text, line in find(tree, nodes))
    for path in sorted((ROOT / "resources").rglob("*.j2")):
        yield from ((text, str(path.relative_to(ROOT)), line) for text, line in _of_template(path.read_text(encoding="utf-8")))


def _walk(tree: ast.AST) -> Iterator[ast.AST]:
    """As `ast.walk`, in half its time."""
    todo = deque([tree])
    while todo:
        node = todo.popleft()
        yield node
        for value in vars(node).values():
            if isinstance(value, ast.AST):
                todo.append(value)
            elif isinstance(value, list):
                todo.extend(one for one in value if isinstance(one, ast.AST))


def _of_template(source: str) -> Iterator[tuple[str, int]]:
    """The texts of `tr("…")` in a template of Jinja, of each branch too."""
    import jinja2

    for call in jinja2.Environment().parse(source).find_all(jinja2.nodes.Call):
        if isinstance(call.node, jinja2.nodes.Name) and call.node.name == "tr":
            todo = [call.args[0]]
            while todo:
                node = todo.pop(0)
                if isinstance(node, jinja2.nodes.CondExpr):
                    todo += [node.expr1, *([node.expr2] if node.expr2 is not None else [])]
                elif isinstance(node, jinja2.nodes.Const) and str(node.value).strip():
                    yield str(node.value), node.lineno


def _of_faults() -> Iterator[tuple[str, str, int]]:
    """The simulator's faults: the groups and what each does, as `app.simulator.demo_relay` says them."""
    name = "resources/faults.txt"
    for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1):
        text = line.split(maxsplit=1)[1] if line.startswith("  ") else line
        if text:
            yield text.strip().replace("{", "{{").replace("}", "}}"), name, number


def _of_presets() -> Iterator[tuple[str, str, int]]:
    """What the presets of endpoints say of themselves."""
    import tomllib

    text = (ROOT / "resources" / "presets.toml").read_text(encoding="utf-8")
    for one in tomllib.loads(text)["presets"]:
        if note := one.get("note"):
            yield note, "resources/presets.toml", text[: text.index(note)].count("\n") + 1


def _of_diagnoses(nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    """What the rows that stand in a module of the table say, and the labels of their buttons."""
    from app.diagnosis import RULES

    rows = {rule.name: rule for rule in RULES}
    for call in nodes:
        match call:
            case ast.Call(ast.Name("Rule"), [ast.Constant(str(name)), *_]):
                yield from ((text, call.lineno) for text in (rows[name].cause, rows[name].fix))
            case ast.Call(ast.Attribute(ast.Name("changes")), [*_, ast.Constant(str(label))]) if " " in label:
                yield label, call.lineno


def _in_context(_tree: ast.Module, nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    """The texts of `in_context("…", "…")`, each behind its context, as catalogues have it."""
    for call in nodes:
        match call:
            case ast.Call(ast.Name("in_context"), [ast.Constant(str(context)), ast.Constant(str(text))]):
                yield f"{context}\x04{text}", call.lineno


def _marked(tree: ast.Module, nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    """The texts of `tr("…")` and `message("…")`, of each branch where the template is chosen there."""
    named = _constants(tree)
    for call in nodes:
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("tr", "message"):
            for node in _branches(call.args[0]) if call.args else ():
                if not isinstance(node, ast.Name) and (text := _whole(node, named)) is not None and text.strip():
                    yield text, node.lineno


def _branches(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from (*_branches(node.body), *_branches(node.orelse))
    else:
        yield node


def _constants(tree: ast.Module) -> dict[str, str]:
    """The texts of a module by the names that they are given at its top."""
    named: dict[str, str] = {}
    for one in tree.body:
        match one:
            case ast.Assign([ast.Name(name)], value) if (text := _whole(value, named)) is not None:
                named[name] = text
    return named


def _whole(node: ast.expr, named: Mapping[str, str]) -> str | None:
    """A text that is written there, or put together of such; None for what is known only when the program runs."""
    match node:
        case ast.Constant(str(text)):
            return text
        case ast.Name(name):
            return named.get(name)
        case ast.BinOp(left, ast.Add(), right):
            parts = [_whole(left, named), _whole(right, named)]
        case ast.JoinedStr(values):
            parts = [_whole(one, named) for one in values]
        case ast.FormattedValue(value, -1, None):
            return _whole(value, named)
        case _:
            return None
    return None if None in parts else "".join(part or "" for part in parts)


def _texts(tree: ast.Module, nodes: Sequence[ast.AST]) -> Iterator[tuple[str, int]]:
    docstrings = {ast.get_docstring(node, clean=False) for node in nodes if isinstance(node, _DOCUMENTED)}
    pieces = {part for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    pieces |= {part for node in nodes for root in _no_messages(node) for part in ast.walk(root)}
    whole = {part for node in nodes if isinstance(node, ast.Call) for part in _of_rule(node)}
    named = _constants(tree)
    made: dict[ast.expr, str] = {}  # what is put together, outermost first: its parts are no messages of their own
    for node in nodes:
        if isinstance(node, ast.BinOp | ast.JoinedStr) and node not in pieces and (text := _whole(node, named)) is not None:
            made[node] = text
            parts = {part for part in ast.walk(node) if part is not node}
            names = {part.id for part in parts if isinstance(part, ast.Name)}
            pieces |= parts | {part for one in tree.body if _names_one_of(one, names) for part in ast.walk(one)}
    for node, text in made.items():
        if node not in pieces and " " in text.strip():
            yield text, node.lineno
    for node in nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or node in pieces:
            continue
        if node.value not in docstrings and (node in whole or " " in node.value.strip()):
            yield node.value, node.lineno


def _names_one_of(node: ast.stmt, names: set[str]) -> bool:
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in names


_SEEKING = ("says", "matches", "shows", "startswith", "endswith", "removeprefix", "compile")


def _no_messages(node: ast.AST) -> Iterator[ast.AST]:
    """What of a node looks for words or is a key, which are not ours to translate, is for programmers or a model, or has a
    context."""
    match node:
        case ast.Raise() | ast.Assert() | ast.Expr(ast.Constant()) | ast.Call(ast.Name("in_context" | "unsaid")):
            yield node
        case ast.Call(ast.Attribute(attr=name)) if name in _SEEKING:
            yield node
        case ast.Call(ast.Attribute(attr="get"), [key, *_]) | ast.Subscript(slice=key):
            yield key
        case ast.ClassDef(bases=bases) if any(isinstance(base, ast.Name) and base.id == "StrEnum" for base in bases):
            yield node
        case ast.Constant(value) if "\\" in str(value):
            yield node


_SHORT_WORDS = ("title", "short", "brief", "loss")
_WORD = re.compile(r"^(?!.*_)(?:[^{}]*[a-z]{3}[^{}]*)$")  # no parameter, no field
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _of_rule(call: ast.Call) -> list[ast.expr]:
    """What a rule says: everything behind its id and its severity; what a measured number is called, and its unit; what a check
    is called and what it found, in a word too."""
    match call:
        case ast.Call(ast.Name("Rule"), [_, _, *said]):
            return said
        case ast.Call(ast.Name("Measured"), [name, *more]):
            return [name, *(one for one in more[1:2] if isinstance(one, ast.Constant) and _WORD.search(str(one.value)))]
        case ast.Call(ast.Name("Judged" | "Check") | ast.Attribute(attr="replace"), keywords=named):
            said = [leaf for one in named if one.arg in _SHORT_WORDS for leaf in _branches(one.value)]
            return [one for one in said if isinstance(one, ast.Constant) and _WORD.search(str(one.value))]
    return []


def main(language: str = "") -> None:
    """Write the template, and the catalogue of a language. Ends with a sentence where there is no such language."""
    try:
        Locale.parse(language or "en")
    except (UnknownLocaleError, ValueError) as error:
        sys.exit(f"messages.py: {language!r} is no language: {error}. Write it as zh_CN or de.")
    FOLDER.mkdir(exist_ok=True)
    template = Catalog(project="diptych")
    for said, path, line in messages():
        *context, text = said.split("\x04")
        template.add(text, locations=[(path, line)], context=context[0] if context else None)
    _write(template, FOLDER / "diptych.pot")
    if language:
        path = FOLDER / f"{language}.po"
        catalogue = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(language, header_comment="")
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        compiled = path.with_suffix(".mo")
        _fill_head(catalogue, read_mo(compiled.open("rb")) if compiled.exists() else Catalog(language))
        _write(catalogue, path)
        with compiled.open("wb") as file:
            write_mo(file, catalogue)


def _fill_head(catalogue: Catalog, before: Catalog) -> None:
    """What the head says of the catalogue, which Babel fills with names to be replaced; `before` is what it was compiled to."""
    from app import __version__

    catalogue.project, catalogue.version, catalogue.fuzzy = "diptych", __version__, False
    catalogue.msgid_bugs_address = ""  # as xgettext leaves it where no address is known
    if "EMAIL@ADDRESS" in catalogue.last_translator:
        catalogue.last_translator = "Diptych"
    if "@li.org" in catalogue.language_team:
        catalogue.language_team = "none"  # gettext's word where there is no team
    if isinstance(catalogue.revision_date, str) or _translations(catalogue) != _translations(before):
        catalogue.revision_date = catalogue.creation_date


def _translations(catalogue: Catalog) -> dict[tuple[str | None, object], object]:
    return {(one.context, one.id): one.string for one in catalogue if one.id and one.string and not one.fuzzy}


def _write(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=True)


if __name__ == "__main__":
    main(*sys.argv[1:2])
