"""What the simulated model finds again: facts that were told earlier, needles in a long text, words in pictures and pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_LOOKS_BACK = re.compile(
    r"\b(earlier|before|remember|recall|again|first|previous\w*|said|told|my name|the word|the number)\b", re.I
)
_ASKS_FOR = re.compile(
    r"\b(?:what|which)(?:['’]s| is| was| were| are)?\s+(?:the|my|your|our)\s+(?P<key>[\w -]{2,60}?)"
    r"(?=\s+(?:that|which|i|from|in|of|you|did|called|above|below|told|on|shown|written)\b|\s*[?.,:;(]|\s*$)",
    re.I,
)
_VALUE = r"[\"“'‘`]?(?P<value>[^\s\"“”'‘’`.,;:!?()]+(?:-[^\s\"“”'‘’`.,;:!?()]+)*)"
_KEPT = re.compile(
    r"\b(?:remember|memori[sz]e|keep in mind|note)\b(?:\s+(?:this|that|the|my|following|is))*\s*"
    rf"(?:(?:word|number|code|name|token|string)\s*(?:is)?\s*:?|:)\s*{_VALUE}",
    re.I,
)
_ONLY = re.compile(
    r"\b(?:only|just|nothing else|(?:one|single|a) word|nothing but|and no(?:thing)? (?:other|more))\b|\bexactly\b", re.I
)
_LISTS = re.compile(r"\b(?:list|find|give|return|report|write|quote|name)\b[^.?!\n]{0,40}\b(?:every|all|each|them|\d+)\b", re.I)
_NEEDLE = re.compile(
    r"\b(?:needle|code|key|marker|secret|passcode|password|token|magic word|word|number|id)s?\s*"
    r"(?:(?:with|has)?\s*(?:the\s+)?(?:id|no\.?|number|of|for|named|called)?\s*[#\"“]?)(?P<id>[A-Za-z]?[\w-]*\d[\w-]*)[\"”]?\s*"
    r"(?:is|are|=|:|->|→|has the (?:word|code|value))+\s*[\"“`]?(?P<value>[A-Za-z][\w-]{3,40})",
    re.I,
)
_LOOKS = re.compile(
    r"\b(?:picture|image|photo|png|drawn|document|pdf|page|file|attach\w*|shown|see|read|written|says?|words?|text|letters|code)\b",
    re.I,
)


def needles(prompt: str, told: Iterable[str]) -> str | None:
    """The needles in all that was told, a line each as `id: value`; None where there is none, or they are not asked for."""
    if not _LISTS.search(prompt):
        return None
    found = {match["id"]: match["value"] for text in told for match in _NEEDLE.finditer(text)}
    return "\n".join(f"{key}: {value}" for key, value in found.items()) or None


def looked_up(prompt: str, told: Sequence[str]) -> str | None:
    """The value of what is asked for (`what is the codeword?`), where some text says it (`the codeword is heron`)."""
    asked = _ASKS_FOR.search(prompt)
    if asked is None:
        return None
    key = r"\s+".join(map(re.escape, asked["key"].split()))
    says = re.compile(rf"\b{key}\s*(?:is|was|are|will be|=|:)\s*(?:called\s+|named\s+|now\s+)?{_VALUE}", re.I)
    for text in reversed(told):
        if found := says.search(text):
            return found["value"]
    return next((found["value"] for text in reversed(told) if (found := _KEPT.search(text))), None)


def recalled(prompt: str, earlier: list[str], system: str = "") -> str | None:
    """An answer from what was said before; None where the prompt doesn't look back.

    Where only the word is wanted it is said alone; else all that the user said is quoted.
    """
    value = looked_up(prompt, [system, *earlier, prompt])
    if value is not None and _ONLY.search(prompt):
        return value
    if not earlier or not _LOOKS_BACK.search(prompt):
        return f"It is {value}." if value is not None else None
    said = " ".join(f"“{text.strip()}”" for text in earlier)
    return f"Earlier you told me: {said} So that is what I go by."


def seen(prompt: str, sights: Sequence[str]) -> str | None:
    """What pictures and documents say, where the prompt asks; None without any, or where it is not about them."""
    if not sights or not _LOOKS.search(prompt):
        return None
    legible = [text for text in sights if text]
    if not legible:
        return "I can see it, but there are no words in it that I could read."
    value = looked_up(prompt, legible)
    if value is not None:
        return value if _ONLY.search(prompt) else f"It says “{value}”."
    return "\n".join(legible) if _ONLY.search(prompt) else f"It says “{'” and “'.join(legible)}”."


def nothing_attached(prompt: str) -> str | None:
    """The answer to a question about an attachment that did not come; None for any other."""
    if re.search(r"\b(?:attached|(?:this|the) (?:picture|image|photo|png|document|pdf|page|file))\b", prompt, re.I):
        return "I don't see any picture or document in your message. Could you attach it again?"
    return None
