"""The grammar of a Messages stream as a table: in which state what may come, and which rule speaks where it may not."""

from __future__ import annotations

from enum import auto

from app.protocols.findings import Rule
from app.protocols.grammar import Machine, Symbol, Table
from app.protocols.messages.rules import (
    BLOCK_CLOSED,
    BLOCK_UNOPENED,
    BLOCKS_OVERLAP,
    CONTENT_AFTER_END,
    CONTENT_AFTER_REASON,
    DONE_MARK,
    INDEX_PER_DELTA,
    INDEX_REUSED,
    INDEX_WRONG,
    MESSAGE_START_AGAIN,
    MESSAGE_START_IN_BLOCK,
    MESSAGE_START_LATE,
    MORE_AFTER_END,
)


class State(Symbol):
    """Where a stream stands."""

    START = auto()
    IDLE = auto()  # between blocks
    BLOCK = auto()  # at least one block is open
    ENDING = auto()  # the stop reason was given
    DONE = auto()  # message_stop
    FAILED = auto()  # an error event


class Input(Symbol):
    """What comes next, distinguished by what came before. Pings and unknown events are legal anywhere and are no input."""

    MESSAGE_START = auto()
    MESSAGE_START_AGAIN = auto()
    BLOCK_START = auto()  # with the index that is due
    BLOCK_START_REUSED = auto()  # with that of an earlier block, and no tool call: arguments of two calls are no JSON any more
    BLOCK_START_AGAIN = auto()  # of an open block, as it began
    BLOCK_START_WRONG = auto()  # with any other
    DELTA = auto()  # for the block opened last
    DELTA_OLDER = auto()  # for an open block before that one
    DELTA_CLOSED = auto()
    DELTA_UNOPENED = auto()
    DELTA_RISING = auto()  # for no block, with the index behind that of the last delta of a block that is open
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
    MORE_UNOPENED = auto()  # the same, for a block that was never opened


_START, _IDLE, _BLOCK, _ENDING, _DONE, _FAILED = State

# Content before message_start breaks no rule of its own: whether it is A1 (late) or A16 (never) shows later.
# fmt: off
TABLE: Table[State, Input] = Table(_START, (
    # in state   comes                        then      rule
    (_START,     Input.MESSAGE_START,         _IDLE,    None),
    (_START,     Input.BLOCK_START,           _BLOCK,   None),
    (_START,     Input.BLOCK_START_WRONG,     _BLOCK,   INDEX_WRONG),
    (_START,     Input.DELTA_UNOPENED,        _IDLE,    BLOCK_UNOPENED),
    (_START,     Input.BLOCK_STOP_UNOPENED,   _IDLE,    BLOCK_UNOPENED),
    (_START,     Input.MESSAGE_DELTA,         _ENDING,  None),
    (_START,     Input.MESSAGE_DELTA_OPEN,    _IDLE,    None),
    (_START,     Input.MESSAGE_STOP,          _DONE,    None),
    (_START,     Input.ERROR,                 _FAILED,  None),
    (_START,     Input.DONE_MARK,             _START,   DONE_MARK),

    (_IDLE,      Input.MESSAGE_START,         _IDLE,    MESSAGE_START_LATE),
    (_IDLE,      Input.MESSAGE_START_AGAIN,   _IDLE,    MESSAGE_START_AGAIN),
    (_IDLE,      Input.BLOCK_START,           _BLOCK,   None),
    (_IDLE,      Input.BLOCK_START_REUSED,    _BLOCK,   INDEX_REUSED),
    (_IDLE,      Input.BLOCK_START_WRONG,     _BLOCK,   INDEX_WRONG),
    (_IDLE,      Input.DELTA_CLOSED,          _IDLE,    BLOCK_CLOSED),
    (_IDLE,      Input.DELTA_UNOPENED,        _IDLE,    BLOCK_UNOPENED),
    (_IDLE,      Input.BLOCK_STOP_CLOSED,     _IDLE,    BLOCK_CLOSED),
    (_IDLE,      Input.BLOCK_STOP_UNOPENED,   _IDLE,    BLOCK_UNOPENED),
    (_IDLE,      Input.MESSAGE_DELTA,         _ENDING,  None),
    (_IDLE,      Input.MESSAGE_DELTA_OPEN,    _IDLE,    None),
    (_IDLE,      Input.MESSAGE_STOP,          _DONE,    None),
    (_IDLE,      Input.ERROR,                 _FAILED,  None),
    (_IDLE,      Input.DONE_MARK,             _IDLE,    DONE_MARK),

    (_BLOCK,     Input.MESSAGE_START,         _BLOCK,   MESSAGE_START_IN_BLOCK),
    (_BLOCK,     Input.MESSAGE_START_AGAIN,   _BLOCK,   MESSAGE_START_AGAIN),
    (_BLOCK,     Input.BLOCK_START,           _BLOCK,   None),  # an overlap, or the stop is missing: seen at the end
    (_BLOCK,     Input.BLOCK_START_REUSED,    _BLOCK,   INDEX_REUSED),
    (_BLOCK,     Input.BLOCK_START_AGAIN,     _BLOCK,   None),  # told at the end, with what its pieces add up to
    (_BLOCK,     Input.BLOCK_START_WRONG,     _BLOCK,   INDEX_WRONG),
    (_BLOCK,     Input.DELTA,                 _BLOCK,   None),
    (_BLOCK,     Input.DELTA_OLDER,           _BLOCK,   BLOCKS_OVERLAP),
    (_BLOCK,     Input.DELTA_CLOSED,          _BLOCK,   BLOCK_CLOSED),
    (_BLOCK,     Input.DELTA_UNOPENED,        _BLOCK,   BLOCK_UNOPENED),
    (_BLOCK,     Input.DELTA_RISING,          _BLOCK,   INDEX_PER_DELTA),
    (_BLOCK,     Input.BLOCK_STOP,            _IDLE,    None),
    (_BLOCK,     Input.BLOCK_STOP_INNER,      _BLOCK,   None),
    (_BLOCK,     Input.BLOCK_STOP_OLDER,      _BLOCK,   BLOCKS_OVERLAP),
    (_BLOCK,     Input.BLOCK_STOP_CLOSED,     _BLOCK,   BLOCK_CLOSED),
    (_BLOCK,     Input.BLOCK_STOP_UNOPENED,   _BLOCK,   BLOCK_UNOPENED),
    (_BLOCK,     Input.MESSAGE_DELTA,         _ENDING,  None),  # legal where the answer was cut at max_tokens
    (_BLOCK,     Input.MESSAGE_DELTA_OPEN,    _BLOCK,   None),
    (_BLOCK,     Input.MESSAGE_STOP,          _DONE,    None),
    (_BLOCK,     Input.ERROR,                 _FAILED,  None),
    (_BLOCK,     Input.DONE_MARK,             _BLOCK,   DONE_MARK),

    (_ENDING,    Input.MESSAGE_START,         _ENDING,  MESSAGE_START_LATE),
    (_ENDING,    Input.MESSAGE_START_AGAIN,   _IDLE,    MESSAGE_START_AGAIN),
    (_ENDING,    Input.BLOCK_START,           _BLOCK,   CONTENT_AFTER_REASON),
    (_ENDING,    Input.BLOCK_START_REUSED,    _BLOCK,   CONTENT_AFTER_REASON),
    (_ENDING,    Input.BLOCK_START_WRONG,     _BLOCK,   CONTENT_AFTER_REASON),
    (_ENDING,    Input.DELTA,                 _ENDING,  CONTENT_AFTER_REASON),
    (_ENDING,    Input.DELTA_OLDER,           _ENDING,  CONTENT_AFTER_REASON),
    (_ENDING,    Input.DELTA_CLOSED,          _ENDING,  CONTENT_AFTER_REASON),
    (_ENDING,    Input.DELTA_UNOPENED,        _ENDING,  CONTENT_AFTER_REASON),
    (_ENDING,    Input.BLOCK_STOP,            _ENDING,  BLOCKS_OVERLAP),
    (_ENDING,    Input.BLOCK_STOP_INNER,      _ENDING,  BLOCKS_OVERLAP),
    (_ENDING,    Input.BLOCK_STOP_OLDER,      _ENDING,  BLOCKS_OVERLAP),
    (_ENDING,    Input.BLOCK_STOP_CLOSED,     _ENDING,  BLOCK_CLOSED),
    (_ENDING,    Input.BLOCK_STOP_UNOPENED,   _ENDING,  BLOCK_UNOPENED),
    (_ENDING,    Input.MESSAGE_DELTA,         _ENDING,  None),
    (_ENDING,    Input.MESSAGE_DELTA_OPEN,    _ENDING,  None),
    (_ENDING,    Input.MESSAGE_STOP,          _DONE,    None),
    (_ENDING,    Input.ERROR,                 _FAILED,  None),
    (_ENDING,    Input.DONE_MARK,             _ENDING,  DONE_MARK),

    (_DONE,      Input.MORE,                  _DONE,    MORE_AFTER_END),
    (_DONE,      Input.MORE_UNOPENED,         _DONE,    CONTENT_AFTER_END),
    (_DONE,      Input.ERROR,                 _FAILED,  MORE_AFTER_END),
    (_DONE,      Input.DONE_MARK,             _DONE,    DONE_MARK),

    (_FAILED,    Input.MORE,                  _FAILED,  None),  # the SDKs have raised and read no further
    (_FAILED,    Input.MORE_UNOPENED,         _FAILED,  None),
    (_FAILED,    Input.ERROR,                 _FAILED,  None),
    (_FAILED,    Input.DONE_MARK,             _FAILED,  None),
))
# fmt: on


_OVER = (_DONE, _FAILED)


class Grammar:
    """Follows one stream. Each method takes one event and returns the rule that it breaks, None where it is legal.

    Attributes:
        started: whether message_start was seen.
        open: indexes of the open blocks, in the order in which they were opened (a set that keeps order).
        due: the index the next block must have.
    """

    def __init__(self) -> None:
        self.started = False
        self.open: dict[int, None] = {}
        self.due = 0
        self._machine = Machine(TABLE)
        self._closed: set[int] = set()
        self._may_restart = False

    @property
    def state(self) -> State:
        return self._machine.state

    @property
    def over(self) -> bool:
        """Whether the stream has ended, well or badly."""
        return self._machine.state in _OVER

    def take(self, given: Input) -> Rule | None:
        """Move on by an input that needs nothing of what came before."""
        return self._machine.take(given)

    def message_start(self) -> Rule | None:
        again, self.started = self.started, True
        # A relay that fails over starts anew, with block 0; one that repeats message_start goes on counting.
        if again and self.state is State.ENDING:
            self._closed.update(self.open)
            self.open.clear()
        self._may_restart = again and not self.open
        return self.take(Input.MESSAGE_START_AGAIN if again else Input.MESSAGE_START)

    def block_start(self, index: int, *, is_tool: bool) -> Rule | None:
        due, reused = self.due, 0 <= index < self.due and not is_tool
        is_due = index == due or (index == 0 and self._may_restart)
        if is_due and index == 0:
            self._closed.clear()
        self._may_restart = False
        self._closed.discard(index)
        self.open.pop(index, None)
        self.open[index] = None
        self.due = index + 1
        return self.take(Input.BLOCK_START if is_due else Input.BLOCK_START_REUSED if reused else Input.BLOCK_START_WRONG)

    def block_start_again(self) -> Rule | None:
        """The start of an open block once more; what is wrong with it is told at the end."""
        return self.take(Input.BLOCK_START_AGAIN)

    def delta_rising(self) -> Rule | None:
        """A delta of an open block under an index of its own."""
        return self.take(Input.DELTA_RISING)

    def delta(self, index: int) -> Rule | None:
        if index in self.open:
            return self.take(Input.DELTA if index == next(reversed(self.open)) else Input.DELTA_OLDER)
        return self.take(Input.DELTA_CLOSED if index in self._closed else Input.DELTA_UNOPENED)

    def block_stop(self, index: int) -> Rule | None:
        if index not in self.open:
            return self.take(Input.BLOCK_STOP_CLOSED if index in self._closed else Input.BLOCK_STOP_UNOPENED)
        newest = index == next(reversed(self.open))
        del self.open[index]
        self._closed.add(index)
        if not newest:
            return self.take(Input.BLOCK_STOP_OLDER)
        return self.take(Input.BLOCK_STOP_INNER if self.open else Input.BLOCK_STOP)
