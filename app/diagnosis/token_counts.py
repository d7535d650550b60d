"""The numbers in an endpoint's words about tokens: the context's, the prompt's, and those asked for as an answer."""

from __future__ import annotations

import re
from typing import NamedTuple

_N = r"[`'\"]?(?<![\d,])(\d[\d,]{0,11})(?!\d)"
_CONTEXTS = (
    r"(?:maximum context length|context (?:window|length)|context size|model's maximum)[^.;:]{0,60}?"
    rf"{_N} ?(?:tokens|\(|\)|,|\.|$)",
    rf"context length is only {_N}",
    rf"> {_N}, decrease input length",
    rf"`?max_new_tokens`? must be <= {_N}",
)
_PAIRS = (  # the prompt's count, then what was asked for as an answer
    rf"\(?{_N}(?: tokens)? (?:in|of|from)(?: the| your| text)? (?:messages|prompt|input)[^;,.]{{0,20}}[,;]? ?"
    rf"(?:and )?{_N}(?: tokens)? (?:in|for|of) the (?:completion|output)",
    rf"exceed context limit: {_N} \+ {_N} >",
    rf"{_N} input tokens and requested {_N} output tokens",
    rf"given: {_N} `?inputs`? tokens and {_N} `?max_new_tokens",
)
_REVERSED = (  # the same, the answer's first
    rf"max_(?:completion_)?tokens['\"]? is too large: {_N}\..{{0,120}}your request has {_N} input tokens",
    rf"requested {_N} output tokens and your prompt contains (?:at least )?{_N}",
)
_CEILING = (
    rf"max[a-z_]*tokens?[`'\"]?: \d+ > {_N}",
    rf"supports? at most {_N} (?:completion |output )?tokens",
    rf"at most {_N} (?:completion|output) tokens",
    r"max[a-z_]*tokens.{0,60}\[1, ?(\d{1,9})\]",
    rf"max[a-z_]*tokens.{{0,140}}(?:less than or equal to|<=|must not exceed|cannot exceed|maximum (?:value )?(?:is|of)) ?{_N}",
    rf"(?:less than or equal to|<=|must not exceed|cannot exceed|expected a value <=) ?{_N}.{{0,60}}max[a-z_]*tokens",
    rf"maximum tokens you requested exceeds the model limit of {_N}",
    rf"output tokens.{{0,60}}(?:limit|maximum) (?:is|of) {_N}",
)
_BEYOND = rf"max[a-z_]*tokens.{{0,140}} to {_N} \(exclusive"  # Vertex names the first count that is too large
_SUM = r"tokens`? \+ `?max_"  # the limit is one of the prompt and the answer together
_FLOOR = rf"max[a-z_]*tokens.{{0,80}}(?:below minimum value|>= ?|at least )\D*{_N}"


class Fit(NamedTuple):
    """A context of so many tokens, the prompt's, and those that were asked for as an answer."""

    context: int
    prompt: int
    asked: int

    @property
    def room(self) -> int:
        """How many tokens are left for the answer; 0 or less where the prompt alone is too long."""
        return self.context - self.prompt


def fit(text: str) -> Fit | None:
    """The three numbers in an error's lower-case text; None where not all of them are told."""
    context = _first(_CONTEXTS, text)
    if context is None:
        return None
    if pair := _first(_PAIRS, text):
        return Fit(context[0], pair[0], pair[1])
    if pair := _first(_REVERSED, text):
        return Fit(context[0], pair[1], pair[0])
    return None


def ceiling(text: str) -> int:
    """How many tokens may be asked for at most, 0 where the text does not say."""
    if re.search(_SUM, text):
        return 0
    found = _first(_CEILING, text)
    if found is None and (beyond := _first((_BEYOND,), text)):
        return beyond[0] - 1
    return found[0] if found else 0


def floor(text: str) -> int:
    """How many tokens have to be asked for at least, 0 where the text does not say."""
    found = _first((_FLOOR,), text)
    return found[0] if found else 0


def _first(patterns: tuple[str, ...], text: str) -> list[int] | None:
    found = next((match for pattern in patterns if (match := re.search(pattern, text))), None)
    return [int(group.replace(",", "")) for group in found.groups()] if found else None
