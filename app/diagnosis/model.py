"""What a diagnosis is made of: its sentences, a change to try, and one row of the table of rules."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from app.diagnosis.facts import Context, Facts
from app.diagnosis.other_paths import told
from app.recording.records import Asked

__all__ = ["Action", "Context", "Diagnosis", "ProfileChange", "Rule"]


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


class Diagnosis(msgspec.Struct, frozen=True):
    """Why an exchange did not complete and what to do, in plain sentences.

    `vendor_message` is the endpoint's own text, "" where it said nothing; `action` is None where no changed field would help;
    `rule` names the row of the table that spoke; `asked` is what Diptych asked the same address besides, to know. `again_s` is
    how long after the answer the endpoint wants to be asked again, in seconds; None where it does not say, or where asking
    again would not help.
    """

    cause: str
    fix: str
    vendor_message: str = ""
    action: ProfileChange | None = None
    rule: str = ""
    again_s: float | None = None
    asked: tuple[Asked, ...] = ()

    @property
    def told(self) -> str:
        """What was asked besides, as sentences; "" where nothing was."""
        return told(self.asked)


Action = Callable[[Facts], ProfileChange | None]


class Rule(msgspec.Struct, frozen=True):
    """One row: `when` looks at the facts, `cause` and `fix` are templates over them (`{f.host}`)."""

    name: str
    when: Callable[[Facts], object]
    cause: str
    fix: str
    action: Action | None = None
