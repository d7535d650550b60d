"""What the next session is set to: whom to ask, which model, for which client, which checks, and what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from random import SystemRandom
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.asking.prices import prices_by_side
from app.checks.estimate import Estimate, as_caps, estimate
from app.checks.judging import Plan
from app.checks.registry import all_checks, checks_for
from app.clients.table import official, table
from app.protocols.registry import protocol_ids
from app.text.sentences import message, render, tr
from ui.checks.filter_row import Offer
from ui.shared.session_setup import SessionSetup
from ui.shared.sides import NAMES

if TYPE_CHECKING:
    from app.checks.check import Check
    from app.recording.records import SideName
    from app.store.profiles import Profile
    from ui.checks.top_row import TopRow
    from ui.checks.verdict_card import VerdictCard
    from ui.shared.services import Services

SAVED_IN: Mapping[SideName, tuple[str, ...]] = {"a": ("checked_a", "side_a"), "b": ("checked_b", "side_b")}
ALONE = message("none: B alone")
USD, TOKENS = message("at most $"), message("at most tokens")


class Setup(SessionSetup):
    """Reads and fills the top row.

    Attributes:
        opt_in: the checks that cost much and are asked for.
    """

    def __init__(self, services: Services, top: TopRow, card: VerdictCard, parent: QObject | None = None) -> None:
        super().__init__(services, top.places, parent, saved_in=SAVED_IN, nones={"a": tr(ALONE)})
        self._top, self._card = top, card
        self._cap_typed, self._cap_in_usd = False, True
        self._clients_of = ""
        self.opt_in: set[str] = set()
        a = services.settings.checked_a
        if a.model and a.model != services.settings.checked_b.model:
            top.same.setChecked(False)
        top.same_toggled.connect(lambda _: self._on_changed())
        top.client_chosen.connect(self._on_client)
        card.cap_edited.connect(self._on_cap)
        self._on_changed()

    # -- what is set --------------------------------------------------------------------------------------------------

    @property
    def asked(self) -> dict[SideName, tuple[Profile, str]]:
        """The sides that are asked, with their models; those without an endpoint are not among them."""
        chosen = {name: (self.sides.profile(name), self._places[name].row.model) for name in NAMES}
        return {name: (profile, model) for name, (profile, model) in chosen.items() if profile is not None}

    @property
    def against(self) -> bool:
        """Whether there is a control."""
        return not self.sides.is_none("a")

    @property
    def protocols(self) -> dict[SideName, str]:
        return {name: profile.protocol for name, (profile, _) in self.asked.items()}

    @property
    def checks(self) -> tuple[Check, ...]:
        """Those that the next session asks."""
        return checks_for(self.protocols.values() or protocol_ids()[:1], opt_in=self.opt_in)

    @property
    def offers(self) -> list[Offer]:
        """The checks that are off until they are asked for."""
        spoken = list(self.protocols.values())
        sides = max(1, len(spoken))
        return [
            Offer(one.id, render(one.title, {}), one.cost.tokens * sides, one.id in self.opt_in)
            for one in all_checks()
            if one.opt_in and all(one.speaks(each) for each in spoken)
        ]

    @property
    def estimate(self) -> Estimate:
        """What the next session sends at most."""
        return estimate(self.checks, prices_by_side(self.asked, self.prices))

    def plan(self) -> Plan:
        """The next session, its random numbers drawn now."""
        cap_usd, cap_tokens = as_caps(self._card.cap.value() if self.has_cap else None, in_usd=self._caps_usd)
        return Plan(
            tuple(one.id for one in self.checks),
            SystemRandom().getrandbits(32),
            self.protocols,
            {name: model for name, (_, model) in self.asked.items()},
            self._top.client,
            cap_usd=cap_usd,
            cap_tokens=cap_tokens,
        )

    @property
    def has_cap(self) -> bool:
        """Whether there is a cap to speak of: what costs nothing has only one that the user typed."""
        return self._cap_typed or not self.estimate.free

    @property
    def problem(self) -> str:
        """Why nothing can be sent for want of a sound cap; "" where it is one."""
        return tr("{fault}.", fault=self._card.cap.fault) if self._card.cap.fault else ""

    @property
    def key(self) -> tuple[object, ...]:
        """What verdicts depend on: where it is another, they are on something else."""
        sides = {name: (profile.uid, model) for name, (profile, model) in self.asked.items()}
        return tuple(sorted(sides.items())), self._top.client

    # -- what changes it ----------------------------------------------------------------------------------------------

    def toggle(self, check: str, on: bool) -> None:
        """Ask for a check that costs much, or not."""
        self.opt_in = self.opt_in | {check} if on else self.opt_in - {check}
        self._on_changed()

    def _on_changed(self) -> None:
        if self.sides.frozen:
            return
        self._share_model()
        self._show_clients()
        self._show_cap()
        self.changed.emit()

    def _share_model(self) -> None:
        """Where both sides are asked for one model it is that of B."""
        a, b = self._top.a.row, self._top.b.row
        self._top.same.setVisible(self.against)
        if self._top.same.isChecked() and self.against and a.model != b.model:
            a.set_model(b.model)
            self.sides.check_model("a")

    def show_clients(self) -> None:
        """Offer the clients anew: others were shown meanwhile."""
        self._clients_of = ""
        self._on_changed()

    def _show_clients(self) -> None:
        profile = self.sides.profile("b")
        protocol = profile.protocol if profile is not None else ""
        if profile is None or protocol == self._clients_of:
            return
        self._clients_of = protocol
        sdk = official(protocol)
        clients = sorted(table().speaking(protocol), key=lambda one: one.name != sdk)
        known = {one.name for one in clients}
        wanted = (self._services.settings.check_client, profile.client, sdk)
        chosen = next((one for one in wanted if one in known), "")
        self._top.show_clients([(one.name, one.title) for one in clients], chosen)

    def _on_client(self, name: str) -> None:
        self._services.save_settings(check_client=name)
        self._on_changed()

    @property
    def _caps_usd(self) -> bool:
        return self.estimate.usd is not None

    def _on_cap(self) -> None:
        self._cap_typed = True
        self.changed.emit()

    def _show_cap(self) -> None:
        """A cap that fits, unless the user has typed one in the same unit."""
        in_usd = self._caps_usd
        if self._cap_typed and self._cap_in_usd is in_usd:
            return
        self._cap_typed, self._cap_in_usd = False, in_usd
        self._card.set_cap_shown(self.has_cap, self.cap_unit)
        self._card.cap.setText(self.estimate.fitting_cap_text(in_usd=in_usd))

    @property
    def cap_unit(self) -> str:
        return tr(USD if self._caps_usd else TOKENS)
