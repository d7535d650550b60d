"""What stands at the head of each chunk, or of a whole body: id, model, `created`, `object`, service tier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.protocols.chat import rules
from app.protocols.chat.chunks import CHUNK, brings
from app.protocols.chat.grammar import LABELS, LabelInput, StreamInput
from app.protocols.chat.values import found_at
from app.protocols.findings import Finding, FindingLog
from app.protocols.grammar import Machine
from app.protocols.reading import Reading
from app.text.json_text import mend_surrogates

_MILLISECONDS = 100_000_000_000  # a `created` from here on is not in seconds


class Heads:
    """The heads of one answer, taken into the reading."""

    def __init__(self, reading: Reading, log: FindingLog) -> None:
        self._reading = reading
        self._log = log
        self._labels = Machine(LABELS)
        self._wrong_label: dict[str, Any] = {}  # where the first one was, and what it says
        self._odd_id: dict[str, Any] = {"variant": "absent"}

    def check(self, chunk: dict[str, Any], kind: StreamInput) -> None:
        """Note where a chunk does not have the form of one. `kind`: what it is to the grammar."""
        if kind is StreamInput.NOISE:
            seen = str(chunk.get("type") or ", ".join(list(chunk)[:5]))[:200]
            self._log.note(rules.NO_CHUNK, variant="" if seen else "nothing", seen=seen)
            return
        if not isinstance(chunk.get("choices"), list):
            self._log.note(rules.NO_CHOICES_KEY, **found_at(chunk, "choices", 200))
        if kind in (StreamInput.BARE, StreamInput.USAGE_NULL):
            return
        created = chunk.get("created")
        if type(created) is not int or not 0 <= created < _MILLISECONDS:
            self._log.note(rules.CREATED_ODD, **found_at(chunk, "created"))
        if chunk.get("object") == CHUNK:
            self._label(LabelInput.RIGHT)
        elif kind is not StreamInput.CHUNK or any(map(brings, chunk["choices"])):
            self._wrong_label = self._wrong_label or {"place": self._log.place, **found_at(chunk, "object", 200)}
            self._label(LabelInput.WRONG)

    def _label(self, given: LabelInput) -> None:
        if rule := self._labels.take(given):
            self._log.note(rule, **self._wrong_label)

    def identify(self, chunk: dict[str, Any]) -> None:
        """Take id, model and tier; empty ones (Azure's filter notes, Snowflake) say nothing."""
        reading = self._reading
        response_id, model = chunk.get("id"), chunk.get("model")
        if isinstance(response_id, str) and response_id:
            if reading.response_id is None:
                reading.response_id = mend_surrogates(response_id)
            elif response_id != reading.response_id:
                self._log.note(rules.ID_CHANGED, first=reading.response_id[:100], other=response_id[:100])
        elif "id" in chunk:
            self._odd_id = found_at(chunk, "id")
        if isinstance(tier := chunk.get("service_tier"), str):
            reading.service_tier = mend_surrogates(tier)
        if isinstance(model, str) and model:
            if reading.model is None:
                reading.model = mend_surrogates(model)
            elif model != reading.model:
                reading.other_model = reading.other_model or mend_surrogates(model)
                self._log.note(rules.MODEL_CHANGED, first=reading.model[:100], other=model[:100])

    def end_stream(self) -> None:
        """The stream is over: what its chunks said they are is known."""
        self._label(LabelInput.END)

    def findings(self) -> Iterator[Finding]:
        """What an answer with content lacks in all its heads."""
        if self._reading.response_id is None and self._reading.error is None:
            yield Finding.of(rules.ID_UNSAID, **self._odd_id)
