"""What a check is: its name, what it proves and costs, what it asks, and how what came is judged."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from enum import Enum, StrEnum, auto
from typing import TYPE_CHECKING, Any

import msgspec

from app.checks.judgement import Judgement
from app.checks.seen import Seen
from app.text.sentences import message

if TYPE_CHECKING:
    from app.checks.asker import Asker


class Group(StrEnum):
    """What a check is about, in the order in which they run."""

    REACH = "reach"
    AUTH = "auth"
    GATE = "gate"
    MINIMAL = "minimal"
    STREAMING = "streaming"
    TOOLS = "tools"
    CONTEXT = "context"
    PARAMETERS = "parameters"
    JSON_OUTPUT = "json"
    MODALITIES = "modalities"
    ADVANCED = "advanced"
    ERRORS = "errors"
    IDENTITY = "identity"
    CLIENT = "client"


GROUP_TITLES: dict[Group, str] = {
    Group.REACH: message("Reach"),
    Group.AUTH: message("Key"),
    Group.GATE: message("Gate"),
    Group.MINIMAL: message("Minimal"),
    Group.STREAMING: message("Streaming"),
    Group.TOOLS: message("Tools"),
    Group.CONTEXT: message("Context"),
    Group.PARAMETERS: message("Parameters"),
    Group.JSON_OUTPUT: message("JSON output"),
    Group.MODALITIES: message("Pictures and documents"),
    Group.ADVANCED: message("Advanced"),
    Group.ERRORS: message("Errors"),
    Group.IDENTITY: message("Identity"),
    Group.CLIENT: message("Client"),
}

# A check of these that fails breaks a client; one of the others costs it something.
BREAKING = frozenset({Group.REACH, Group.AUTH, Group.MINIMAL, Group.STREAMING, Group.TOOLS, Group.CONTEXT, Group.CLIENT})

# The checks that the others rest on, by their ids (`app.checks.catalogue.reach`, `gate`, `minimal`).
REACHED, ADMITTED, COMPLETES = "reached", "admitted", "completes"
_FOUNDATION: dict[Group, tuple[str, ...]] = {Group.REACH: (), Group.AUTH: (REACHED,), Group.GATE: (REACHED,)}


class Control(Enum):
    """What the other endpoint, the control, is to a check of this one."""

    NONE = auto()  # it is judged alone
    HELPS = auto()  # judged alone too; beside the control it says more
    NEEDED = auto()  # without it there is nothing to judge


class Cost(msgspec.Struct, frozen=True):
    """What a check costs one side at most: requests, and about how many tokens."""

    requests: int = 1
    input_tokens: int = 60
    output_tokens: int = 100

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


Ask = Callable[["Asker"], Coroutine[Any, Any, None]]
AskAcross = Callable[["Asker", "Asker"], Coroutine[Any, Any, None]]
Judge = Callable[[Seen], Judgement]


async def asks_nothing(_asker: Asker) -> None:
    """What a check asks that reads the exchanges of others."""


FREE = Cost(0, 0, 0)
EVERYTHING = "*"  # in `Check.reads`: all exchanges of the session, its steps named "check/step"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One check. It asks each side the same; what came is judged later, as often as one likes.

    Attributes:
        id: unique over all groups, in reports and files.
        title: a few words; `proves`: one sentence. Templates of `app.text.sentences` without fields.
        cost: of one side, at most.
        loss: what a client loses where it fails or differs, a clause of few words that begins small and has no full stop ("stop
            sequences do nothing"); "" for none but its title. A judge that knows better says it in `Judged.brief`.
        ask: sends the requests of one side, under the names of its steps. It never judges: it only asks on.
        steps: what each of its requests is, by the name of its step: a few words that begin small, messages
            without fields or phrases.
        across: asks when both sides have answered, where one's answer is needed to ask the other (control, subject).
        judge: a pure function of what was seen.
        control: what it needs of the other endpoint.
        protocols: those that it is for; empty for all.
        rests_on: the ids of checks without whose success it makes no sense; None for those of its group.
        reads: the ids of checks whose exchanges it judges, in place of asking by itself; empty where it asks.
            (EVERYTHING,) for those of all checks: it is judged when the others have ended.
        opt_in: it costs so much, or takes so long, that it is off until it is asked for.
    """

    id: str
    group: Group
    title: str
    proves: str
    loss: str = ""
    cost: Cost = Cost()
    ask: Ask = asks_nothing
    steps: Mapping[str, str] = {}
    judge: Judge
    across: AskAcross | None = None
    control: Control = Control.HELPS
    protocols: tuple[str, ...] = ()
    rests_on: tuple[str, ...] | None = None
    reads: tuple[str, ...] = ()
    opt_in: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the checks whose exchanges it judges: its own, or those that it reads."""
        return self.reads or (self.id,)

    @property
    def reads_all(self) -> bool:
        """Whether it judges the exchanges of all checks."""
        return EVERYTHING in self.reads

    def speaks(self, protocol_id: str) -> bool:
        """Whether it is for this protocol."""
        return not self.protocols or protocol_id in self.protocols

    @property
    def foundation(self) -> tuple[str, ...]:
        """The ids of the checks that it rests on."""
        if self.rests_on is not None:
            return self.rests_on
        if self.id == COMPLETES:
            return (ADMITTED,)
        return _FOUNDATION.get(self.group, (COMPLETES,))
