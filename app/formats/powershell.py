"""Reads the call of a web address out of a PowerShell script: `Invoke-RestMethod`, `Invoke-WebRequest`, or `curl.exe`.

Of the language it knows what vendors' pages and browsers write: variables, strings of all kinds, hash tables, arrays,
`ConvertTo-Json`, splatting. Nothing is run. Variables of the environment are holes, as in `app.formats.shell_words`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from app.formats.shell_words import Holes, without_holes
from app.text.json_text import encode_json

_CALL = re.compile(r"(?<![\w$-])(Invoke-RestMethod|Invoke-WebRequest|irm|iwr|curl(?:\.exe)?)(?=\s|`)", re.IGNORECASE)
_GET_VARIABLE = re.compile(r"\[(?:System\.)?Environment\]::GetEnvironmentVariable\(\s*['\"](\w+)['\"][^)\n]*\)", re.IGNORECASE)
_ASSIGNED = re.compile(r"^[ \t]*\$(env:)?(\w+)[ \t]*\+?=(?!=)", re.MULTILINE | re.IGNORECASE)
_MEMBER = re.compile(r"^[ \t]*\$(\w+)(?:\[[\"']([^\"'\]]+)[\"']\]|\.(\w+))[ \t]*=(?!=)", re.MULTILINE)
_BLANK = re.compile(r"(?:[ \t]|`[ \t]*(?:\r\n|[\n\r])|<#.*?#>)+", re.DOTALL)
_BLANKS = re.compile(r"(?:\s|`[ \t]*[\n\r]|#[^\n\r]*)+")
_VARIABLE = re.compile(r"\$(?:\{(env:)?(\w+)\}|(env:)?(\w+)|\(\$(?:\{env:(\w+)\}|env:(\w+))\))", re.IGNORECASE)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])")
_CAST = re.compile(r"\[[\w.]+(?:\[\])?\][ \t]*(?=[@\"'$(\[])")
_CONSTANTS = {"true": True, "false": False, "null": None}
_PARAMETERS = ("uri", "method", "headers", "body", "contenttype", "proxy", "skipcertificatecheck", "token", "useragent")
_SHORT_CHARACTERS = 3


class Script:
    """A script; `call` gives what it asks for as options of curl. Raises ValueError where it can't be read."""

    def __init__(self, text: str, holes: Holes) -> None:
        self._text, self._at, self._holes = _GET_VARIABLE.sub(r"$env:\1", without_holes(text)), 0, holes
        self._values: dict[str, object] = {}

    def call(self) -> tuple[list[str], list[tuple[str, str]]] | None:
        """Its first call: as words of a curl command, or ([], options of curl by the names of `app.formats.curl`)."""
        found = _CALL.search(self._text)
        while found is not None and self._is_within_text(found.start()):
            found = _CALL.search(self._text, found.end())
        if found is None:
            return None
        self._read_assignments(found.start())
        self._at = found.end()
        if found[1].lower().startswith("curl") and not self._match(r"[^\n]*?\s-(?:Uri|Headers|Body|Method)\b"):
            return self._words(), []
        return [], self._options()

    @property
    def _char(self) -> str:
        """The next character, "" at the end."""
        return self._text[self._at : self._at + 1]

    def _match(self, pattern: str) -> re.Match[str] | None:
        return re.compile(pattern, re.IGNORECASE | re.DOTALL).match(self._text, self._at)

    def _is_within_text(self, at: int) -> bool:
        """Whether a comment stands before it on its line."""
        return "#" in self._text[self._text.rfind("\n", 0, at) + 1 : at]

    def _read_assignments(self, end: int) -> None:
        at = 0
        while True:
            found = min(
                filter(None, (pattern.search(self._text, at, end) for pattern in (_ASSIGNED, _MEMBER))),
                key=lambda one: one.start(),
                default=None,
            )
            if found is None:
                return
            self._at = at = found.end()
            try:
                value = self._expression()
            except (ValueError, IndexError):
                continue
            at = self._at
            if found.re is _ASSIGNED:
                self._values[("env:" if found[1] else "") + found[2].lower()] = value
            elif isinstance(table := self._values.get(found[1].lower()), dict):
                table[found[2] or found[3]] = value

    # -- a call ---------------------------------------------------------------------------------------------------------

    def _words(self) -> list[str]:
        words = ["curl"]
        while self._goes_on():
            words.append(_text_of(self._argument()))
        return words

    def _goes_on(self) -> bool:
        if (blank := _BLANK.match(self._text, self._at)) is not None:
            self._at = blank.end()
        if (lost := self._match(r"[\r\n]+[ \t]*(?=-[\w-])")) is not None:  # a line end that lost its backquote
            self._at = lost.end()
            return True
        return self._char not in ("", *"\r\n|;)}") and not self._match(r"\d?>")

    def _options(self) -> list[tuple[str, str]]:
        given: dict[str, object] = {}
        while self._goes_on():
            splatted, name = self._match(r"@(\w+)"), self._match(r"-([A-Za-z]\w*):?")
            if splatted is not None:
                self._at = splatted.end()
                table = self._values.get(splatted[1].lower())
                given |= {_parameter(key): value for key, value in table.items()} if isinstance(table, dict) else {}
            elif name is not None:
                self._at = name.end()
                switch = not self._goes_on() or self._match(r"-[A-Za-z]")
                given[_parameter(name[1])] = True if switch else self._argument()
            else:
                given.setdefault("uri", self._argument())
        return list(_as_curl(given))

    def _argument(self) -> object:
        if self._char in "'\"@($[“‘":
            value = self._primary()
            if isinstance(value, str) and self._char not in ("", *" \t\r\n`,);|"):
                return value + _text_of(self._argument())  # two pieces of one word
            return value
        begin = self._at
        out: list[str] = []
        while self._char not in ("", *" \t\r\n`;|)},"):
            if self._char in "\"'$":
                out.append(_text_of(self._primary()))
            else:
                out.append(self._char)
                self._at += 1
        if self._at == begin:
            self._at += 1
        return "".join(out)

    # -- expressions ----------------------------------------------------------------------------------------------------

    def _expression(self) -> object:
        value = self._primary()
        while True:
            self._skip(_BLANK)
            if self._match(r"\+(?!=)"):
                self._at += 1
                value = _text_of(value) + _text_of(self._primary())
            elif (piped := self._match(r"\|\s*ConvertTo-Json\b[^|)\r\n;]*")) is not None:
                self._at = piped.end()
                value = encode_json(value).decode()
            else:
                return value

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if (found := pattern.match(self._text, self._at)) is not None:
            self._at = found.end()

    def _primary(self) -> object:
        self._skip(_BLANKS)
        while (cast := _CAST.match(self._text, self._at)) is not None:
            self._at = cast.end()
        if (here := self._match(r"@(['\"])[ \t]*(?:\r\n|\n|\r)(.*?)(?:\r\n|\n|\r)\1@")) is not None:
            self._at = here.end()
            return here[2] if here[1] == "'" else self._filled(here[2])
        if self._text.startswith("@{", self._at):
            return self._table()
        if self._text.startswith("@(", self._at):
            return self._items()
        if (mark := self._char) in ("'", "‘"):
            return self._single("'" if mark == "'" else "’")
        if mark in ('"', "“"):
            return self._double('"' if mark == '"' else "”")
        if mark == "(":
            return self._bracket()
        if (number := _NUMBER.match(self._text, self._at)) is not None:
            self._at = number.end()
            return float(number[0]) if set(number[0]) & set(".eE") else int(number[0])
        if (variable := _VARIABLE.match(self._text, self._at)) is not None:
            self._at = variable.end()
            return self._value(variable)
        if (word := self._match(r"[\w.-]+")) is not None:
            self._at = word.end()
            return word[0]
        raise ValueError("an expression that is not known here")

    def _value(self, found: re.Match[str]) -> object:
        braced_env, braced, env, name, within, within_braces = found.groups()
        named = braced or name or within or within_braces or ""
        is_env = bool(braced_env or env or within or within_braces)
        if not is_env and named.lower() in _CONSTANTS:
            return _CONSTANTS[named.lower()]
        key = ("env:" if is_env else "") + named.lower()
        return self._values[key] if key in self._values else self._holes.add(named)

    def _table(self) -> dict[str, object]:
        self._at += 2
        out: dict[str, object] = {}
        while True:
            self._skip(re.compile(r"(?:\s|;|`[ \t]*[\n\r]|#[^\n\r]*)+"))
            if self._char == "}":
                self._at += 1
                return out
            key = _text_of(self._primary())
            self._skip(_BLANKS)
            if not self._char == "=":
                raise ValueError("a hash table that is not known here")
            self._at += 1
            out[key] = self._list_or_one()

    def _list_or_one(self) -> object:
        items = [self._expression()]
        while self._char == ",":
            self._at += 1
            items.append(self._expression())
        return items if len(items) > 1 else items[0]

    def _items(self) -> list[object]:
        self._at += 2
        out: list[object] = []
        while True:
            self._skip(re.compile(r"(?:[\s,;]|`[ \t]*[\n\r]|#[^\n\r]*)+"))
            if self._char == ")":
                self._at += 1
                return out
            out.append(self._expression())

    def _bracket(self) -> object:
        """An expression in brackets. Of a command's there only a variable of the environment or one text is looked for."""
        begin = self._at
        self._at += 1
        try:
            value = self._list_or_one()
            self._skip(_BLANKS)
            if self._char == ")":
                self._at += 1
                return value
        except ValueError:
            pass
        depth = 0
        for at in range(begin, len(self._text)):
            self._at = at + 1
            depth += {"(": 1, ")": -1}.get(self._text[at], 0)
            if depth == 0:
                break
        inner = self._text[begin : self._at]
        if (variable := re.search(r"\$(?:\{env:|env:)(\w+)", inner, re.IGNORECASE)) is not None:
            return self._holes.add(variable[1])
        words = re.findall(r"[\w.-]+", inner)
        return self._holes.add(words[0] if words else "", is_command=True)

    def _single(self, mark: str) -> str:
        out: list[str] = []
        self._at += 1
        while True:
            end = self._text.find(mark, self._at)
            if end < 0:
                raise ValueError("a quotation mark without its other half")
            out.append(self._text[self._at : end])
            self._at = end + 1
            if self._char != mark:
                return "".join(out)
            out.append(mark)
            self._at += 1

    def _double(self, mark: str) -> str:
        """A text in double quotation marks. `\\"` is two characters of it: pages write it for other shells, and mean one."""
        begin = self._at = self._at + 1
        while self._at < len(self._text):
            char = self._text[self._at]
            if (
                char == "`"
                or (char == "\\" and self._text[self._at + 1 : self._at + 2] == '"')
                or (char == mark and self._text[self._at + 1 : self._at + 2] == mark == '"')
            ):
                self._at += 2
            elif char == mark:
                self._at += 1
                return self._filled(self._text[begin : self._at - 1].replace('""', '"'))
            else:
                self._at += 1
        raise ValueError("a quotation mark without its other half")

    def _filled(self, text: str) -> str:
        """A text with its escapes and variables undone; what a command would give is a hole."""

        def put(found: re.Match[str]) -> str:
            if found[1] is not None:
                return "" if found[1] in "\r\n" else _ESCAPES.get(found[1], found[1])
            if (variable := _VARIABLE.fullmatch(found[0])) is not None:
                return _text_of(self._value(variable))
            words = re.findall(r"[\w.-]+", found[0])
            return self._holes.add(words[0] if words else "", is_command=True)

        return re.sub(rf"`(\r\n|.)|{_VARIABLE.pattern}|\$\([^()]*\)", put, text, flags=re.DOTALL | re.IGNORECASE)


def _text_of(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else encode_json(value).decode()


def _parameter(name: str) -> str:
    """A parameter's whole name: PowerShell takes any beginning that only one of them has."""
    name = name.lower()
    whole = [one for one in _PARAMETERS if one.startswith(name)] if len(name) >= _SHORT_CHARACTERS else []
    return whole[0] if len(whole) == 1 else name


_HEADERS_OF: dict[str, Callable[[str], str]] = {
    "contenttype": lambda value: f"Content-Type: {value}",
    "token": lambda value: f"Authorization: Bearer {value}",
    "useragent": lambda value: f"User-Agent: {value}",
}


def _as_curl(given: dict[str, object]) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for name, value in given.items():
        if name == "uri":
            out.append(("--url", _text_of(value)))
        elif name == "headers" and isinstance(value, dict):
            out += [("header", f"{key}: {_text_of(one)}") for key, one in value.items()]
        elif name == "body":
            out.append(("data", _text_of(value)))
        elif name == "proxy":
            out.append(("--proxy", _text_of(value)))
        elif name == "skipcertificatecheck":
            out.append(("--insecure", ""))
        elif name in _HEADERS_OF:
            out.append(("header", _HEADERS_OF[name](_text_of(value))))
    return out
