"""The grammar of a Chat Completions stream: two state machines as tables, one of the stream, one of each choice.

    stream := first_chunk delta_chunk* finish_chunk(per choice) usage_chunk? "[DONE]"

A table says for each state and each kind of thing that may come where that leads and, if it is a deviation, which. What comes
in a chunk is taken apart first (`chat.reader`); whether a deviation was already noted is not the grammar's concern.
"""

from __future__ import annotations

from enum import Enum, auto

from app.protocols.chat import rules as found
from app.protocols.chat.rules_usage import USAGE_OVERTAKEN
from app.protocols.findings import Rule


class Came(Enum):
    """What an event is to the stream. Azure's filter notes (no `delta`, no `object`) are `BARE`, wherever they stand."""

    CHUNK = auto()  # has choices
    COUNTED_CHUNK = auto()  # has choices, and usage
    BARE = auto()  # `choices: []`, nothing counted: Azure's first chunk, OpenAI's moderation chunk
    USAGE = auto()  # no choices, but usage
    ERROR = auto()
    DONE = auto()
    NOISE = auto()  # not JSON, or no chunk


class Stream(Enum):
    """Where the stream is."""

    START = auto()
    ANSWERING = auto()
    COUNTED = auto()  # usage was seen, and nothing of the answer since
    OVERTAKEN = auto()  # usage was seen, but the answer went on without it
    FAILED = auto()
    CLOSED = auto()  # [DONE] was seen


class Part(Enum):
    """What a chunk brings to one choice."""

    ROLE = auto()
    CONTENT = auto()  # text, refusal, reasoning or a tool fragment; not an empty string
    FINISH = auto()


class Choice(Enum):
    """Where a choice is."""

    AWAITED = auto()
    UNNAMED = auto()  # content was seen, and no role yet
    OPEN = auto()
    FINISHED = auto()


Step = tuple[Stream, Rule | None]
ChoiceStep = tuple[Choice, Rule | None]

_S, _C = Stream, Choice

# fmt: off
STREAM: dict[Stream, dict[Came, Step]] = {
    _S.START: {
        Came.CHUNK:         (_S.ANSWERING, None),
        Came.COUNTED_CHUNK: (_S.COUNTED,   None),
        Came.BARE:          (_S.START,     None),
        Came.USAGE:         (_S.COUNTED,   None),
        Came.ERROR:         (_S.FAILED,    found.ERROR_CHUNK),
        Came.DONE:          (_S.CLOSED,    None),
        Came.NOISE:         (_S.START,     None),
    },
    _S.ANSWERING: {
        Came.CHUNK:         (_S.ANSWERING, None),
        Came.COUNTED_CHUNK: (_S.COUNTED,   None),
        Came.BARE:          (_S.ANSWERING, None),
        Came.USAGE:         (_S.COUNTED,   None),
        Came.ERROR:         (_S.FAILED,    found.ERROR_CHUNK),
        Came.DONE:          (_S.CLOSED,    None),
        Came.NOISE:         (_S.ANSWERING, None),
    },
    _S.COUNTED: {
        Came.CHUNK:         (_S.OVERTAKEN, None),
        Came.COUNTED_CHUNK: (_S.COUNTED,   None),
        Came.BARE:          (_S.COUNTED,   None),
        Came.USAGE:         (_S.COUNTED,   None),
        Came.ERROR:         (_S.FAILED,    found.ERROR_CHUNK),
        Came.DONE:          (_S.CLOSED,    None),
        Came.NOISE:         (_S.COUNTED,   None),
    },
    _S.OVERTAKEN: {  # harmless if usage comes once more
        Came.CHUNK:         (_S.OVERTAKEN, None),
        Came.COUNTED_CHUNK: (_S.COUNTED,   None),
        Came.BARE:          (_S.OVERTAKEN, None),
        Came.USAGE:         (_S.COUNTED,   None),
        Came.ERROR:         (_S.FAILED,    found.ERROR_CHUNK),
        Came.DONE:          (_S.CLOSED,    USAGE_OVERTAKEN),
        Came.NOISE:         (_S.OVERTAKEN, None),
    },
    _S.FAILED: {
        Came.CHUNK:         (_S.FAILED,    found.AFTER_ERROR),
        Came.COUNTED_CHUNK: (_S.FAILED,    found.AFTER_ERROR),
        Came.BARE:          (_S.FAILED,    None),
        Came.USAGE:         (_S.FAILED,    None),
        Came.ERROR:         (_S.FAILED,    None),
        Came.DONE:          (_S.CLOSED,    None),
        Came.NOISE:         (_S.FAILED,    None),
    },
    _S.CLOSED: {
        Came.CHUNK:         (_S.CLOSED,    found.AFTER_DONE),
        Came.COUNTED_CHUNK: (_S.CLOSED,    found.AFTER_DONE),
        Came.BARE:          (_S.CLOSED,    found.AFTER_DONE),
        Came.USAGE:         (_S.CLOSED,    found.AFTER_DONE),
        Came.ERROR:         (_S.CLOSED,    found.AFTER_DONE),
        Came.DONE:          (_S.CLOSED,    found.DONE_REPEATED),
        Came.NOISE:         (_S.CLOSED,    found.AFTER_DONE),
    },
}

CHOICE: dict[Choice, dict[Part, ChoiceStep]] = {
    _C.AWAITED: {
        Part.ROLE:    (_C.OPEN,     None),
        Part.CONTENT: (_C.UNNAMED,  None),
        Part.FINISH:  (_C.FINISHED, None),
    },
    _C.UNNAMED: {
        Part.ROLE:    (_C.OPEN,     found.ROLE_LATE),
        Part.CONTENT: (_C.UNNAMED,  None),
        Part.FINISH:  (_C.FINISHED, found.ROLE_MISSING),
    },
    _C.OPEN: {
        Part.ROLE:    (_C.OPEN,     found.ROLE_REPEATED),
        Part.CONTENT: (_C.OPEN,     None),
        Part.FINISH:  (_C.FINISHED, None),
    },
    _C.FINISHED: {
        Part.ROLE:    (_C.FINISHED, found.ROLE_REPEATED),
        Part.CONTENT: (_C.FINISHED, found.CONTENT_AFTER_FINISH),
        Part.FINISH:  (_C.FINISHED, found.FINISH_REPEATED),
    },
}

# What it means that the stream ends here. [DONE] is optional, a finish_reason is not: that one is judged for each choice.
AT_END: dict[Stream, Rule | None] = {
    _S.START:     found.NO_DONE,
    _S.ANSWERING: found.NO_DONE,
    _S.COUNTED:   found.NO_DONE,
    _S.OVERTAKEN: USAGE_OVERTAKEN,
    _S.FAILED:    None,
    _S.CLOSED:    None,
}
# fmt: on
