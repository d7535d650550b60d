"""What a diagnosis is made of: its sentences, a change to try, and one row of the table of rules."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import msgspec

from app.diagnosis.facts import Context, Facts
from app.diagnosis.other_paths import told
from app.recording.records import Asked

__all__ = ["Action", "Change", "Context", "Diagnosis", "ProfileChange", "Rule", "When"]


class ProfileChange(msgspec.Struct, frozen=True):
    """A change that a button can apply before it runs again.

    `field` is a field of the profile (`base_url`, `auth`, `protocol`, `model`, `anthropic_version`, `anthropic_beta`, `proxy`,
    `limits.first_byte_s` and its like), or `headers` (`value` is `NAME=VALUE`; `NAME=` takes the header out), or one of the
    request (`max_tokens`, `stream`), or `key`, which has no value: the user is asked for it. `label` is the button's text.
    With a `protocol` may come the `base_url` at which it is spoken, "" where only the usual one of the same host is known.
    """

    field: str
    value: str | int | float | bool
    label: str
    base_url: str = ""


class Action(StrEnum):
    """What a window can offer beside a change. Those of a rule stand in the order of the buttons."""

    CHOOSE_MODEL = "choose_model"
    EDIT_ENDPOINT = "edit_endpoint"
    RUN_AGAIN = "run_again"
    RUN_LATER = "run_later"  # run again, and not before the time that the endpoint asks for, where it does
    ENTER_KEY = "enter_key"


Change = Callable[[Facts], ProfileChange | None]


class When(NamedTuple):
    """An action that a rule recommends only where `holds`."""

    action: Action
    holds: Callable[[Facts], object]


class Diagnosis(msgspec.Struct, frozen=True):
    """Why an exchange did not complete and what to do, in plain sentences.

    `vendor_message` is the endpoint's own text, "" where it said nothing; `change` is None where no changed field would help;
    `actions` are what else helps. `rule` names the row of the table that spoke; `asked` is what Diptych asked the same address
    besides, to know. `again_s` is how long after the answer the endpoint wants to be asked again, in seconds; None where it
    does not say, or where asking again would not help.
    """

    cause: str
    fix: str
    vendor_message: str = ""
    change: ProfileChange | None = None
    rule: str = ""
    actions: tuple[Action, ...] = ()
    again_s: float | None = None
    asked: tuple[Asked, ...] = ()

    @property
    def told(self) -> str:
        """What was asked besides, as sentences; "" where nothing was."""
        return told(self.asked)

    @property
    def wants_key(self) -> bool:
        """Whether to enter a key is what helps."""
        return Action.ENTER_KEY in self.actions


class Rule(msgspec.Struct, frozen=True):
    """One row: `when` looks at the facts, `cause` and `fix` are templates over them (`{f.host}`).

    `change` is the change of the profile that helps, `actions` what helps where it can't be offered, or besides.
    """

    name: str
    when: Callable[[Facts], object]
    cause: str
    fix: str
    change: Change | None = None
    actions: tuple[Action | When, ...] = ()

    def actions_for(self, facts: Facts) -> tuple[Action, ...]:
        """The actions that help here."""
        held = (one for one in self.actions if isinstance(one, Action) or one.holds(facts))
        return tuple(one if isinstance(one, Action) else one.action for one in held)
