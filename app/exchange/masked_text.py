"""Masks secrets in the assembled text of a reading: a stream can bring a key in pieces, none of which shows it.

The recording notes such masks as `Masked` with `where` "text", "reasoning", "error" or "arguments/N" (the Nth tool call, from
0), offset and length in characters, so that a saved run reads as the live one did, without knowing the secret.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec

from app.protocols.findings import Finding
from app.protocols.reading import ErrorReading, Reading, ToolCall, tool_call
from app.recording.records import Masked
from app.secrets.masking import Masker
from app.text.sentences import Phrase

_ARGUMENTS = "arguments/"


class MaskSearch:
    """Finds secrets in a reading while it grows, without searching anything twice."""

    def __init__(self, masker: Masker) -> None:
        self._masker = masker
        self._searched: dict[str, tuple[str, list[Masked]]] = {}

    def find(self, reading: Reading) -> list[Masked]:
        """Where secrets stand in the text assembled so far."""
        return [mask for where, text in _texts(reading) for mask in self._find_in(where, text)]

    def _find_in(self, where: str, text: str) -> list[Masked]:
        before, masks = self._searched.get(where, ("", []))
        if text != before:
            grown = text.startswith(before)
            begin = max(0, len(before) - self._masker.longest_bytes) if grown else 0
            known = masks if grown else []
            new = [mask for mask in masks_in(where, text, begin, self._masker) if mask not in known]
            masks = sorted([*known, *new], key=lambda mask: (mask.offset, mask.length))
            self._searched[where] = text, masks
        return masks


def apply_masks(reading: Reading, masks: Sequence[Masked]) -> Reading:
    """The reading with stars in those places; the same object where there are none. `replay` stays what has to be sent back."""
    if not masks:
        return reading
    calls = [_masked_call(call, _of(masks, f"{_ARGUMENTS}{index}")) for index, call in enumerate(reading.tool_calls)]
    return msgspec.structs.replace(
        reading,
        text=_star(reading.text, _of(masks, "text")),
        reasoning=_star(reading.reasoning, _of(masks, "reasoning")),
        tool_calls=calls,
        error=_masked_error(reading.error, _of(masks, "error")),
    )


_OUTSIDE = ("sent", "head", "cookie")  # of the answer


def mask_findings(findings: list[Finding], masks: Sequence[Masked], reading: Reading) -> list[Finding]:
    """The findings without those that a mask itself caused, and without the masked words of `reading` in the others."""
    if all(mask.where in _OUTSIDE for mask in masks):
        return findings
    texts = dict(_texts(reading))
    hidden = {texts.get(mask.where, "")[mask.offset : mask.offset + mask.length] for mask in masks} - {""}
    return [_without(one, hidden) for one in findings if not one.rule.compares_words]


def _without(finding: Finding, hidden: Collection[str]) -> Finding:
    fields = {name: _starred(value, hidden) for name, value in finding.fields.items()}
    return finding if fields == finding.fields else msgspec.structs.replace(finding, fields=fields)


def _starred(value: object, hidden: Collection[str]) -> object:
    if isinstance(value, list | tuple):
        return [_starred(one, hidden) for one in value]
    if isinstance(value, str) and not isinstance(value, Phrase):
        for text in hidden:
            value = value.replace(text, "*" * len(text))
    return value


def hide_open_end(reading: Reading, masker: Masker) -> Reading:
    """The reading of a running stream without its last characters, where they may be the beginning of a secret."""
    return msgspec.structs.replace(reading, text=_settled(reading.text, masker), reasoning=_settled(reading.reasoning, masker))


def _texts(reading: Reading) -> Iterator[tuple[str, str]]:
    yield "text", reading.text
    yield "reasoning", reading.reasoning
    yield "error", reading.error.message if reading.error else ""
    for index, call in enumerate(reading.tool_calls):
        yield f"{_ARGUMENTS}{index}", call.arguments_text


def masks_in(where: str, text: str, begin: int, masker: Masker) -> Iterator[Masked]:
    """The masks in the text from the character `begin` on."""
    data = text[begin:].encode("utf-8", "surrogatepass")
    for span in masker.find(data):
        start, end = (len(data[:at].decode("utf-8", "surrogatepass")) for at in (span.star_start, span.star_end))
        yield Masked(where, begin + start, end - start)


def _of(masks: Sequence[Masked], where: str) -> list[Masked]:
    return [mask for mask in masks if mask.where == where]


def _star(text: str, masks: Sequence[Masked]) -> str:
    for mask in masks:
        shown = text[mask.offset : mask.offset + mask.length]
        text = text[: mask.offset] + "*" * len(shown) + text[mask.offset + mask.length :]
    return text


def _masked_call(call: ToolCall, masks: Sequence[Masked]) -> ToolCall:
    return tool_call(call.id, call.name, _star(call.arguments_text, masks)) if masks else call


def _masked_error(error: ErrorReading | None, masks: Sequence[Masked]) -> ErrorReading | None:
    if error is None or not masks:
        return error
    return msgspec.structs.replace(error, message=_star(error.message, masks))


def _settled(text: str, masker: Masker) -> str:
    tail = text[-masker.longest_bytes :].encode("utf-8", "surrogatepass")
    cut = masker.open_end(tail)[1]
    return text if cut == len(tail) else text[: -masker.longest_bytes] + tail[:cut].decode("utf-8", "ignore")
