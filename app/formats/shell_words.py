"""Splits what is typed at a prompt into commands and words, as POSIX shells and cmd.exe do. Nothing is run, no file is read.

A variable or a command in a word is not known here: one private character (a *hole*) stands in its place, and `Holes` says what
it is. Text that was only copied from a web page is read as it was meant: with a line end that lost its backslash, typographic
quotation marks, an en dash for two hyphens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

_FIRST_HOLE = 0xF0000
_HOLE = re.compile("[\U000f0000-\U000ffffd]")


@dataclass(frozen=True)
class Hole:
    """What a shell would put there: a variable's value, with the text that stands in its place where it is not set, or what
    a command prints (`name` is then the program's)."""

    name: str
    default: str = ""
    is_command: bool = False


class Holes:
    """The holes of one text."""

    def __init__(self) -> None:
        self._all: list[Hole] = []

    def add(self, name: str, default: str = "", *, is_command: bool = False) -> str:
        """A new one; its character."""
        self._all.append(Hole(name, default, is_command))
        return chr(_FIRST_HOLE + len(self._all) - 1)

    def of(self, text: str) -> list[Hole]:
        """Those in a text, in their order."""
        return [self._all[ord(found) - _FIRST_HOLE] for found in _HOLE.findall(text)]

    def filled(self, text: str) -> str:
        """The text with the default of each variable that has one."""
        return _HOLE.sub(lambda found: self.of(found[0])[0].default or found[0], text)

    def shown(self, text: str) -> str:
        """The text as a person reads it."""
        return _HOLE.sub(lambda found: self._shown(self.of(found[0])[0]), text)

    @staticmethod
    def _shown(hole: Hole) -> str:
        return hole.default or (f"$({hole.name})" if hole.is_command else f"${hole.name}")


def without_holes(text: str) -> str:
    """A text from outside, in which none of our characters stands."""
    return _HOLE.sub("", text)


@dataclass
class Command:
    """One command: its words, the program's name first, and the text on its standard input, None where none is known."""

    words: list[str] = field(default_factory=list)
    stdin: str | None = None


_NAME = re.compile(r"[A-Za-z_]\w*")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.DOTALL)
_BRACED = re.compile(r"\$\{([A-Za-z_]\w*)(?::?[-=]((?:[^{}]|\{[^{}]{0,99}\}){0,500})|[^}]{0,500})\}")
_HERE = re.compile(r"<<(-?)[ \t]*(['\"]?)([^\s'\"<>|;&()]+)\2")
_CAT_HERE = re.compile(r"\$\(\s*cat\s*<<-?[ \t]*(['\"]?)(\w+)\1[^\n]*\n(.*?)\n?[ \t]*\2[ \t]*\n?\s*\)", re.DOTALL)
_PLACEHOLDER = re.compile(r"<[\w .:/-]+>(?![&>])")
_REDIRECTION = re.compile(r"\d*[<>]|&>")
_NEXT_LINE = re.compile(r"[ \t]*(?:>[ \t]+)?(?=[-\u2013\u2014'\"\u201c\u2018@]|https?://)")
_CONTINUED = re.compile(r"[ \t]*(?:\r\n|[\n\r\u2028\u2029])(?:[ \t]*>[ \t]+(?=\S))?")
_LINE_END = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_QUOTES = {"“": "”", "”": "”", "„": "”", "‘": "’", "’": "’"}
_ANSI = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "v": "\v"}
_ANSI_NUMBER = re.compile(r"x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})")


class Posix:
    """Reads the commands of a text as sh and bash do. Raises ValueError for a quotation mark without its other half."""

    def __init__(self, text: str, holes: Holes, variables: dict[str, str] | None = None) -> None:
        self._text, self._at, self._holes = without_holes(text), 0, holes
        self._values = {} if variables is None else variables  # those that the text itself sets
        self._here: list[tuple[Command, str, bool]] = []
        self._command = Command()

    def commands(self) -> Iterator[Command]:
        """Each command; what an `echo` or a `cat` pipes into the next one is that one's standard input."""
        piped: str | None = None
        while self._at < len(self._text):
            self._command = command = Command(stdin=piped)
            end = self._read_command()
            if end == "|" and self._here:  # its text stands behind this line
                self._read_lines_ahead()
            piped = _printed(command) if end == "|" else None
            self._assign(command)
            if command.words:
                yield command

    def _assign(self, command: Command) -> None:
        if command.words and command.words[0] in ("export", "set", "declare", "local", "env"):
            del command.words[0]
        while command.words and (found := _ASSIGNMENT.fullmatch(command.words[0])):
            self._values[found[1]] = found[2]
            del command.words[0]

    def _read_command(self) -> str:
        """Read up to an operator or the line's end; which one, "" at the end of the text."""
        while self._at < len(self._text):
            char, two = self._text[self._at], self._text[self._at : self._at + 2]
            if (line_end := _LINE_END.match(self._text, self._at)) is not None:
                self._at = line_end.end()
                self._read_here_documents()
                goes_on = _NEXT_LINE.match(self._text, self._at)
                if not self._command.words or goes_on is None:
                    return "\n"
                self._at = goes_on.end()
            elif char.isspace():
                self._at += 1
            elif char == "#":
                end = _LINE_END.search(self._text, self._at)
                self._at = end.start() if end else len(self._text)
            elif char in "|;()" or (char == "&" and two != "&>"):
                self._at += 2 if two in ("||", "&&", "|&") else 1
                return "|" if char == "|" and two != "||" else ";"
            elif _REDIRECTION.match(self._text, self._at):
                self._redirect()
            else:
                self._command.words.append(self._word())
        return ""

    def _redirect(self) -> None:
        is_string = self._text.startswith("<<<", self._at)
        if (here := _HERE.match(self._text, self._at)) is not None and not is_string:
            self._at = here.end()
            self._here.append((self._command, here[3], not here[2]))
        elif is_string:
            self._at += 3
            self._skip_blanks()
            self._command.stdin = self._word()
        elif _PLACEHOLDER.match(self._text, self._at):
            self._command.words.append(self._word())
        else:
            while self._text[self._at : self._at + 1] in tuple("0123456789&<>|"):
                self._at += 1
            self._skip_blanks()
            if self._at < len(self._text) and self._text[self._at] not in "\r\n|;&":
                self._word()

    def _skip_blanks(self) -> None:
        while self._text[self._at : self._at + 1] in (" ", "\t"):
            self._at += 1

    def _read_lines_ahead(self) -> None:
        """Read the here-documents behind this line, though the line goes on."""
        begin = self._at
        end = _LINE_END.search(self._text, begin)
        if end is None:
            self._here.clear()
            return
        self._at = end.end()
        self._read_here_documents()
        self._text = self._text[begin : end.end()] + self._text[self._at :]
        self._at = 0

    def _read_here_documents(self) -> None:
        for command, mark, expands in self._here:
            lines: list[str] = []
            while self._at < len(self._text):
                end = _LINE_END.search(self._text, self._at)
                line = self._text[self._at : end.start() if end else len(self._text)]
                self._at = end.end() if end else len(self._text)
                if line.strip() == mark:
                    break
                lines.append(line)
            text = "\n".join(lines)
            command.stdin = self._expanded(text) if expands else text
        self._here.clear()

    def _expanded(self, text: str) -> str:
        inner = Posix("", self._holes, self._values)
        inner._text = text
        return inner._quoted("")

    def _word(self) -> str:
        out: list[str] = []
        if self._text[self._at] in "\u2013\u2014":  # two hyphens, as a web page shows them
            self._at += 1
            out.append("-" if re.compile(r"\w(?:\W|$)").match(self._text, self._at) else "--")
        while self._at < len(self._text):
            char = self._text[self._at]
            if char.isspace():
                break
            if char == "<" and (found := _PLACEHOLDER.match(self._text, self._at)):
                out.append(found[0])
                self._at = found.end()
            elif char == "(" and self._text[self._at - 1 : self._at] in ("'", '"'):  # fish's substitution
                begin = self._at
                self._at = self._closing_bracket()
                out.append(self._of_command(self._text[begin + 1 : self._at - 1]))
            elif char in "|;<>" or (char == "&" and self._is_operator()) or (char == ")" and not out):
                break
            else:
                out.append(self._piece(char))
        return "".join(out)

    def _is_operator(self) -> bool:
        """An `&` within an address that was not quoted is meant as one of it."""
        behind = self._text[self._at + 1 : self._at + 2]
        return behind in ("", "&", ">") or behind.isspace()

    def _piece(self, char: str) -> str:
        self._at += 1
        if char == "'":
            return self._up_to("'")
        if char == '"':
            return self._quoted('"')
        if char in _QUOTES:
            return self._up_to(_QUOTES[char])
        if char in "\\^" and (found := _CONTINUED.match(self._text, self._at)):
            self._at = found.end()
            return ""
        if char in "\\^" and self._lost_its_line_end():
            return ""
        if char == "\\":
            self._at += 1
            return self._text[self._at - 1 : self._at]
        if char == "$" and self._text[self._at : self._at + 1] == "'":
            self._at += 1
            return self._ansi()
        if char == "$" and self._text[self._at : self._at + 1] == '"':
            self._at += 1
            return self._quoted('"')
        if char in "$`":
            return self._expansion(char)
        return char

    def _lost_its_line_end(self) -> bool:
        """A field of one line has turned the line end behind a backslash into a blank."""
        before = self._text[self._at - 2 : self._at - 1]
        return (not before or before.isspace()) and self._text[self._at : self._at + 1] in ("", " ", "\t")

    def _up_to(self, mark: str) -> str:
        end = self._text.find(mark, self._at)
        if end < 0:
            raise ValueError("a quotation mark without its other half")
        begin, self._at = self._at, end + len(mark)
        return self._text[begin:end]

    def _quoted(self, mark: str) -> str:
        """What stands between double quotation marks, or all of a here-document (no mark)."""
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == mark:
                return "".join(out)
            if char == "\\" and self._text[self._at : self._at + 1] in ("$", "`", '"', "\\", "\n", "\r"):
                found = _LINE_END.match(self._text, self._at)
                out.append("" if found else self._text[self._at])
                self._at = found.end() if found else self._at + 1
            elif char in "$`":
                out.append(self._expansion(char))
            else:
                out.append(char)
        if mark:
            raise ValueError("a quotation mark without its other half")
        return "".join(out)

    def _ansi(self) -> str:
        out: list[str] = []
        while self._at < len(self._text):
            char = self._text[self._at]
            self._at += 1
            if char == "'":
                return _joined("".join(out))
            if char != "\\":
                out.append(char)
            elif (number := _ANSI_NUMBER.match(self._text, self._at)) is not None:
                self._at = number.end()
                code = int(next(filter(None, number.groups())), 8 if number[4] else 16)
                out.append(chr(code) if code < _FIRST_HOLE else "\ufffd")
            else:
                escaped = self._text[self._at : self._at + 1]
                out.append(_ANSI.get(escaped, escaped))
                self._at += 1
        raise ValueError("a quotation mark without its other half")

    def _expansion(self, char: str) -> str:
        """What stands behind a `$` or a backquote that has just been read."""
        begin = self._at - 1
        if char == "`":
            end = self._text.find("`", self._at)
            if end < 0:
                return char
            self._at = end + 1
            return self._of_command(self._text[begin + 1 : end])
        if (found := _CAT_HERE.match(self._text, begin)) is not None:
            self._at = found.end()
            return found[3] if found[1] else self._expanded(found[3])
        if self._text.startswith("(", self._at):
            self._at = self._closing_bracket()
            return self._of_command(self._text[begin + 2 : self._at - 1])
        if (braced := _BRACED.match(self._text, begin)) is not None:
            self._at = braced.end()
            return self._variable(braced[1], braced[2] or "")
        if (name := _NAME.match(self._text, self._at)) is not None:
            self._at = name.end()
            return self._variable(name[0], "")
        return char

    def _variable(self, name: str, default: str) -> str:
        return self._values[name] if name in self._values else self._holes.add(name, default.strip("'\""))

    def _of_command(self, text: str) -> str:
        words = text.replace("(", " ").split()
        return self._holes.add(words[0].rpartition("/")[2] if words else "", is_command=True)

    def _closing_bracket(self) -> int:
        depth, quote = 0, ""
        for at in range(self._at, len(self._text)):
            char = self._text[at]
            if quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char in "()":
                depth += 1 if char == "(" else -1
                if depth == 0:
                    return at + 1
        return len(self._text)


def inside_brackets(text: str) -> str:
    """What stands before the bracket that closes one in front of the text."""
    reader = Posix("(" + text, Holes())
    return text[: reader._closing_bracket() - 2] if ")" in text else text


def _joined(text: str) -> str:
    """Characters beyond U+FFFF that were written as two halves, and bytes of UTF-8 that were written one by one."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _printed(command: Command) -> str | None:
    """What a command prints, where that is known without running it."""
    name, words = (command.words[0], command.words[1:]) if command.words else ("", [])
    if name == "cat" and not words:
        return command.stdin
    if name == "echo":
        return " ".join(word for word in words if word not in ("-n", "-e", "-E", "-ne", "-en"))
    if name == "printf" and words:
        return words[0].replace("\\n", "\n") if len(words) == 1 else words[-1]
    return None


# -- cmd.exe -----------------------------------------------------------------------------------------------------------

_PERCENT = re.compile(r"%([A-Za-z_]\w*)%")
_SET = re.compile(r"(?im)^[ \t]*set[ \t]+\"?([A-Za-z_]\w*)=([^\r\n\"]*)\"?[ \t]*\r?$\n?")


def cmd_commands(text: str, holes: Holes) -> Iterator[Command]:
    """The commands of a text as cmd.exe and then the program's own start-up code split them. Raises ValueError as above."""
    text = without_holes(text)
    values = {found[1]: found[2] for found in _SET.finditer(text)}
    for line in _cmd_lines(_SET.sub("", text)):
        words = _argv(line, lambda name: values.get(name) or holes.add(name))
        if words:
            yield Command(words)


def _cmd_lines(text: str) -> Iterator[str]:
    """Lines with carets undone; what a caret quotes, a quotation mark too, is told from the rest by a backslash before it."""
    out: list[str] = []
    quoted, at = False, 0
    while at < len(text):
        char = text[at]
        line_end = _LINE_END.match(text, at)
        if char == "^" and not quoted and (found := _CONTINUED.match(text, at + 1)):
            at = found.end()
            second = _LINE_END.match(text, at)  # a line end that is meant: browsers write it as a caret and two
            out.append("\n" if second else " ")
            at = second.end() if second else at
            continue
        if char == "^" and not quoted:
            out.append(text[at + 1 : at + 2].replace(" ", "") or " ")
            at += 2
            continue
        if line_end is not None and not _NEXT_LINE.match(text, line_end.end()):
            yield "".join(out)
            out, quoted = [], False
            at = line_end.end()
            continue
        quoted ^= char == '"'
        out.append(" " if line_end else char)
        at += 1
    yield "".join(out)


_BACKSLASHES = re.compile(r'(?<!\\)(\\+)"')


def _argv(line: str, value: Callable[[str], str]) -> list[str]:
    """The words of a command line by Microsoft's rules; a word that begins with an apostrophe is taken as it was meant."""
    words: list[str] = []
    word: list[str] | None = None  # the pieces of the word that is being read
    quoted, at = False, 0
    while at < len(line):
        char = line[at]
        if char.isspace() and not quoted:
            words += [] if word is None else ["".join(word)]
            word = None
            at += 1
            continue
        begins, word = word is None, word if word is not None else []
        if (backslashes := _BACKSLASHES.match(line, at)) is not None:
            count = len(backslashes[1])
            word.append("\\" * (count // 2) + ('"' if count % 2 else ""))
            at += count + count % 2
        elif char == '"' and quoted and line[at + 1 : at + 2] == '"':
            word.append('"')
            at += 2
        elif char == '"':
            quoted = not quoted
            at += 1
        elif char == "'" and begins and not quoted and (end := line.find("'", at + 1)) > 0:
            word.append(line[at + 1 : end])
            at = end + 1
        elif char == "%" and (name := _PERCENT.match(line, at)) is not None:
            word.append(value(name[1]))
            at = name.end()
        else:
            word.append(char)
            at += 1
    if quoted:
        raise ValueError("a quotation mark without its other half")
    return words if word is None else [*words, "".join(word)]
