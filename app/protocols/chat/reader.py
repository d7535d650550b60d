"""Reading a Chat Completions answer: a fold over its chunks, or one look at a whole body."""

from __future__ import annotations

from typing import Any

import msgspec

from app.protocols.chat import rules as found
from app.protocols.chat.chunks import CHUNK, brings, classify, error_of, is_filter_note, says_no_usage
from app.protocols.chat.grammar import AT_END, CHOICE, STREAM, Came, Choice, Part, Stream
from app.protocols.chat.message import Message
from app.protocols.chat.rules_calls import CALLS_PROMISED
from app.protocols.chat.usage import UsageCount
from app.protocols.errors.body import read_error_body, read_error_value, read_unlabelled_error
from app.protocols.findings import NOWHERE, Finding, Place, Rule
from app.protocols.reading import ErrorReading, Meaning, Reading
from app.stream.sse import SseEvent
from app.text.json_text import decode_json, mend_surrogates

FINISH_REASONS = ("stop", "length", "tool_calls", "content_filter", "function_call")
_CUT = ("length", "content_filter")  # where an unfinished answer is no fault
_MILLISECONDS = 100_000_000_000  # a `created` from here on is not in seconds


class ChatReader:
    """The fold. See `app.protocols.base.Reader`.

    Attributes:
        reading: what was read so far.
    """

    def __init__(self, *, streamed: bool, asked_usage: bool) -> None:
        self.reading = Reading()
        self._asked_usage = streamed and asked_usage
        self._stream = Stream.START
        self._choices: dict[int, Choice] = {}
        self._messages: dict[int, Message] = {}
        self._reasons: dict[int, list[str]] = {}
        self._fed = False
        self._noted: set[str] = set()
        self._place: Place = NOWHERE
        self._finish_at: Place = NOWHERE  # of the answer's own choice
        self._usage = UsageCount(self._note)
        self._labelled = False
        self._odd_id = "no such key"
        self._whole = False
        self._finished = False

    # -- a stream -----------------------------------------------------------------------------------------------------

    def feed(self, event: SseEvent, number: int) -> Meaning:
        """Read one event. An event without data is the framing's concern, not one of this grammar."""
        self._place, self._fed = Place(number, event.start), True
        data = event.data.strip()
        if data.startswith(b"[DONE]"):  # SDKs match the prefix too
            self._step(Came.DONE)
            return Meaning.NOTHING
        if self._stream is Stream.CLOSED:  # no SDK reads on, so this is no part of the answer
            self._step(Came.NOISE)
            return Meaning.NOTHING
        try:
            chunk = decode_json(data) if data else None
        except ValueError:
            chunk = None
        if not isinstance(chunk, dict):
            self._read_noise(data)
            return Meaning.NOTHING
        return self._read_chunk(chunk, event.type)

    def _read_noise(self, data: bytes) -> None:
        self._step(Came.NOISE)
        if data and not data.startswith(b":"):  # `data: : keepalive` has a name of its own (C9)
            self._note(found.NOT_JSON, data[:80].decode("utf-8", "replace"))

    def _read_chunk(self, chunk: dict[str, Any], event_type: str) -> Meaning:
        choices = self._choices_of(chunk)
        usage = chunk.get("usage")
        came = classify(chunk, choices, usage)
        if error := error_of(chunk, event_type, choices):
            self._fail(error)
        else:
            if self._stream is Stream.COUNTED and came is Came.BARE and says_no_usage(chunk):
                came = Came.CHUNK
            self._check_form(chunk, came)
            self._step(came)
        if came is not Came.NOISE:
            self._identify(chunk)
            self._count(chunk, with_choices=bool(choices))
        meanings = [self._read_choice(choice, place) for place, choice in enumerate(choices)]
        return next((meaning for meaning in meanings if meaning), Meaning.NOTHING)

    def _check_form(self, chunk: dict[str, Any], came: Came) -> None:
        if came is Came.NOISE:
            self._note(found.NO_CHUNK, str(chunk.get("type") or ", ".join(list(chunk)[:5])))
            return
        if not isinstance(chunk.get("choices"), list):
            self._note(found.NO_CHOICES_KEY, repr(chunk["choices"]) if "choices" in chunk else "no such key")
        if came is Came.BARE:
            return
        created = chunk.get("created")
        if type(created) is not int or not 0 <= created < _MILLISECONDS:
            self._note(found.CREATED_ODD, f"{created!r:.40}" if "created" in chunk else "missing")
        if chunk.get("object") == CHUNK:
            self._labelled = True
        elif came is not Came.CHUNK or any(map(brings, chunk["choices"])):
            self._note(found.OBJECT_WRONG, repr(chunk["object"]) if "object" in chunk else "missing")

    def _choices_of(self, holder: dict[str, Any]) -> list[dict[str, Any]]:
        value = holder.get("choices")
        given = value if isinstance(value, list) else []
        choices = [choice for choice in given if isinstance(choice, dict)]
        if len(choices) < len(given):
            self._note(found.CHOICE_NO_OBJECT, next(f"{one!r:.40}" for one in given if not isinstance(one, dict)))
        return choices

    def _read_choice(self, choice: dict[str, Any], place: int) -> Meaning:
        index = choice.get("index")
        if is_filter_note(choice):
            return Meaning.NOTHING
        if type(index) is not int:
            self._note(found.CHOICE_INDEX_ODD, f"{index!r:.40}" if "index" in choice else "missing")
            index = place
        if self._choices and index not in self._choices:
            self._note(found.MANY_CHOICES, f"index {index}")
        delta = self._delta(choice, index)
        if role := delta.get("role"):
            self._step_choice(index, Part.ROLE)
            if role != "assistant" and index == 0:
                self._note(found.ROLE_WRONG, f"{role!r:.40}")
        meaning, brought = self._message(index).add(delta)
        if brought:
            self._step_choice(index, Part.CONTENT)
        else:
            self._look_for_text(choice, delta)
        if error := choice.get("error"):
            self._fail(read_error_value(error) or ErrorReading(str(error)[:200]))
        self._read_finish(index, choice.get("finish_reason"))
        return meaning

    def _look_for_text(self, choice: dict[str, Any], delta: dict[str, Any]) -> None:
        """Some endpoints repeat the content in `text`, which does no harm; here it would stand there alone."""
        for where, holder in (("`choices[].text`", choice), ("`delta.text`", delta)):
            if isinstance(text := holder.get("text"), str) and text:
                self._note(found.TEXT_ELSEWHERE, where)

    def _delta(self, choice: dict[str, Any], index: int) -> dict[str, Any]:
        delta, message = choice.get("delta"), choice.get("message")
        if isinstance(delta, dict):
            if isinstance(message, dict) and message.get("content") and not choice.get("finish_reason"):
                self._note(found.DELTA_AND_MESSAGE, "")
            return delta
        self._note(found.MESSAGE_FOR_DELTA, "`message`" if isinstance(message, dict) else f"{delta!r:.40}")
        if not isinstance(message, dict):
            return {}
        said = self._messages[index].text if index in self._messages else ""
        # The whole answer once more, behind its deltas (MiniMax), brings nothing new.
        return {} if said and message.get("content") == said else message

    def _read_finish(self, index: int, reason: Any) -> None:
        if reason == "":
            self._note(found.FINISH_EMPTY, "")
        if not reason:
            self._choices.setdefault(index, Choice.AWAITED)
            return
        self._reasons.setdefault(index, []).append(mend_surrogates(str(reason)))
        if index == self._main:
            self._finish_at = self._place
        self.reading.stop_reason = self._reason()
        self._step_choice(index, Part.FINISH)
        self.reading.ended = all(state is Choice.FINISHED for state in self._choices.values())

    @property
    def _main(self) -> int:
        """The index of the choice that is the answer: 0, or where that never came the lowest."""
        return 0 if 0 in self._messages else min(self._messages, default=0)

    def _reason(self) -> str | None:
        """The last finish_reason of that choice."""
        return self._reasons.get(self._main, [None])[-1]

    def _message(self, index: int) -> Message:
        if index not in self._messages:
            self._messages[index] = Message(self._note if index == 0 else _ignore, lambda: self._place)
        return self._messages[index]

    # -- the grammar --------------------------------------------------------------------------------------------------

    def _step(self, came: Came, detail: str = "") -> None:
        self._stream, deviation = STREAM[self._stream][came]
        if deviation:
            self._note(deviation, detail)

    def _step_choice(self, index: int, part: Part) -> None:
        before = self._choices.get(index, Choice.AWAITED)
        self._choices[index], deviation = CHOICE[before][part]
        if self._choices[index] is not Choice.FINISHED:
            self.reading.ended = False
        if deviation and index == 0:
            self._note(deviation, ", ".join(self._reasons.get(index, [])[:4]))

    def _note(self, deviation: Rule, detail: str) -> None:
        """Note a deviation; the first of each kind stands for all."""
        if deviation.id not in self._noted:
            self._noted.add(deviation.id)
            event, offset = self._place
            self.reading.findings.append(Finding(deviation, {"detail": mend_surrogates(detail)[:200]}, event, offset))

    def _fail(self, error: ErrorReading) -> None:
        self.reading.error = self.reading.error or msgspec.structs.replace(error, event=self._place[0])
        self._step(Came.ERROR, error.message)

    # -- what stands beside the choices -------------------------------------------------------------------------------

    def _identify(self, chunk: dict[str, Any]) -> None:
        """Take id and model; empty ones (Azure's filter notes, Snowflake) say nothing."""
        reading = self.reading
        response_id, model = chunk.get("id"), chunk.get("model")
        if isinstance(response_id, str) and response_id:
            if reading.response_id is None:
                reading.response_id = mend_surrogates(response_id)
            elif response_id != reading.response_id:
                self._note(found.ID_CHANGED, f"{reading.response_id}, {response_id}")
        elif "id" in chunk:
            self._odd_id = f"{response_id!r:.40}"
        if isinstance(tier := chunk.get("service_tier"), str):
            reading.service_tier = mend_surrogates(tier)
        if isinstance(model, str) and model:
            if reading.model is None:
                reading.model = mend_surrogates(model)
            elif model != reading.model:
                self._note(found.MODEL_CHANGED, f"{reading.model}, {model}")

    def _count(self, chunk: dict[str, Any], *, with_choices: bool) -> None:
        self._usage.add(chunk, self._place, with_choices=with_choices)
        self.reading.usage = self._usage.usage

    # -- a whole body -------------------------------------------------------------------------------------------------

    def read_whole(self, body: bytes, status: int) -> None:
        """Read an unstreamed answer. What is no answer is an error's body, or nothing that this protocol knows."""
        self._whole, is_json = True, True
        try:
            value = decode_json(body)
        except ValueError:
            value, is_json = None, False
        if not isinstance(value, dict):
            value = {}
        choices = self._choices_of(value)
        if status >= 400 or value.get("error") or (not choices and value.get("object") == "error"):
            self.reading.error = read_error_body(body, status)
        elif error := read_unlabelled_error(value, answered=bool(choices)):
            self.reading.error = error
        if choices:
            self._read_answer(value, choices)
        elif self.reading.error is None and not is_json and body.lstrip()[:1] in (b"{", b"["):
            self._note(found.DOCUMENT_NOT_JSON, f"it ends {body[-40:].decode('utf-8', 'replace')!r}")
        elif self.reading.error is None:
            keys = ", ".join(list(value)[:5])
            self._note(found.NO_CHOICES, f" (the body has {keys})" if keys else " (the body is no JSON object)")

    def _read_answer(self, value: dict[str, Any], choices: list[dict[str, Any]]) -> None:
        self._identify(value)
        self._count(value, with_choices=False)
        if len(choices) > 1:
            self._note(found.MANY_CHOICES, f"{len(choices)} in all")
        first = next((choice for choice in choices if choice.get("index") == 0), choices[0])
        message, reason = first.get("message"), first.get("finish_reason")
        if not isinstance(message, dict):
            held = next((key for key in ("delta", "text") if first.get(key)), "")
            self._note(found.NO_MESSAGE, f"`{held}`" if held else f"{message!r:.40}")
            delta = first.get("delta")
            message = delta if isinstance(delta, dict) else {}
        elif message.get("role") != "assistant":
            self._note(found.ROLE_WRONG_WHOLE, f"{message['role']!r:.40}" if "role" in message else "missing")
        self._message(0).add(message, whole=True)
        if error := first.get("error"):
            self.reading.error = self.reading.error or read_error_value(error) or ErrorReading(str(error)[:200])
        self._choices[0] = Choice.FINISHED
        self.reading.stop_reason = mend_surrogates(str(reason)) if reason else None
        self.reading.ended = bool(message) and self.reading.error is None
        if not reason:
            self._note(found.FINISH_UNSAID, repr(reason))

    # -- what was read ------------------------------------------------------------------------------------------------

    def snapshot(self) -> Reading:
        """The reading as it stands: text is joined from where it was joined last, calls are parsed where they grew."""
        reading = self.reading
        if message := self._messages.get(self._main):
            reading.text, reading.reasoning = message.text, message.reasoning
            reading.tool_calls = message.calls.build()
            counted = bool(reading.usage and reading.usage.reasoning_tokens)
            reading.hidden_reasoning = message.hidden_reasoning or (counted and not reading.reasoning)
        return reading

    def finish(self) -> Reading:
        """Judge the end; a second call changes nothing."""
        reading = self.snapshot()
        if self._finished:
            return reading
        self._finished = True
        if not self._whole:
            self._judge_stream()
        self._place = NOWHERE
        if reading.error is not None:
            reading.ended = False
        self._judge_answer()
        if message := self._messages.get(self._main):
            reading.replay = [message.replay()]
        return reading

    def _judge_stream(self) -> None:
        """What is wrong with the end of a stream is told at its last event, what is wrong with the whole at none."""
        unfinished = [index for index, state in self._choices.items() if state is not Choice.FINISHED]
        at_end = AT_END[self._stream]
        if not self._labelled:
            never = found.OBJECT_WRONG.id
            self.reading.findings = [
                msgspec.structs.replace(one, rule=found.OBJECT_NEVER) if one.id == never else one
                for one in self.reading.findings
            ]
        if self.reading.error is not None:
            return
        if not self._choices:
            if self._fed:
                self._note(found.NO_CHOICES, " in the stream")
        elif unfinished:
            done = ", although `[DONE]` came" if self._stream is Stream.CLOSED else ""
            self._note(found.FINISH_MISSING, (f" for choice {unfinished[0]}" if unfinished[0] else "") + done)
        elif at_end:
            self._note(at_end, "")
        self._place = self._usage.place
        if self._choices and (not unfinished or self._stream is Stream.CLOSED):
            self._usage.judge_place(asked=self._asked_usage)

    def _judge_answer(self) -> None:
        reading, message = self.reading, self._messages.get(self._main)
        if self._messages and reading.response_id is None and reading.error is None:
            self._note(found.ID_UNSAID, self._odd_id)
        if not self._whole and self._main:
            self._note(found.CHOICE_0_MISSING, str(self._main))
        self._place = self._finish_at
        unknown = [
            one for one in (*self._reasons.get(self._main, []), reading.stop_reason) if one and one not in FINISH_REASONS
        ]
        if unknown:
            self._note(found.FINISH_UNKNOWN, repr(unknown[0]))
        if message:
            self._judge_message(message)
        self._place = self._usage.place
        due = self._whole and message is not None
        self._usage.judge(due=due, has_content=bool(reading.text or reading.tool_calls))

    def _judge_message(self, message: Message) -> None:
        reading, reason = self.reading, self.reading.stop_reason
        unfinished = not self._whole and self._choices.get(self._main) is not Choice.FINISHED
        message.calls.judge(cut=unfinished or reason in _CUT or reading.error is not None)
        if reason in ("tool_calls", "function_call") and not reading.tool_calls:
            self._note(CALLS_PROMISED, "")
        if reading.ended and reading.reasoning and not (reading.text or reading.tool_calls or reason in _CUT):
            self._note(found.REASONING_ONLY, repr(reason))
        for deviation, detail, self._place in message.repetitions():
            self._note(deviation, detail)


def _ignore(_deviation: Rule, _detail: str) -> None:
    """What is odd in a further choice is not noted: only choice 0 is the answer."""
