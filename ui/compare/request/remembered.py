"""What is remembered of the request from start to start, and the prompts that were sent last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from app.scenarios import Plan, Scenario, plan_from_ask
from app.secrets.key_text import mask_keys
from app.text.sentences import tr

if TYPE_CHECKING:
    from ui.compare.request.bar import RequestBar
    from ui.shared.picker import Picker
    from ui.shared.services import Services

MOST_PROMPTS = 50
LONGEST_PROMPT = 4_000  # characters; a longer one is no prompt that one looks for in a list
LONGEST_REQUEST = 200_000


def with_prompt(prompts: tuple[str, ...], prompt: str) -> tuple[str, ...]:
    """The prompts with this one in front, keys in it masked: newest first, each once, no more than `MOST_PROMPTS`."""
    text = mask_keys(prompt.strip())
    if not text or len(text) > LONGEST_PROMPT:
        return prompts
    return (text, *(one for one in prompts if one != text))[:MOST_PROMPTS]


def as_text(plan: Plan) -> str:
    """The request to be remembered: without attachments, without a body that has a member for a key, and with all other keys
    masked, wherever they were typed; "" where it is too long."""
    from app.secrets.names import body_secrets

    kept = msgspec.structs.replace(plan, attachments=(), body=b"" if body_secrets(plan.body) else plan.body)
    asked = msgspec.to_builtins(kept) | {"body": kept.body.decode("utf-8", "replace")}
    text = msgspec.json.encode(_without_keys(asked)).decode()
    return text if len(text) <= LONGEST_REQUEST else ""


def _without_keys(value: object) -> object:
    if isinstance(value, str):
        return mask_keys(value)
    if isinstance(value, dict):
        return {name: _without_keys(one) for name, one in value.items()}
    return [_without_keys(one) for one in value] if isinstance(value, list | tuple) else value


def from_text(text: str) -> Plan | None:
    """The request that was remembered; None where there is none, or none that we know."""
    try:
        ask = msgspec.json.decode(text.encode(), type=dict[str, object])
    except (msgspec.DecodeError, RecursionError):
        return None
    return plan_from_ask(ask)


class Remembered:
    """Restores the request at the start, keeps it, and offers the prompts of before."""

    def __init__(self, services: Services, bar: RequestBar) -> None:
        self._services, self._bar = services, bar
        self._picker: Picker | None = None
        if (plan := from_text(services.settings.request)) is not None:
            bar.show_plan(plan)
        bar.prompt.recent_wanted.connect(self.open_recent)
        self._touched = False
        bar.changed.connect(self._on_changed)
        self._show_button()

    @property
    def prompts(self) -> tuple[str, ...]:
        """Those that were sent last, the newest first."""
        return self._services.settings.prompts

    def changes(self, plan: Plan, *, sent: bool) -> dict[str, object]:
        """What the settings shall remember of a request; `sent`: it goes out now, and its prompt is a recent one."""
        changed: dict[str, object] = {"request": as_text(plan)}
        if sent and plan.scenario not in (Scenario.CONVERSATION, Scenario.CUSTOM):
            changed["prompts"] = with_prompt(self.prompts, plan.prompt)
        return changed

    def save(self) -> None:
        """Remember what is asked now, where anything of it was changed."""
        if not self._touched:
            return
        changes = self.changes(self._bar.plan, sent=False)
        if changes["request"] != self._services.settings.request:
            self._services.save_settings(**changes)

    def _on_changed(self) -> None:
        self._touched = True
        self._show_button()

    def note_sent(self) -> None:
        """Another prompt may have been sent."""
        self._show_button()

    def forget(self) -> None:
        """Forget all prompts."""
        self._services.save_settings(prompts=())
        self._show_button()

    def _show_button(self) -> None:
        self._bar.prompt.offer_recent(bool(self.prompts) and self._bar.prompt.isEnabled())

    def open_recent(self) -> None:
        """Offer the prompts of before below the prompt."""
        if not self.prompts or not self._bar.prompt.isEnabled():
            return
        from ui.shared.picker import Picker, PickRow

        if self._picker is None:
            forget = (tr("Forget all recent prompts"), self.forget)
            self._picker = Picker(tr("Recent prompts"), tr("Find a recent prompt"), self._bar, actions=(forget,))
            self._picker.chosen.connect(self._take)
        rows = [PickRow(" ".join(one.split()), value=one) for one in self.prompts]
        self._picker.open_below(self._bar.prompt, rows, self._bar.prompt.text())

    def _take(self, prompt: str) -> None:
        self._bar.prompt.setText(" ".join(prompt.split()))
        self._bar.prompt.setFocus()
