"""The grammar of a Messages stream as a table: in which state what may come, and what it is called where it may not."""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    """Where a stream stands."""

    START = auto()
    IDLE = auto()  # between blocks
    BLOCK = auto()  # at least one block is open
    ENDING = auto()  # the stop reason was given
    DONE = auto()  # message_stop
    FAILED = auto()  # an error event


class Sign(Enum):
    """What comes next, told apart by what came before. Pings and unknown events are legal anywhere and are no sign."""

    MESSAGE_START = auto()
    MESSAGE_START_AGAIN = auto()
    BLOCK_START = auto()  # with the index that is due
    BLOCK_START_WRONG = auto()  # with any other
    DELTA = auto()  # for the block opened last
    DELTA_OLDER = auto()  # for an open block before that one
    DELTA_CLOSED = auto()
    DELTA_UNOPENED = auto()
    BLOCK_STOP = auto()  # of the only open block
    BLOCK_STOP_INNER = auto()  # of the block opened last, others stay open
    BLOCK_STOP_OLDER = auto()  # of an open block before that one
    BLOCK_STOP_CLOSED = auto()
    BLOCK_STOP_UNOPENED = auto()
    MESSAGE_DELTA = auto()  # with a stop reason
    MESSAGE_DELTA_OPEN = auto()  # without one
    MESSAGE_STOP = auto()
    ERROR = auto()
    DONE_MARK = auto()  # data: [DONE]
    MORE = auto()  # anything but an error or [DONE] behind the end


_START, _IDLE, _BLOCK, _ENDING, _DONE, _FAILED = State

# Content before message_start has no finding of its own: whether it is A1 (late) or A16 (never) shows later.
# fmt: off
ROWS: tuple[tuple[State, Sign, State, str | None], ...] = (
    # in state   comes                        then      finding
    (_START,     Sign.MESSAGE_START,          _IDLE,    None),
    (_START,     Sign.BLOCK_START,            _BLOCK,   None),
    (_START,     Sign.BLOCK_START_WRONG,      _BLOCK,   "A4"),
    (_START,     Sign.DELTA_UNOPENED,         _IDLE,    "A3"),
    (_START,     Sign.BLOCK_STOP_UNOPENED,    _IDLE,    "A3"),
    (_START,     Sign.MESSAGE_DELTA,          _ENDING,  None),
    (_START,     Sign.MESSAGE_DELTA_OPEN,     _IDLE,    None),
    (_START,     Sign.MESSAGE_STOP,           _DONE,    None),
    (_START,     Sign.ERROR,                  _FAILED,  None),
    (_START,     Sign.DONE_MARK,              _START,   "A11"),

    (_IDLE,      Sign.MESSAGE_START,          _IDLE,    "A1"),
    (_IDLE,      Sign.MESSAGE_START_AGAIN,    _IDLE,    "A2"),
    (_IDLE,      Sign.BLOCK_START,            _BLOCK,   None),
    (_IDLE,      Sign.BLOCK_START_WRONG,      _BLOCK,   "A4"),
    (_IDLE,      Sign.DELTA_CLOSED,           _IDLE,    "A19"),
    (_IDLE,      Sign.DELTA_UNOPENED,         _IDLE,    "A3"),
    (_IDLE,      Sign.BLOCK_STOP_CLOSED,      _IDLE,    "A19"),
    (_IDLE,      Sign.BLOCK_STOP_UNOPENED,    _IDLE,    "A3"),
    (_IDLE,      Sign.MESSAGE_DELTA,          _ENDING,  None),
    (_IDLE,      Sign.MESSAGE_DELTA_OPEN,     _IDLE,    None),
    (_IDLE,      Sign.MESSAGE_STOP,           _DONE,    None),
    (_IDLE,      Sign.ERROR,                  _FAILED,  None),
    (_IDLE,      Sign.DONE_MARK,              _IDLE,    "A11"),

    (_BLOCK,     Sign.MESSAGE_START,          _BLOCK,   "A1"),
    (_BLOCK,     Sign.MESSAGE_START_AGAIN,    _BLOCK,   "A2"),
    (_BLOCK,     Sign.BLOCK_START,            _BLOCK,   None),  # an overlap, or the stop is missing: seen at the end
    (_BLOCK,     Sign.BLOCK_START_WRONG,      _BLOCK,   "A4"),
    (_BLOCK,     Sign.DELTA,                  _BLOCK,   None),
    (_BLOCK,     Sign.DELTA_OLDER,            _BLOCK,   "A24"),
    (_BLOCK,     Sign.DELTA_CLOSED,           _BLOCK,   "A19"),
    (_BLOCK,     Sign.DELTA_UNOPENED,         _BLOCK,   "A3"),
    (_BLOCK,     Sign.BLOCK_STOP,             _IDLE,    None),
    (_BLOCK,     Sign.BLOCK_STOP_INNER,       _BLOCK,   None),
    (_BLOCK,     Sign.BLOCK_STOP_OLDER,       _BLOCK,   "A24"),
    (_BLOCK,     Sign.BLOCK_STOP_CLOSED,      _BLOCK,   "A19"),
    (_BLOCK,     Sign.BLOCK_STOP_UNOPENED,    _BLOCK,   "A3"),
    (_BLOCK,     Sign.MESSAGE_DELTA,          _ENDING,  None),  # legal where the answer was cut at max_tokens
    (_BLOCK,     Sign.MESSAGE_DELTA_OPEN,     _BLOCK,   None),
    (_BLOCK,     Sign.MESSAGE_STOP,           _DONE,    None),
    (_BLOCK,     Sign.ERROR,                  _FAILED,  None),
    (_BLOCK,     Sign.DONE_MARK,              _BLOCK,   "A11"),

    (_ENDING,    Sign.MESSAGE_START,          _ENDING,  "A1"),
    (_ENDING,    Sign.MESSAGE_START_AGAIN,    _IDLE,    "A2"),
    (_ENDING,    Sign.BLOCK_START,            _BLOCK,   "A32"),
    (_ENDING,    Sign.BLOCK_START_WRONG,      _BLOCK,   "A32"),
    (_ENDING,    Sign.DELTA,                  _ENDING,  "A32"),
    (_ENDING,    Sign.DELTA_OLDER,            _ENDING,  "A32"),
    (_ENDING,    Sign.DELTA_CLOSED,           _ENDING,  "A32"),
    (_ENDING,    Sign.DELTA_UNOPENED,         _ENDING,  "A32"),
    (_ENDING,    Sign.BLOCK_STOP,             _ENDING,  "A24"),
    (_ENDING,    Sign.BLOCK_STOP_INNER,       _ENDING,  "A24"),
    (_ENDING,    Sign.BLOCK_STOP_OLDER,       _ENDING,  "A24"),
    (_ENDING,    Sign.BLOCK_STOP_CLOSED,      _ENDING,  "A19"),
    (_ENDING,    Sign.BLOCK_STOP_UNOPENED,    _ENDING,  "A3"),
    (_ENDING,    Sign.MESSAGE_DELTA,          _ENDING,  None),
    (_ENDING,    Sign.MESSAGE_DELTA_OPEN,     _ENDING,  None),
    (_ENDING,    Sign.MESSAGE_STOP,           _DONE,    None),
    (_ENDING,    Sign.ERROR,                  _FAILED,  None),
    (_ENDING,    Sign.DONE_MARK,              _ENDING,  "A11"),

    (_DONE,      Sign.MORE,                   _DONE,    "A20"),
    (_DONE,      Sign.ERROR,                  _FAILED,  "A20"),
    (_DONE,      Sign.DONE_MARK,              _DONE,    "A11"),

    (_FAILED,    Sign.MORE,                   _FAILED,  None),  # the SDKs have raised and read no further
    (_FAILED,    Sign.ERROR,                  _FAILED,  None),
    (_FAILED,    Sign.DONE_MARK,              _FAILED,  None),
)
# fmt: on
TABLE = {(state, sign): (then, finding) for state, sign, then, finding in ROWS}


class Grammar:
    """Follows one stream. Each method takes one event and returns the id of what is wrong with it, None where it is legal.

    Attributes:
        state: where the stream stands.
        started: whether message_start was seen.
        open: indexes of the open blocks, in the order in which they were opened (a set that keeps order).
        due: the index the next block must have.
    """

    def __init__(self) -> None:
        self.state = State.START
        self.started = False
        self.open: dict[int, None] = {}
        self.due = 0
        self._closed: set[int] = set()
        self._may_restart = False

    @property
    def over(self) -> bool:
        """Whether the stream has ended, well or badly."""
        return self.state in (State.DONE, State.FAILED)

    def take(self, sign: Sign) -> str | None:
        """Move on by one sign."""
        self.state, finding = TABLE[self.state, sign]
        return finding

    def message_start(self) -> str | None:
        again, self.started = self.started, True
        # A relay that fails over starts anew, with block 0; one that repeats message_start goes on counting.
        if again and self.state is State.ENDING:
            self._closed.update(self.open)
            self.open.clear()
        self._may_restart = again and not self.open
        return self.take(Sign.MESSAGE_START_AGAIN if again else Sign.MESSAGE_START)

    def block_start(self, index: int) -> str | None:
        due = index == self.due or (index == 0 and self._may_restart)
        if due and index == 0:
            self._closed.clear()
        self._may_restart = False
        self._closed.discard(index)
        self.open.pop(index, None)
        self.open[index] = None
        self.due = index + 1
        return self.take(Sign.BLOCK_START if due else Sign.BLOCK_START_WRONG)

    def delta(self, index: int) -> str | None:
        if index in self.open:
            return self.take(Sign.DELTA if index == next(reversed(self.open)) else Sign.DELTA_OLDER)
        return self.take(Sign.DELTA_CLOSED if index in self._closed else Sign.DELTA_UNOPENED)

    def block_stop(self, index: int) -> str | None:
        if index not in self.open:
            return self.take(Sign.BLOCK_STOP_CLOSED if index in self._closed else Sign.BLOCK_STOP_UNOPENED)
        newest = index == next(reversed(self.open))
        del self.open[index]
        self._closed.add(index)
        if not newest:
            return self.take(Sign.BLOCK_STOP_OLDER)
        return self.take(Sign.BLOCK_STOP_INNER if self.open else Sign.BLOCK_STOP)
