"""Which keyring of the machine keys are kept in, what chose it, and sentences that are true of each where it can't be used."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from app.text.sentences import render, text_in_a_row
from app.text.visible import one_line

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

VARIABLE = "PYTHON_KEYRING_BACKEND"
# Windows takes 2560 bytes of UTF-16 for a secret (CRED_MAX_CREDENTIAL_BLOB_SIZE of wincred.h).
_OF_WINDOWS, _MOST_ON_WINDOWS = "keyring.backends.Windows.", 1280
_SAID_CHARACTERS, _NAME_CHARACTERS = 300, 100
_OF_SYSTEM = ("keyring.backends.",)  # those that ask the operating system, or the desktop's service
_SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
_NONE = ("keyring.backends.fail", "keyring.backends.null")
# How keyrings of keyrings.alt keep keys, by class; `Plaintext…` of any package is "plain", and the rest is not known.
_KEEPS = {
    "keyrings.alt.file.EncryptedKeyring": "encrypted",
    "keyrings.alt.Windows.EncryptedKeyring": "account",
    "keyrings.alt.Windows.RegistryKeyring": "registry",
    "keyrings.alt.Google.DocsKeyring": "remote",
    "keyrings.alt.Google.KeyczarDocsKeyring": "remote",
}

# Sentences by case. Each stands for itself, so that a language finds it whole.
_IN_MEMORY = "The key can be kept in memory until Diptych closes."
_TAKE_OUT = (
    "{file:if Take default-keyring out of it|Unset it where Diptych is started}, and the system's keyring is used where there"
    " is one."
)
_CHOSE = "{chosen:if {file:if The file {file}|The variable PYTHON_KEYRING_BACKEND} chose it.}"
_SENTENCES = {
    "none": ("This machine has no keyring that Diptych can use.", _IN_MEMORY),
    "off": (
        "{file:if The file {file}|The variable PYTHON_KEYRING_BACKEND} turns keyrings off (it names {title}).",
        _TAKE_OUT,
        _IN_MEMORY,
    ),
    "empty": (
        "{file:if The file {file}|The variable PYTHON_KEYRING_BACKEND} chooses {title}, in which there is no keyring that"
        " Diptych can use.",
        _TAKE_OUT,
        _IN_MEMORY,
    ),
    "unfit": (
        "The only keyring here ({title}) {how:select plain=keeps keys in a file that anyone with your account can read"
        "|encrypted=keeps keys in an encrypted file and asks for its password on a terminal, which a window does not have"
        "|account=keeps keys in a file that is encrypted for your Windows account|registry=keeps keys in the Windows registry"
        "|remote=keeps keys in a document on another machine|is not one of the operating system's}: Diptych does not use it.",
        _IN_MEMORY,
    ),
    "unfit_chosen": (
        "{file:if The file {file}|The variable PYTHON_KEYRING_BACKEND} chooses the keyring {title}, which {how:select"
        " plain=keeps keys in a file that anyone with your account can read"
        "|encrypted=keeps keys in an encrypted file and asks for its password on a terminal, which a window does not have"
        "|account=keeps keys in a file that is encrypted for your Windows account|registry=keeps keys in the Windows registry"
        "|remote=keeps keys in a document on another machine|is not one of the operating system's}: Diptych does not use it.",
        _TAKE_OUT,
        _IN_MEMORY,
    ),
    "not_loaded": (
        "{file:if The file {file}|The variable PYTHON_KEYRING_BACKEND} {title:if names a keyring that can't be used here:"
        " {title:quoted} ({said})|is to name a keyring, and names none: its value is empty}.",
        _TAKE_OUT,
        _IN_MEMORY,
    ),
    "unreadable": (
        "The file {file}, which may name a keyring, can't be read ({said}), and so no keyring is found.",
        "Correct it or take it away, and the system's keyring is used where there is one.",
        _IN_MEMORY,
    ),
    "locked": ("{title:if The keyring {title}|The system's keyring} is locked, and was not unlocked.", _CHOSE),
    "failed": ("{title:if The keyring {title}|The system's keyring} does not work ({said}).", _CHOSE),
    "too_long": (
        "Windows keeps a key of at most {most:grouped} characters, and this one has {count:grouped}: it can't be saved there.",
        _IN_MEMORY,
    ),
    "forgot": (
        "{title:if The keyring {title}|The keyring} took the key but does not give it back: it was not saved.",
        _CHOSE,
    ),
}

Reason = Literal["none", "plain", "locked", "failed"]


class KeyStoreUnavailable(Exception):  # noqa: N818
    """The keyring can't be used. The text is a sentence for the user; `reason` tells the cases apart.

    `reason` is "none" (no keyring on this machine, or they are turned off), "plain" (only one that keeps keys where Diptych
    does not, such as plain files), "locked", or "failed".
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence


class Choice(msgspec.Struct, frozen=True):
    """What chose the keyring: `name` as it is written there, and the `file` it stands in, "" for the variable."""

    name: str
    file: str = ""


def choice() -> Choice | None:
    """What chooses the keyring, in the order in which keyring 25.7.0 looks; None where keyring takes what it finds."""
    if (named := os.environ.get(VARIABLE)) is not None:
        return Choice(named[:_NAME_CHARACTERS])
    import configparser  # not at the window's start, which asks no keyring

    path = _config_file()
    config = configparser.RawConfigParser()
    with suppress(OSError, ValueError, configparser.Error):
        config.read(path, encoding="utf-8")
        return Choice(config.get("backend", "default-keyring").strip()[:_NAME_CHARACTERS], str(path))
    return None


def _config_file() -> Path:
    from keyring.util import platform_

    return Path(platform_.config_root()) / "keyringrc.cfg"


def choose_backend() -> KeyringBackend:
    """The keyring that the machine offers, unless it keeps keys in files or forgets what it is told.

    Raises KeyStoreUnavailable.

    WORKAROUND: keyring 25.7.0 takes what it finds, plain files and its null keyring too, and its chain of several writes into
    the first: one is chosen from the chain.
    """
    import keyring

    try:
        chosen = keyring.get_keyring()
    except Exception as error:  # of whatever kind the class that was named raises when it is imported, or made
        said, file = words_of(error), _config_file()
        if (chooser := choice()) is None:
            import configparser

            if isinstance(error, configparser.Error | UnicodeDecodeError) and file.exists():
                raise KeyStoreUnavailable("failed", _said("unreadable", chooser=Choice("", str(file)), said=said)) from None
            raise
        raise KeyStoreUnavailable("failed", _said("not_loaded", chooser.name, chooser, said)) from None
    chained = getattr(chosen, "backends", None)
    candidates: list[KeyringBackend] = [chosen] if chained is None else list(chained)
    for backend in candidates:
        if not _is_none(backend) and not how_kept(backend):
            return backend
    raise _unfit(chosen, next(filter(how_kept, candidates), None))


def holds_nothing_yet(backend: KeyringBackend) -> bool:
    """Whether it is the Secret Service, and has no default collection to look into: saving creates that, and asks the user.

    WORKAROUND: keyring 25.7.0 creates it wherever it only looks for a password, too.
    """
    if title(backend) != _SECRET_SERVICE or hasattr(backend, "preferred_collection"):
        return False
    import secretstorage

    with closing(secretstorage.dbus_init()) as connection:
        try:
            secretstorage.Collection(connection)
        except secretstorage.ItemNotFoundException:
            return True
    return False


def loadable_backends() -> list[str]:
    """The modules of the keyrings that keyring announces (`keyring.backends` of its entry points) and that can be imported.

    Whether the machine has the service that one speaks to is another matter: see `choose_backend`.
    """
    from importlib.metadata import entry_points

    found = []
    for point in entry_points(group="keyring.backends"):
        with suppress(Exception):  # of whatever kind the import of a foreign package raises
            point.load()
            found.append(point.name)
    return sorted(found)


def _unfit(chosen: KeyringBackend, unfit: KeyringBackend | None) -> KeyStoreUnavailable:
    chooser = choice()
    if unfit is not None:
        named = "unfit_chosen" if chooser and unfit is chosen else "unfit"
        return KeyStoreUnavailable("plain", _said(named, title(unfit), chooser, how=how_kept(unfit)))
    if chooser is None:
        return no_keyring()
    return KeyStoreUnavailable("none", _said("off" if _is_none(chosen) else "empty", title(chosen), chooser))


def no_keyring() -> KeyStoreUnavailable:
    """There is none on this machine."""
    return KeyStoreUnavailable("none", _said("none"))


def trouble(what: Literal["locked", "failed", "forgot"], backend: KeyringBackend | None, said: str = "") -> KeyStoreUnavailable:
    """A keyring that was asked and is locked, failed with `said`, or forgot what it was told; None: none was chosen yet."""
    foreign = backend is not None and not title(backend).startswith(_OF_SYSTEM)
    sentence = _said(what, title(backend) if backend is not None and foreign else "", choice() if foreign else None, said)
    return KeyStoreUnavailable("locked" if what == "locked" else "failed", sentence)


def why_too_long(key: str, backend: KeyringBackend) -> str:
    """The sentence where a keyring can't keep a key for its length; "" where it can."""
    count = len(key.encode("utf-16-le", "surrogatepass")) // 2
    if not title(backend).startswith(_OF_WINDOWS) or count <= _MOST_ON_WINDOWS:
        return ""
    return _said("too_long", count=count, most=_MOST_ON_WINDOWS)


def words_of(error: Exception, masked: Callable[[str], str] = lambda words: words) -> str:
    """An exception's class and words, `masked` before they are cut, in one line."""
    return one_line(" ".join(masked(f"{type(error).__name__}: {error}").split()), _SAID_CHARACTERS).rstrip(":.")


def title(backend: KeyringBackend) -> str:
    """A keyring's class, as one writes it to choose it."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def how_kept(backend: KeyringBackend) -> str:
    """Where a keyring that Diptych does not use keeps keys; "" for one that it uses."""
    name = title(backend)
    if "plaintext" in name.lower():
        return "plain"
    return _KEEPS.get(name, "unknown" if name.startswith("keyrings.alt") else "")


def _is_none(backend: KeyringBackend) -> bool:
    return type(backend).__module__ in _NONE


def _said(what: str, name: str = "", chooser: Choice | None = None, said: str = "", how: str = "", **more: object) -> str:
    file = chooser.file if chooser else ""
    fields = {"title": name, "file": file, "chosen": chooser is not None, "said": said, "how": how, **more}
    return text_in_a_row(render(template, fields) for template in _SENTENCES[what])
