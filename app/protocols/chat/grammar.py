"""The grammar of a Chat Completions stream as three tables: the stream, each of its choices, and the labels of its chunks.

    stream := first_chunk delta_chunk* finish_chunk(per choice) usage_chunk? "[DONE]"

What a chunk is to them is told before (`app.protocols.chat.chunks`), what is kept of it by the reader.
"""

from __future__ import annotations

from enum import auto

from app.protocols.chat import rules
from app.protocols.chat.rules_usage import USAGE_OVERTAKEN
from app.protocols.grammar import Symbol, Table


class StreamState(Symbol):
    """Where the stream is."""

    START = auto()
    ANSWERING = auto()
    COUNTED = auto()  # usage was seen, and nothing of the answer since
    OVERTAKEN = auto()  # usage was seen, but the answer went on without it
    FAILED = auto()
    CLOSED = auto()  # [DONE] was seen
    FAILED_CLOSED = auto()  # [DONE] behind an error
    OVER = auto()


class StreamInput(Symbol):
    """What an event is to the stream, or how the stream ends."""

    CHUNK = auto()  # has choices
    COUNTED_CHUNK = auto()  # has choices, and usage
    BARE = auto()  # no choices, nothing counted: Azure's first chunk and its filter notes, OpenAI's moderation chunk
    USAGE_NULL = auto()  # `choices: []` and `usage: null` alone, which the Python helper takes for the usage
    USAGE = auto()  # no choices, but usage
    ERROR = auto()
    DONE = auto()
    NOISE = auto()  # not JSON, or no chunk
    MORE = auto()  # anything but [DONE] behind [DONE]: no SDK reads on, so it is not looked into
    END = auto()  # with a finish_reason for every choice
    END_OTHER_UNFINISHED = auto()  # without one for some other choice than the answer
    END_UNFINISHED = auto()  # without one for the answer
    END_UNANSWERED = auto()  # without a choice
    END_UNFED = auto()  # without an event


class ChoiceState(Symbol):
    """Where a choice is."""

    AWAITED = auto()
    UNNAMED = auto()  # content was seen, and no role yet
    OPEN = auto()
    FINISHED = auto()


class ChoiceInput(Symbol):
    """What a chunk brings to one choice."""

    ROLE = auto()
    CONTENT = auto()  # text, refusal, reasoning or a tool fragment; not an empty string
    FINISH = auto()


class LabelState(Symbol):
    """What the chunks so far say they are, in their `object`."""

    UNSEEN = auto()
    RIGHT = auto()
    WRONG = auto()  # all of them
    MIXED = auto()
    OVER = auto()


class LabelInput(Symbol):
    """The `object` of one more chunk, or the end of the stream."""

    RIGHT = auto()
    WRONG = auto()
    END = auto()


_S, _C, _L = StreamState, ChoiceState, LabelState
_IN, _PART, _LABEL = StreamInput, ChoiceInput, LabelInput

# fmt: off
STREAM: Table[StreamState, StreamInput] = Table(_S.START, (
    # in state         comes                then              rule
    (_S.START,         _IN.CHUNK,           _S.ANSWERING,     None),
    (_S.START,         _IN.COUNTED_CHUNK,   _S.COUNTED,       None),
    (_S.START,         _IN.BARE,            _S.START,         None),
    (_S.START,         _IN.USAGE_NULL,      _S.START,         None),
    (_S.START,         _IN.USAGE,           _S.COUNTED,       None),
    (_S.START,         _IN.ERROR,           _S.FAILED,        rules.ERROR_CHUNK),
    (_S.START,         _IN.DONE,            _S.CLOSED,        None),
    (_S.START,         _IN.NOISE,           _S.START,         None),
    (_S.START,         _IN.END_UNANSWERED,  _S.OVER,          rules.NO_CHOICES),
    (_S.START,         _IN.END_UNFED,       _S.OVER,          None),

    (_S.ANSWERING,     _IN.CHUNK,           _S.ANSWERING,     None),
    (_S.ANSWERING,     _IN.COUNTED_CHUNK,   _S.COUNTED,       None),
    (_S.ANSWERING,     _IN.BARE,            _S.ANSWERING,     None),
    (_S.ANSWERING,     _IN.USAGE_NULL,      _S.ANSWERING,     None),
    (_S.ANSWERING,     _IN.USAGE,           _S.COUNTED,       None),
    (_S.ANSWERING,     _IN.ERROR,           _S.FAILED,        rules.ERROR_CHUNK),
    (_S.ANSWERING,     _IN.DONE,            _S.CLOSED,        None),
    (_S.ANSWERING,     _IN.NOISE,           _S.ANSWERING,     None),
    (_S.ANSWERING,     _IN.END,             _S.OVER,          rules.NO_DONE),
    (_S.ANSWERING,      _IN.END_OTHER_UNFINISHED, _S.OVER, rules.OTHER_FINISH_MISSING),
    (_S.ANSWERING,     _IN.END_UNFINISHED,  _S.OVER,          rules.FINISH_MISSING),

    (_S.COUNTED,       _IN.CHUNK,           _S.OVERTAKEN,     None),
    (_S.COUNTED,       _IN.COUNTED_CHUNK,   _S.COUNTED,       None),
    (_S.COUNTED,       _IN.BARE,            _S.COUNTED,       None),
    (_S.COUNTED,       _IN.USAGE_NULL,      _S.OVERTAKEN,     None),
    (_S.COUNTED,       _IN.USAGE,           _S.COUNTED,       None),
    (_S.COUNTED,       _IN.ERROR,           _S.FAILED,        rules.ERROR_CHUNK),
    (_S.COUNTED,       _IN.DONE,            _S.CLOSED,        None),
    (_S.COUNTED,       _IN.NOISE,           _S.COUNTED,       None),
    (_S.COUNTED,       _IN.END,             _S.OVER,          rules.NO_DONE),
    (_S.COUNTED,        _IN.END_OTHER_UNFINISHED, _S.OVER, rules.OTHER_FINISH_MISSING),
    (_S.COUNTED,       _IN.END_UNFINISHED,  _S.OVER,          rules.FINISH_MISSING),
    (_S.COUNTED,       _IN.END_UNANSWERED,  _S.OVER,          rules.NO_CHOICES),

    (_S.OVERTAKEN,     _IN.CHUNK,           _S.OVERTAKEN,     None),  # harmless if usage comes once more
    (_S.OVERTAKEN,     _IN.COUNTED_CHUNK,   _S.COUNTED,       None),
    (_S.OVERTAKEN,     _IN.BARE,            _S.OVERTAKEN,     None),
    (_S.OVERTAKEN,     _IN.USAGE_NULL,      _S.OVERTAKEN,     None),
    (_S.OVERTAKEN,     _IN.USAGE,           _S.COUNTED,       None),
    (_S.OVERTAKEN,     _IN.ERROR,           _S.FAILED,        rules.ERROR_CHUNK),
    (_S.OVERTAKEN,     _IN.DONE,            _S.CLOSED,        USAGE_OVERTAKEN),
    (_S.OVERTAKEN,     _IN.NOISE,           _S.OVERTAKEN,     None),
    (_S.OVERTAKEN,     _IN.END,             _S.OVER,          USAGE_OVERTAKEN),
    (_S.OVERTAKEN,      _IN.END_OTHER_UNFINISHED, _S.OVER, rules.OTHER_FINISH_MISSING),
    (_S.OVERTAKEN,     _IN.END_UNFINISHED,  _S.OVER,          rules.FINISH_MISSING),
    (_S.OVERTAKEN,     _IN.END_UNANSWERED,  _S.OVER,          rules.NO_CHOICES),

    (_S.FAILED,        _IN.CHUNK,           _S.FAILED,        rules.AFTER_ERROR),
    (_S.FAILED,        _IN.COUNTED_CHUNK,   _S.FAILED,        rules.AFTER_ERROR),
    (_S.FAILED,        _IN.BARE,            _S.FAILED,        None),
    (_S.FAILED,        _IN.USAGE_NULL,      _S.FAILED,        None),
    (_S.FAILED,        _IN.USAGE,           _S.FAILED,        None),
    (_S.FAILED,        _IN.ERROR,           _S.FAILED,        None),
    (_S.FAILED,        _IN.DONE,            _S.FAILED_CLOSED, None),
    (_S.FAILED,        _IN.NOISE,           _S.FAILED,        None),
    (_S.FAILED,        _IN.END,             _S.OVER,          None),
    (_S.FAILED,         _IN.END_OTHER_UNFINISHED, _S.OVER, None),
    (_S.FAILED,        _IN.END_UNFINISHED,  _S.OVER,          None),
    (_S.FAILED,        _IN.END_UNANSWERED,  _S.OVER,          None),

    (_S.CLOSED,        _IN.DONE,            _S.CLOSED,        rules.DONE_REPEATED),
    (_S.CLOSED,        _IN.MORE,            _S.CLOSED,        rules.AFTER_DONE),
    (_S.CLOSED,        _IN.END,             _S.OVER,          None),
    (_S.CLOSED,         _IN.END_OTHER_UNFINISHED, _S.OVER, rules.OTHER_FINISH_MISSING),
    (_S.CLOSED,        _IN.END_UNFINISHED,  _S.OVER,          rules.FINISH_MISSING),
    (_S.CLOSED,        _IN.END_UNANSWERED,  _S.OVER,          rules.NO_CHOICES),

    (_S.FAILED_CLOSED, _IN.DONE,            _S.FAILED_CLOSED, rules.DONE_REPEATED),
    (_S.FAILED_CLOSED, _IN.MORE,            _S.FAILED_CLOSED, rules.AFTER_DONE),
    (_S.FAILED_CLOSED, _IN.END,             _S.OVER,          None),
    (_S.FAILED_CLOSED,  _IN.END_OTHER_UNFINISHED, _S.OVER, None),
    (_S.FAILED_CLOSED, _IN.END_UNFINISHED,  _S.OVER,          None),
    (_S.FAILED_CLOSED, _IN.END_UNANSWERED,  _S.OVER,          None),
))

CHOICE: Table[ChoiceState, ChoiceInput] = Table(_C.AWAITED, (
    (_C.AWAITED,       _PART.ROLE,          _C.OPEN,          None),
    (_C.AWAITED,       _PART.CONTENT,       _C.UNNAMED,       None),
    (_C.AWAITED,       _PART.FINISH,        _C.FINISHED,      None),

    (_C.UNNAMED,       _PART.ROLE,          _C.OPEN,          rules.ROLE_LATE),
    (_C.UNNAMED,       _PART.CONTENT,       _C.UNNAMED,       None),
    (_C.UNNAMED,       _PART.FINISH,        _C.FINISHED,      rules.ROLE_MISSING),

    (_C.OPEN,          _PART.ROLE,          _C.OPEN,          rules.ROLE_REPEATED),
    (_C.OPEN,          _PART.CONTENT,       _C.OPEN,          None),
    (_C.OPEN,          _PART.FINISH,        _C.FINISHED,      None),

    (_C.FINISHED,      _PART.ROLE,          _C.FINISHED,      rules.ROLE_REPEATED),
    (_C.FINISHED,      _PART.CONTENT,       _C.FINISHED,      rules.CONTENT_AFTER_FINISH),
    (_C.FINISHED,      _PART.FINISH,        _C.FINISHED,      rules.FINISH_REPEATED),
))

# Whether the wrong label is that of some chunks or of all is known with the first right one, or at the end.
LABELS: Table[LabelState, LabelInput] = Table(_L.UNSEEN, (
    (_L.UNSEEN,        _LABEL.RIGHT,        _L.RIGHT,         None),
    (_L.UNSEEN,        _LABEL.WRONG,        _L.WRONG,         None),
    (_L.UNSEEN,        _LABEL.END,          _L.OVER,          None),

    (_L.RIGHT,         _LABEL.RIGHT,        _L.RIGHT,         None),
    (_L.RIGHT,         _LABEL.WRONG,        _L.MIXED,         rules.OBJECT_WRONG),
    (_L.RIGHT,         _LABEL.END,          _L.OVER,          None),

    (_L.WRONG,         _LABEL.RIGHT,        _L.MIXED,         rules.OBJECT_WRONG),
    (_L.WRONG,         _LABEL.WRONG,        _L.WRONG,         None),
    (_L.WRONG,         _LABEL.END,          _L.OVER,          rules.OBJECT_NEVER),

    (_L.MIXED,         _LABEL.RIGHT,        _L.MIXED,         None),
    (_L.MIXED,         _LABEL.WRONG,        _L.MIXED,         None),
    (_L.MIXED,         _LABEL.END,          _L.OVER,          None),
))
# fmt: on
