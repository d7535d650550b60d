"""Where each endpoint's key is: looked up off the window's thread, changed, and fetched when a request is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Literal

import msgspec
from PySide6.QtCore import QObject, Signal

from app.secrets.key_text import clean_key
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.text.sentences import message, tr

if TYPE_CHECKING:
    from pathlib import Path

    from app.asking.environment import Offer
    from app.store.profiles import Profile
    from ui.shared.tasks import Tasks

KeyKind = Literal["saved", "memory", "environment", "not needed", "missing", "unavailable", "unknown"]
_WORDS: dict[KeyKind, str] = {
    "saved": message("key saved"), "memory": message("key in memory"), "not needed": message("no key needed"),
    "missing": message("no key"), "unavailable": message("no key"), "unknown": message("looking for the key…"),
}  # fmt: skip


class KeyState(msgspec.Struct, frozen=True):
    """Where a profile's key comes from.

    `masked` is how it looks, "" without one; `variable` the environment's that it is taken from; `trouble` a sentence on why
    the keyring can't be read.
    """

    kind: KeyKind = "unknown"
    masked: str = ""
    variable: str = ""
    trouble: str = ""

    @property
    def is_there(self) -> bool:
        """Whether a key will be sent."""
        return self.kind in ("saved", "memory", "environment")

    @property
    def is_lacking(self) -> bool:
        """Whether it is known that none can be sent where one is needed."""
        return self.kind in ("missing", "unavailable")

    @property
    def words(self) -> str:
        """The state in two or three words."""
        return tr("key from {variable}", variable=self.variable) if self.kind == "environment" else tr(_WORDS[self.kind])


UNKNOWN = KeyState()


class Environment(msgspec.Struct, frozen=True):
    """Where keys and addresses are offered from; a value is fetched only when it is chosen."""

    offers: Callable[[], list[Offer]]
    value_of: Callable[[Offer], str | None]


def own_environment() -> Environment:
    """The variables of this process, and a `.env` file beside it."""

    def offers() -> list[Offer]:
        from app.asking import environment  # reads .env: not before somebody asks

        return environment.offers()

    def value_of(offer: Offer) -> str | None:
        from app.asking import environment

        return environment.value_of(offer)

    return Environment(offers, value_of)


class KeyStates(QObject):
    """The states by the profile's uid. No key stays here, only its mask.

    Signals:
        state_changed: more is known of the key of this uid, or it is another one.
        key_changed: another key, or none, is sent for this uid from now on.
        failed: (uid, sentence): a key could not be saved or removed.
    """

    state_changed = Signal(str)
    key_changed = Signal(str)
    failed = Signal(str, str)

    def __init__(
        self, store: KeyStore, tasks: Tasks, environment: Environment | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._tasks = store, tasks
        self._environment = environment or own_environment()
        self._states: dict[str, KeyState] = {}
        self._looking: Counter[str] = Counter()  # how many look-ups have not ended, by uid
        self._begun = 0  # look-ups so far
        self._told: dict[str, int] = {}  # which of them told last, by uid
        self._chosen: dict[str, Offer] = {}

    def take_over(self, before: KeyStates) -> None:
        """Know what another knows, and take from the environment what was chosen there."""
        self._environment = before._environment
        self._states, self._chosen = dict(before._states), dict(before._chosen)

    # -- what is known ------------------------------------------------------------------------------------------------

    def state(self, profile: Profile) -> KeyState:
        """What is known now; what is not is looked up, and `state_changed` tells."""
        if not profile.needs_key:
            return KeyState("not needed")
        if (offer := self._chosen.get(profile.uid)) is not None:
            return KeyState("environment", offer.masked, offer.variable)
        if profile.uid not in self._states:
            self.look_up([profile])
        return self._states.get(profile.uid, UNKNOWN)

    def look_up(self, profiles: Iterable[Profile]) -> None:
        """Ask the keyring anew for these, but for those that need no key or are being looked up."""
        self._start([one.uid for one in profiles if one.needs_key and not self._looking[one.uid]])

    async def wait_for(self, profile: Profile) -> None:
        """Until it is known where the key is."""
        if self.state(profile).kind == "unknown" or self._looking[profile.uid]:
            await self._look_up(profile.uid)

    def _start(self, uids: list[str], *, another: bool = False) -> None:
        self._looking.update(uids)
        self._tasks.start(self._look_up_all(uids, another))

    async def _look_up_all(self, uids: list[str], another: bool) -> None:
        for uid in uids:
            await self._look_up(uid, another=another)
            self._looking[uid] -= 1

    async def _look_up(self, uid: str, *, another: bool = False) -> None:
        """`another`: the key was changed, which is told even where it looks as the one before did.

        Each has a thread of its own: one that began before a key was kept, and waited for the keyring, may end after the one
        that found it, and tells nothing then.
        """
        self._begun += 1
        number = self._begun
        try:
            status, masked = await self._store.alook(uid)
        except KeyStoreUnavailable as error:
            state = KeyState("unavailable", trouble=error.sentence)
        else:
            state = KeyState(status, masked)
        if number < self._told.get(uid, 0):
            return
        self._told[uid] = number
        if another or self._states.get(uid) != state:
            self._states[uid] = state
            self.state_changed.emit(uid)

    async def key_for(self, profile: Profile) -> str:
        """The key to send now, "" where there is none. Raises KeyStoreUnavailable."""
        if not profile.needs_key:
            return ""
        if (offer := self._chosen.get(profile.uid)) is not None:
            return clean_key(self._environment.value_of(offer) or "").key
        return await self._store.aget(profile.uid) or ""

    # -- other keys ---------------------------------------------------------------------------------------------------

    def keep(self, uid: str, key: str) -> None:
        """Keep a key until Diptych closes."""
        self._store.keep(uid, clean_key(key).key)
        self.renew(uid)

    def save(self, uid: str, key: str) -> None:
        """Have a key saved; `failed` says where that did not work."""
        self._tasks.start(self._save(uid, clean_key(key).key))

    async def _save(self, uid: str, key: str) -> None:
        try:
            await self._store.aset(uid, key)
        except KeyStoreUnavailable as error:
            self.failed.emit(uid, error.sentence)
            return
        self.renew(uid)

    def remove(self, uid: str) -> None:
        """Have a key deleted; `failed` says where that did not work."""
        self._tasks.start(self.delete(uid))

    async def delete(self, uid: str) -> None:
        """Delete a key. A machine without a keyring has nothing to delete there."""
        try:
            await self._store.adelete(uid)
        except KeyStoreUnavailable as error:
            if error.reason not in ("none", "plain"):
                self.failed.emit(uid, tr("The key could not be removed. {why}", why=error.sentence))
                return
        self.renew(uid)

    def renew(self, uid: str) -> None:
        """The store has another key now, or none: look it up; what was known stays until then."""
        self._chosen.pop(uid, None)
        self._start([uid], another=True)
        self.key_changed.emit(uid)

    # -- what the environment offers ----------------------------------------------------------------------------------

    def offers(self, profile: Profile, file: Path | None = None) -> list[Offer]:
        """Keys and addresses for a profile's protocol, of a file where one is given. Nothing is taken from there unasked."""
        from app.asking.environment import offers_in

        return [one for one in (self._environment.offers() if file is None else offers_in(file)) if one.suits(profile.protocol)]

    def value_of(self, offer: Offer) -> str:
        """The value of an offer that was chosen, "" where it is gone."""
        return self._environment.value_of(offer) or ""

    def use_offer(self, profile: Profile, offer: Offer) -> None:
        """Read the key from the environment at each request, until Diptych closes; chosen by the user."""
        self._chosen[profile.uid] = offer
        self.state_changed.emit(profile.uid)
        self.key_changed.emit(profile.uid)
