"""The choices of a Chat Completions answer: each follows its grammar and puts its message together, one is the answer."""

from __future__ import annotations

from typing import Any

from app.protocols.chat import rules, rules_words
from app.protocols.chat.grammar import CHOICE, ChoiceInput, ChoiceState
from app.protocols.chat.message import Message
from app.protocols.chat.values import check_object, found_at, shown
from app.protocols.findings import NOWHERE, FindingLog, Place
from app.protocols.grammar import Machine
from app.protocols.reading import Meaning, Reading
from app.text.json_text import mend_surrogates

CALL_REASONS = ("tool_calls", "function_call")


class Choice:
    """One choice.

    Attributes:
        log: takes what is odd in it.
        message: what it says.
        reasons: its finish_reasons, in the order in which they came.
        finished_at: where the last of them came.
    """

    def __init__(self, log: FindingLog) -> None:
        self.log = log
        self.message = Message(log)
        self.reasons: list[str] = []
        self.finished_at: Place = NOWHERE
        self._machine = Machine(CHOICE)

    @property
    def finished(self) -> bool:
        """Whether it has a finish_reason."""
        return self._machine.state is ChoiceState.FINISHED

    @property
    def reason(self) -> str | None:
        """Its last finish_reason."""
        return self.reasons[-1] if self.reasons else None

    def take(self, given: ChoiceInput) -> None:
        """Move on by what a chunk brought."""
        if rule := self._machine.take(given):
            self.log.note(rule)

    def finish(self, reason: str, place: Place) -> None:
        """Move on by a finish_reason."""
        self.reasons.append(reason)
        self.finished_at = place
        self.log.note(self._machine.take(ChoiceInput.FINISH), reasons=", ".join(self.reasons[:2])[:200])


class Choices:
    """The choices of one answer; that with index 0 is the answer, or the lowest where it never comes.

    Attributes:
        unheard: a log that keeps nothing, for choices that are not the answer.
    """

    def __init__(self, reading: Reading, log: FindingLog) -> None:
        self._reading = reading
        self._log = log
        self.unheard = FindingLog([], most_of_a_kind=0)  # of other choices: they are not the answer
        self._choices: dict[int, Choice] = {}

    def __bool__(self) -> bool:
        return bool(self._choices)

    @property
    def answer_index(self) -> int:
        """The index of the choice that is the answer; 0 where none came."""
        return 0 if 0 in self._choices else min(self._choices, default=0)

    @property
    def answer(self) -> Choice | None:
        """The choice that is the answer, None where none came."""
        return self._choices.get(self.answer_index)

    @property
    def unfinished(self) -> int | None:
        """The index of a choice without a finish_reason, the answer's first; None where each has one."""
        open_ones = [index for index, choice in self._choices.items() if not choice.finished]
        return self.answer_index if self.answer_index in open_ones else next(iter(open_ones), None)

    @property
    def calls_elsewhere(self) -> tuple[int, Message] | None:
        """The other choice that has the calls which the answer's reason promises and the answer lacks, by its index."""
        answer = self.answer
        if answer is None or self._reading.stop_reason not in CALL_REASONS or len(answer.message.calls):
            return None
        others = ((index, choice.message) for index, choice in self._choices.items() if choice is not answer)
        return next((other for other in others if len(other[1].calls)), None)

    def entries(self, holder: dict[str, Any]) -> list[dict[str, Any]]:
        """The entries of the `choices` of a chunk or a body that are objects."""
        value = holder.get("choices")
        given = value if isinstance(value, list) else []
        entries = [entry for entry in given if isinstance(entry, dict)]
        if len(entries) < len(given):
            odd = next(entry for entry in given if not isinstance(entry, dict))
            self._log.note(rules.CHOICE_NO_OBJECT, found=shown(odd))
        return entries

    def choice(self, index: int) -> Choice:
        """The choice with an index, a new one where it did not come before."""
        if index not in self._choices:
            self._choices[index] = Choice(self.unheard if index else self._log)
        return self._choices[index]

    def read(self, entry: dict[str, Any], place_in_list: int) -> Meaning:
        """Read an entry of a chunk's `choices`."""
        index = entry.get("index")
        if type(index) is not int:
            self._log.note(rules.CHOICE_INDEX_ODD, **found_at(entry, "index"))
            index = place_in_list
        if self._choices and index not in self._choices:
            self._log.note(rules.MANY_CHOICES, index=index)
        check_object(self._log, entry, "logprobs")
        choice = self.choice(index)
        delta = self._delta(entry, choice)
        if role := delta.get("role"):
            choice.take(ChoiceInput.ROLE)
            if role != "assistant":
                choice.log.note(rules.ROLE_WRONG, role=shown(role))
        elif role is not None:
            choice.log.note(rules_words.FIELD_STRICT, field="role", found=shown(role))
        meaning, brought = choice.message.add(delta, self._log.place)
        if brought:
            choice.take(ChoiceInput.CONTENT)
        else:
            self._look_for_text(entry, delta)
        if role or brought:
            self._reading.ended = self._choices[self.answer_index].finished
        self._read_finish(choice, entry.get("finish_reason"))
        return meaning

    def _delta(self, entry: dict[str, Any], choice: Choice) -> dict[str, Any]:
        delta, message = entry.get("delta"), entry.get("message")
        if isinstance(delta, dict):
            if isinstance(message, dict) and message.get("content") and not entry.get("finish_reason"):
                self._log.note(rules.DELTA_AND_MESSAGE)
            elif message is None and "message" in entry:
                self._log.note(rules.NULL_MESSAGE)
            return delta
        if not isinstance(message, dict):
            self._log.note(rules.MESSAGE_FOR_DELTA, found=shown(delta))
            return {}
        self._log.note(rules.MESSAGE_FOR_DELTA, variant="message")
        said = choice.message.text
        # The whole answer once more, behind its deltas (MiniMax), brings nothing new.
        return {} if said and message.get("content") == said else message

    def _look_for_text(self, entry: dict[str, Any], delta: dict[str, Any]) -> None:
        """Some endpoints repeat the content in `text`, which does no harm; here it would stand there alone."""
        for field, holder in (("choices[].text", entry), ("delta.text", delta)):
            if isinstance(text := holder.get("text"), str) and text:
                self._log.note(rules_words.TEXT_ELSEWHERE, field=field)

    def _read_finish(self, choice: Choice, reason: Any) -> None:
        if reason == "":
            self._log.note(rules.FINISH_EMPTY)
        if reason:
            choice.finish(mend_surrogates(str(reason)), self._log.place)
            self._reading.stop_reason = self._choices[self.answer_index].reason
            self._reading.ended = self._choices[self.answer_index].finished
