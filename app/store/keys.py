"""Keys: kept in the system's keyring, or in memory by choice. Never in a file."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar

from app.secrets.key_text import mask_key

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Diptych"

KeyStatus = Literal["saved", "memory", "missing"]
T = TypeVar("T")


class KeyStoreUnavailable(Exception):  # noqa: N818
    """The keyring can't be used. The text is a sentence for the user; `reason` tells the cases apart.

    `reason` is "none" (no keyring on this machine), "plain" (only one that writes plain files), "locked", or "failed".
    """

    def __init__(self, reason: Literal["none", "plain", "locked", "failed"], sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


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
        return self._ask(lambda backend: backend.get_password(SERVICE, uid)) or None

    def set(self, uid: str, key: str) -> None:
        """Keep the key. Raises KeyStoreUnavailable, also where the keyring took it and does not give it back."""
        if self._in_memory:
            self._memory[uid] = key
            return
        self._ask(lambda backend: backend.set_password(SERVICE, uid, key), key)
        if self._ask(lambda backend: backend.get_password(SERVICE, uid), key) != key:
            raise KeyStoreUnavailable("failed", "The keyring took the key but does not give it back: it was not saved.")
        self._memory.pop(uid, None)

    def keep(self, uid: str, key: str) -> None:
        """Keep the key in memory until Diptych closes, whatever the mode; it is found before the keyring's. Does not block."""
        self._memory[uid] = key

    def delete(self, uid: str) -> bool:
        """Forget the key; whether there was one. Raises KeyStoreUnavailable."""
        kept = self._memory.pop(uid, None) is not None
        if self._in_memory:
            return kept
        if self._ask(lambda backend: backend.get_password(SERVICE, uid)) is None:
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
                self._backend = _choose_backend()
            return question(self._backend)
        except KeyStoreUnavailable:
            raise
        except keyring.errors.NoKeyringError:
            raise _no_keyring() from None
        except keyring.errors.KeyringLocked:
            raise KeyStoreUnavailable("locked", "The system's keyring is locked, and was not unlocked.") from None
        except Exception as error:  # backends raise types of their own (jeepney, secretstorage, pywintypes, OSError)
            said = f"{type(error).__name__}: {error}"
            said = said.replace(key, mask_key(key)) if key else said
            raise KeyStoreUnavailable("failed", f"The system's keyring does not work ({said[:300]}).") from None


def _no_keyring() -> KeyStoreUnavailable:
    return KeyStoreUnavailable(
        "none", "This machine has no keyring that Diptych can use. The key can be kept in memory until Diptych closes."
    )


def _choose_backend() -> KeyringBackend:
    """The keyring that the machine offers, unless it writes plain files or forgets what it is told.

    WORKAROUND: keyring 25.7.0 takes what it finds, plain files and its null keyring too, and its chain of several writes into
    the first: one is chosen from the chain.
    """
    import keyring

    chosen = keyring.get_keyring()
    candidates: list[KeyringBackend] = list(getattr(chosen, "backends", None) or [chosen])
    for backend in candidates:
        if not _is_none(backend) and not _is_plain(backend):
            return backend
    if any(_is_plain(backend) for backend in candidates):
        raise KeyStoreUnavailable(
            "plain",
            f"The only keyring here ({_title(candidates[0])}) keeps keys in a file that anyone with your account can read: "
            "Diptych does not use it. The key can be kept in memory until Diptych closes.",
        )
    raise _no_keyring()


def _title(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def _is_none(backend: KeyringBackend) -> bool:
    return type(backend).__module__ in ("keyring.backends.fail", "keyring.backends.null")


def _is_plain(backend: KeyringBackend) -> bool:
    """keyrings.alt holds file keyrings only, and those of its classes that encrypt ask for a password on the terminal."""
    return type(backend).__module__.startswith("keyrings.alt") or "plaintext" in _title(backend).lower()


async def _off_thread(work: Callable[[], T]) -> T:
    """Run blocking work in a thread of its own.

    WORKAROUND: Python 3.11 to 3.13 waits for an executor's threads before it ends, and a keyring that waits for a password
    nobody types would then keep a closed Diptych alive.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():  # cancelled meanwhile
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # T itself may be optional

    def run() -> None:
        result, fault = None, None
        try:
            result = work()
        except BaseException as error:  # carried over to the coroutine that waits, whatever it is
            fault = error
        try:
            loop.call_soon_threadsafe(settle, result, fault)
        except RuntimeError:  # the loop was closed meanwhile: nobody waits any more
            return

    threading.Thread(target=run, name="diptych-keyring", daemon=True).start()
    return await future
