"""What a diagnosis is made of: its sentences, what helps, and one row of the table of rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import NamedTuple

import msgspec

from app.diagnosis.asked import in_lines
from app.diagnosis.context import Context
from app.diagnosis.facts import Facts
from app.protocols.registry import title
from app.recording.records import Asked
from app.text.sentences import fields_of, render

__all__ = ["Action", "Change", "Context", "Diagnosis", "ProfileChange", "Rule", "When"]


class ProfileChange(msgspec.Struct, frozen=True):
    """A change that a button can apply before it runs again.

    `field` is a field of the profile (`base_url`, `auth`, `protocol`, `model`, `anthropic_version`, `anthropic_beta`, `proxy`,
    `limits.first_byte_s` and its like), or `headers` (`value` is `NAME=VALUE`; `NAME=` takes the header out), or one of the
    request (`max_tokens`, `stream`), or `key`, which has no value: the user is asked for it. `template` is the button's text,
    with the fields `value` and `title` (of a protocol). With a `protocol` may come the `base_url` at which it is spoken, ""
    where only the usual one of the same host is known.
    """

    field: str
    value: str | int | float | bool
    template: str
    base_url: str = ""

    @property
    def label(self) -> str:
        """The button's text."""
        return render(self.template, self._fields)

    @property
    def label_and_run(self) -> str:
        """The text of a button that applies the change and runs again."""
        return render("{label} and run again", {"label": self.label})

    @property
    def _fields(self) -> Mapping[str, object]:
        return {"value": self.value, "title": title(str(self.value))}


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


class Rule(msgspec.Struct, frozen=True):
    """One row: `when` looks at the facts, `cause` and `fix` are templates with the fields of `app.diagnosis.fields`.

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


class Diagnosis(msgspec.Struct, frozen=True):
    """Why an exchange did not complete and what to do. Its sentences are made when they are asked for.

    `row` is the row of the table that spoke, `fields` what its templates name. `vendor_message` is the endpoint's own text, ""
    where it said nothing; `change` is None where no changed field would help; `actions` are what else helps. `asked` is what
    Diptych asked the same address besides, to know. `again_s` is how long after the answer the endpoint wants to be asked
    again, in seconds; None where it does not say, or where asking again would not help: `actions` hold RUN_LATER where it says.
    """

    row: Rule
    fields: Mapping[str, object] = {}
    vendor_message: str = ""
    change: ProfileChange | None = None
    actions: tuple[Action, ...] = ()
    again_s: float | None = None
    asked: tuple[Asked, ...] = ()

    @property
    def rule(self) -> str:
        """The name of the row."""
        return self.row.name

    @property
    def cause(self) -> str:
        """Why, in plain sentences."""
        return render(self.row.cause, self.fields)

    @property
    def fix(self) -> str:
        """What to do, in plain sentences."""
        return render(self.row.fix, self.fields)

    @property
    def fix_beside_countdown(self) -> str:
        """What to do, where a button beside it counts down to when it can be tried again; "" where that is all."""
        if not self.again_s:
            return self.fix
        return render(
            self.row.fix, {**self.fields, **dict.fromkeys({"again", "opens"} & self.fields.keys(), "counted")}
        ).strip()

    @property
    def asked_lines(self) -> tuple[str, ...]:
        """What was asked besides: a line in short, and one each; () where nothing was."""
        return in_lines(self.asked)

    @property
    def quotes_all(self) -> bool:
        """Whether the cause holds the endpoint's own text, and all of it."""
        return "message" in fields_of(self.row.cause) and self.fields["message"] == self.vendor_message

    @property
    def wants_key(self) -> bool:
        """Whether to enter a key is what helps."""
        return Action.ENTER_KEY in self.actions
