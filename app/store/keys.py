"""Keys: kept in the system's keyring, or in memory by choice. Never in a file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from app.secrets.key_text import mask_key
from app.store.backends import (
    KeyStoreUnavailable,
    choose_backend,
    holds_nothing_yet,
    no_keyring,
    trouble,
    why_too_long,
    words_of,
)

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = ["SERVICE", "KeyStatus", "KeyStore", "KeyStoreUnavailable"]

SERVICE = "Diptych"

KeyStatus = Literal["saved", "memory", "missing"]
T = TypeVar("T")


class KeyStore:
    """Keys by profile uid.

    The calls block (the keyring may ask the user to unlock it): a window uses `aget`, `aset`, `adelete`, `alook`.
    `keyring` is imported at the first of them. In memory mode the keyring is not touched, and what is kept is gone when
    the process ends.
    """

    def __init__(self) -> None:
        self._memory: dict[str, str] = {}
        self._in_memory = False
        self._backend: KeyringBackend | None = None

    @property
    def in_memory(self) -> bool:
        """Whether keys are kept in memory, by `use_memory`."""
        return self._in_memory

    def use_memory(self) -> None:
        """From now on keep keys in memory until Diptych closes. Only ever called because the user chose it."""
        self._in_memory = True

    def use_keyring(self) -> None:
        """Back to the keyring. Keys kept in memory stay there until the end, and are still found."""
        self._in_memory = False

    def get(self, uid: str) -> str | None:
        """The key, None where there is none. Raises KeyStoreUnavailable."""
        if uid in self._memory or self._in_memory:
            return self._memory.get(uid)
        return self._ask(lambda backend: _find(backend, uid)) or None

    def set(self, uid: str, key: str) -> None:
        """Keep the key. Raises KeyStoreUnavailable, also where the keyring took it and does not give it back."""
        if self._in_memory:
            self._memory[uid] = key
            return
        self._ask(lambda backend: _put(backend, uid, key), key)
        if self._ask(lambda backend: _find(backend, uid), key) != key:
            raise trouble("forgot", self._backend)
        self._memory.pop(uid, None)

    def why_too_long(self, key: str) -> str:
        """A sentence where the keyring can't keep so long a key; "" where it can, or is not known yet. Does not block."""
        return why_too_long(key, self._backend) if self._backend is not None and not self._in_memory else ""

    def keep(self, uid: str, key: str) -> None:
        """Keep the key in memory until Diptych closes, whatever the mode; it is found before the keyring's. Does not block."""
        self._memory[uid] = key

    def delete(self, uid: str) -> bool:
        """Forget the key; whether there was one. Raises KeyStoreUnavailable."""
        kept = self._memory.pop(uid, None) is not None
        if self._in_memory:
            return kept
        if self._ask(lambda backend: _find(backend, uid)) is None:
            return kept
        self._ask(lambda backend: backend.delete_password(SERVICE, uid))
        return True

    def look(self, uid: str) -> tuple[KeyStatus, str]:
        """Where the key is, and how it looks masked, "" without one. Raises KeyStoreUnavailable."""
        key = self.get(uid)
        if not key:
            return "missing", ""
        return "memory" if uid in self._memory else "saved", mask_key(key)

    async def aget(self, uid: str) -> str | None:
        """`get` in a thread of its own."""
        return await _off_thread(lambda: self.get(uid))

    async def aset(self, uid: str, key: str) -> None:
        """`set` in a thread of its own."""
        await _off_thread(lambda: self.set(uid, key))

    async def adelete(self, uid: str) -> bool:
        """`delete` in a thread of its own."""
        return await _off_thread(lambda: self.delete(uid))

    async def alook(self, uid: str) -> tuple[KeyStatus, str]:
        """`look` in a thread of its own."""
        return await _off_thread(lambda: self.look(uid))

    def _ask(self, question: Callable[[KeyringBackend], T], key: str = "") -> T:
        """Call the keyring; whatever it raises becomes a sentence, without `key`."""
        import keyring.errors

        try:
            if self._backend is None:
                self._backend = choose_backend()
            return question(self._backend)
        except KeyStoreUnavailable:
            raise
        except keyring.errors.NoKeyringError:
            raise no_keyring() from None
        except keyring.errors.KeyringLocked:
            raise trouble("locked", self._backend) from None
        except Exception as error:  # backends raise types of their own (jeepney, secretstorage, pywintypes, OSError)
            said = words_of(error, lambda words: words.replace(key, mask_key(key)) if key else words)
            raise trouble("failed", self._backend, said) from None


def _find(backend: KeyringBackend, uid: str) -> str | None:
    """The key, None where there is none. Looking does not create a keyring where the machine has none yet."""
    return None if holds_nothing_yet(backend) else backend.get_password(SERVICE, uid)


def _put(backend: KeyringBackend, uid: str, key: str) -> None:
    """Nothing of a key that is too long reaches the keyring, whose own words would be a code of Windows'."""
    if sentence := why_too_long(key, backend):
        raise KeyStoreUnavailable("failed", sentence)
    backend.set_password(SERVICE, uid, key)


async def _off_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a thread of its own.

    WORKAROUND: Python 3.11 to 3.13 waits for an executor's threads before it ends, and a keyring that waits for a password
    nobody types would then keep a closed Diptych alive.
    """
    loop = asyncio.get_running_loop()
    done: asyncio.Future[None] = loop.create_future()
    answer = _Answer[T]()

    def settle() -> None:
        if not done.done():  # else it was cancelled meanwhile
            done.set_result(None)

    def run() -> None:
        try:
            answer.value = work()
        except BaseException as error:  # carried over to the coroutine that waits, whatever it is
            answer.error = error
        try:
            loop.call_soon_threadsafe(settle)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            return

    threading.Thread(target=run, name="diptych-keyring", daemon=True).start()
    await done
    if answer.error is not None:
        raise answer.error
    return answer.value


class _Answer(Generic[T]):
    """A box for what a thread found out: at DEBUG a loop logs the arguments of callbacks and the results of futures."""

    value: T
    error: BaseException | None = None
