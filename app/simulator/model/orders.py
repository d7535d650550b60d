"""What a prompt orders to be said exactly: words to repeat, a text to copy, numbers to count, a word to write many times."""

from __future__ import annotations

import math
import re

from app.simulator.model.chance import Dials

_MAX_COUNT = 2000
_COPY_VERBS = "copy|repeat|reproduce|echo|transcribe|retype"
_VERB = re.compile(rf"\b(?P<verb>{_COPY_VERBS}|say|reply|answer|respond|write|list|output|return|print|type|send)\b", re.I)
_ANSWERS = frozenset(("answer", "respond"))
_COPIES = re.compile(
    rf"\b(?:{_COPY_VERBS}|verbatim|unchanged|character for character|byte for byte|letter (?:by|for) letter|word for word)\b",
    re.I,
)
# What may stand between the verb and the words that are ordered.
_MAY_STAND_BETWEEN = (
    "with only just exactly exact precisely precise back this these that which it itself they them the a an single one "
    "word words text texts following string strings phrase sentence sentences line lines character characters letter "
    "letters byte number token tokens name code passage paragraph content contents value item items message answer block "
    "copy list order given after before to me my your i in of for by as is are and or nor nothing else no not do other "
    "more without any anything change changes unchanged comment comments commentary explanation explanations adding "
    "added add quotes quotation marks markdown formatting punctuation markers between verbatim always whole entire "
    "complete full alone all then first next again out here below stands using use please separated spaces space blanks "
    "blank commas comma"
)
_BETWEEN = frozenset(_MAY_STAND_BETWEEN.split())
_STEP = re.compile(r"[\s,–—]*(?P<mark>[:\"“`«])|[\s,–—]+(?P<word>[\w'’-]+)")
_MOST_WORDS_BETWEEN = 25
_BARE = re.compile(
    r"(?P<word>[^\s\"“”:.!?,;()]+)"
    r"(?=[ \t]*(?:[.!?]?[ \t]*(?:$|\n|\()|[.!?]\s|,? and nothing else|,? only\b|,? and no))",
)
_NAMES_A_WORD = frozenset(["word", "token", "string", "code", "phrase", "number"])
_CLOSING = {'"': '"', "“": "”", "`": "`", "«": "»"}
_FENCE = re.compile(
    r"^[ \t]*(?P<fence>[-=~*#_+`\"]{3,})[^\n]*\n(?P<body>.*?)\n?^[ \t]*(?P=fence)[ \t]*$", re.DOTALL | re.MULTILINE
)
_TAGS = re.compile(r"<(?P<tag>[A-Za-z][\w-]*)>\n?(?P<body>.*?)\n?</(?P=tag)>", re.DOTALL)
_NAMED_LINES = re.compile(
    r"^(?P<a>[^\w\n]*(?:BEGIN|START)\b[^\n]*)\n(?P<body>.*?)\n^[^\w\n]*(?:END|STOP)\b[^\n]*$", re.DOTALL | re.MULTILINE
)
_ANGLES = re.compile(r"<<<\n?(?P<body>.*?)\n?>>>", re.DOTALL)
_COUNT = re.compile(r"\bcount\b(?!\s+(?:the|how))\D{0,30}?(?:from\s+(\d+)\D+)?(\d+)", re.I)
_NUMBERS = re.compile(r"\b(?:numbers|integers)\b\D{0,20}?(\d+)\s*(?:to|through|-|–|up to)\s*(\d+)", re.I)
_AT_RANDOM = re.compile(r"\brandom", re.I)
_TIMES = re.compile(
    r"\b(?:write|say|repeat|type|print)\s+(?:the\s+(?:word|syllable|letter)\s+)?[\"“'‘]?(?P<what>[^\s\"“”'’‘]{1,20})[\"”'’]?\s+"
    r"(?:exactly\s+)?(?P<times>\d+)\s+times\b",
    re.I,
)
_SEPARATORS: tuple[tuple[str, str], ...] = (
    (r"one per line|each on (?:a|its own) (?:new )?line|a line each", "\n"),
    (r"(?:separated|divided) by (?:a |single )?(?:blank|space)s?", " "),
    (r"(?:separated|divided) by commas? (?:only|without)", ","),
)
_ENDS = re.compile(
    r"\b(?:end|finish|close)\s+(?:every|each|all|any|your|the|this)?\s*(?:of your )?(?:answer|reply|response|message)s?\s+"
    r"with\s+"
    r"(?:the\s+)?(?:exact\s+|single\s+)?(?:word|words|string|marker|token|text|phrase|code)?\s*:?\s*"
    r"(?:[\"“`](?P<quoted>[^\"”`]+)[\"”`]|(?P<word>[^\s\"“”.,;:!?]+))",
    re.I,
)
_BEGINS = re.compile(_ENDS.pattern.replace("end|finish|close", "begin|start|open"), re.I)


def copied(prompt: str) -> str | None:
    """The block of text that a prompt wants copied: what stands between fences, tags or marked lines; None without one."""
    if not _COPIES.search(prompt):
        return None
    found = [match for pattern in (_TAGS, _NAMED_LINES, _ANGLES, _FENCE) for match in pattern.finditer(prompt)]
    blocks = [match for match in found if match["body"]]
    # Blocks inside a block are part of it.
    return max(blocks, key=lambda match: match.end() - match.start())["body"] if blocks else None


def dictated(text: str) -> str | None:
    """The words that a prompt wants said exactly (`Reply with exactly "pong"`), None without such an order."""
    for verb in _VERB.finditer(text):
        found = _ordered(text, verb.end())
        if found and not (verb["verb"].lower() in _ANSWERS and found.endswith("?")):  # "Answer the following: why ...?"
            return found
    return None


def _ordered(text: str, at: int) -> str | None:
    """What is ordered to be said, where all that stands between the verb, which ends here, and it belongs to an order."""
    before = ""
    for _ in range(_MOST_WORDS_BETWEEN):
        step = _STEP.match(text, at)
        if step is None:
            return None
        if step["mark"]:
            return _marked(text, step.start("mark"), colon=step["mark"] == ":")
        if step["word"].lower() not in _BETWEEN:
            return _bare(text, step.start("word"), before)
        before, at = step["word"].lower(), step.end()
    return None


def _marked(text: str, at: int, *, colon: bool) -> str | None:
    """What stands behind a colon, or in the quotation marks that begin here."""
    tail = text[at + colon :]
    first = tail.lstrip(" \t\n\r")
    if first[:1] in _CLOSING and (quoted := _quoted(first, whole_line=colon)):
        return quoted
    if not colon:
        return None
    if _COPIES.search(text) or tail.lstrip(" \t").startswith(("\n", "\r")):
        return first.rstrip(" \t\n\r") or None
    return first.split("\n", 1)[0].rstrip(" \t\r") or None


def _quoted(text: str, *, whole_line: bool) -> str | None:
    """What stands between the mark at the start and its closing one; where a whole line must be quoted, None for less."""
    end = text.find(_CLOSING[text[0]], 1)
    if end < 2 or (whole_line and text[end + 1 :].split("\n")[0].strip(" .!")):
        return None
    return text[1:end].strip(" \t")


def _bare(text: str, at: int, before: str) -> str | None:
    """A word without marks at this place: in capitals, or named as a word by the one before."""
    found = _BARE.match(text, at)
    if found is None:
        return None
    word = found["word"]
    capitals = len(word) > 1 and re.fullmatch(r"[A-Z][A-Z0-9_-]+", word) is not None
    return word if capitals or before in _NAMES_A_WORD else None


def counted(prompt: str) -> str | None:
    """The numbers asked for (`count from 1 to 20`), None where none are."""
    if _AT_RANDOM.search(prompt):
        return None
    if found := _COUNT.search(prompt):
        first, last = int(found[1] or 1), int(found[2])
    elif found := _NUMBERS.search(prompt):
        first, last = int(found[1]), int(found[2])
    else:
        return None
    separator = next((mark for pattern, mark in _SEPARATORS if re.search(pattern, prompt, re.I)), ", ")
    return separator.join(str(number) for number in range(first, min(last, first + _MAX_COUNT) + 1))


def repeated(prompt: str, dials: Dials) -> str | None:
    """A word written as often as asked (`write ha 60 times`), the less often the more repeats are penalised; None without."""
    found = _TIMES.search(prompt)
    if found is None:
        return None
    asked = min(int(found["times"]), _MAX_COUNT)
    times = max(1, math.ceil(asked / (1 + 4 * max(0.0, dials.frequency_penalty))))
    tired = "" if times == asked else " and so on, in many other words"
    return " ".join([found["what"]] * times) + tired


def habits(text: str, *orders: str) -> str:
    """The text with what a system prompt or a prompt has every answer begin or end with."""
    for order in orders:
        for pattern, at_end in ((_BEGINS, False), (_ENDS, True)):
            if found := pattern.search(order):
                word = found["quoted"] or found["word"]
                text = f"{text.rstrip()} {word}".strip() if at_end else f"{word} {text}".strip()
    return text
