"""Keys: a real Secret Service, machines without one, keyrings that can't be trusted, memory; how keys are cleaned."""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from app.secrets.key_text import clean_key, mask_key
from app.store.keys import KeyStore, KeyStoreUnavailable
from app.text.languages import ENGLISH, use_language
from app.text.numbers import THIN
from tests.forked import can_fork, in_fork

CANARY = "sk-canary-ÄÖ-0123456789abcdef"
ROOT = Path(__file__).parents[2]

# Runs steps like ["set", "uid", "key"] given as JSON on standard input, prints each answer as a line of JSON.
CHILD = """
import asyncio, json, sys
from app.store.keys import KeyStore, KeyStoreUnavailable
store = KeyStore()
assert "keyring" not in sys.modules
for name, *arguments in json.load(sys.stdin):
    try:
        step = getattr(store, name)
        answer = step(*arguments)
        answer = asyncio.run(answer) if asyncio.iscoroutine(answer) else answer
    except KeyStoreUnavailable as error:
        answer = {"reason": error.reason, "sentence": error.sentence}
    print(json.dumps(answer))
"""

# A keyring in a module of its own, chosen by PYTHON_KEYRING_BACKEND.
BACKENDS = """
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

class Plaintext(KeyringBackend):
    priority = 1
    def get_password(self, service, username): raise AssertionError("asked")
    set_password = delete_password = get_password

class Forgetful(KeyringBackend):
    priority = 1
    def get_password(self, service, username): return None
    def set_password(self, service, username, password): pass
    def delete_password(self, service, username): pass

class Locked(KeyringBackend):
    priority = 1
    def get_password(self, *arguments): raise KeyringLocked("locked")
    set_password = delete_password = get_password

class Chatty(KeyringBackend):
    priority = 1
    def get_password(self, *arguments): raise ZeroDivisionError(f"refused {arguments}")
    set_password = delete_password = get_password

class WinVaultKeyring(KeyringBackend):
    priority = 1
    kept = {}
    def get_password(self, service, username): return self.kept.get(username)
    def set_password(self, service, username, password):
        if len(password.encode("utf-16-le")) > 2560:
            raise OSError(1783, "The stub received bad data.")
        self.kept[username] = password
    def delete_password(self, service, username): del self.kept[username]

WinVaultKeyring.__module__ = "keyring.backends.Windows"
"""


# Stands where keyrings.alt does, which keeps keys in files of several kinds.
OF_KEYRINGS_ALT = """
from backends_for_test import Plaintext

class PlaintextKeyring(Plaintext): pass
class EncryptedKeyring(Plaintext): pass
class Newer(Plaintext): pass
"""


def child_environment(tmp_path: Path, backend: str = "") -> dict[str, str]:
    """An environment in which no keyring, configuration or session of the user can be reached."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (tmp_path / "backends_for_test.py").write_text(BACKENDS)
    (tmp_path / "keyrings" / "alt").mkdir(parents=True, exist_ok=True)
    (tmp_path / "keyrings" / "alt" / "__init__.py").touch()
    (tmp_path / "keyrings" / "alt" / "file.py").write_text(OF_KEYRINGS_ALT)
    places = {
        name: str(tmp_path) for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DIPTYCH_CONFIG_DIR")
    }
    chosen = {"PYTHON_KEYRING_BACKEND": backend} if backend else {}
    return {
        **kept,
        **places,
        **chosen,
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)]),
        "PYTHONUTF8": "1",
    }


def answers_of_process(command: list[str], environment: dict[str, str], steps: list[list[str]]) -> list[object]:
    done = subprocess.run(
        command, input=json.dumps(steps), env=environment, capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    assert done.returncode == 0, done.stderr
    return _answers(done.stdout, done.stderr)


def answers(environment: dict[str, str], steps: list[list[str]]) -> list[object]:
    """Of a process that imports keyring for the first time, as keyring looks at the variable then."""
    if not can_fork():
        return answers_of_process([sys.executable, "-c", CHILD], environment, steps)
    return _answers(*in_fork(lambda: _printed(environment["HOME"], steps), environment))


def _printed(folder: str, steps: list[list[str]]) -> tuple[str, str]:
    """In a fork: what CHILD prints there, and its errors. The folder has keyrings to import."""
    use_language(ENGLISH)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("keyring", "keyrings", "backends_for_test")]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    sys.stdin = io.StringIO(json.dumps(steps))
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as errors:
        exec(CHILD, {})
    return out.getvalue(), errors.getvalue()


def _answers(out: str, errors: str) -> list[object]:
    assert CANARY not in errors
    return [json.loads(line) for line in out.splitlines()]


def ask(tmp_path: Path, backend: str, *steps: list[str]) -> list[object]:
    return answers(child_environment(tmp_path, backend), list(steps))


needs_secret_service = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="dbus-run-session and gnome-keyring-daemon are not installed",
)


@needs_secret_service
def test_looking_creates_no_keyring(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    start = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1"
    command = ["dbus-run-session", "--", "sh", "-c", f'{start}; exec "$0" "$1"', sys.executable, str(script)]
    steps = [["look", "uid"], ["get", "uid"], ["delete", "uid"], ["set", "uid", CANARY], ["look", "uid"]]
    *looked, saved, last = answers_of_process(command, child_environment(tmp_path), steps)
    assert [*looked, last] == [["missing", ""], None, False, ["missing", ""]]
    assert isinstance(saved, dict)  # it asked, and nobody answers here
    assert "Failed to create the collection" in saved["sentence"]


@needs_secret_service
def test_a_real_secret_service(tmp_path: Path) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    unlock = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    command = ["dbus-run-session", "--", "sh", "-c", f'{unlock}; exec "$0" "$1"', sys.executable, str(script)]
    steps = [
        ["look", "uid"],
        ["get", "uid"],
        ["set", "uid", CANARY],
        ["look", "uid"],
        ["get", "uid"],
        ["aset", "uid", CANARY + "2"],
        ["aget", "uid"],
        ["get", "other"],
        ["adelete", "uid"],
        ["delete", "uid"],
        ["alook", "uid"],
    ]
    got = answers_of_process(command, child_environment(tmp_path), steps)
    none, saved = ["missing", ""], ["saved", mask_key(CANARY)]
    assert got == [none, None, None, saved, CANARY, None, CANARY + "2", None, True, False, none]
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not any(CANARY.encode() in content for content in written)


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_no_keyring_then_memory(tmp_path: Path, backend: str) -> None:
    first, *rest = ask(
        tmp_path,
        backend,
        ["set", "u", CANARY],
        ["use_memory"],
        ["set", "u", CANARY],
        ["get", "u"],
        ["look", "u"],
        ["delete", "u"],
        ["look", "u"],
    )
    assert isinstance(first, dict)
    assert first["reason"] == "none"
    assert "memory" in first["sentence"]
    assert rest == [None, None, CANARY, ["memory", mask_key(CANARY)], True, ["missing", ""]]
    kept = {path.name for path in tmp_path.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert kept == {"backends_for_test.py", "__init__.py", "file.py"}
    assert "PYTHON_KEYRING_BACKEND turns keyrings off" in first["sentence"]
    assert backend in first["sentence"]


@pytest.mark.parametrize(
    ("backend", "reason", "said"),
    [
        ("backends_for_test.Plaintext", "plain", "Plaintext, which keeps keys in a file that anyone"),
        ("keyrings.alt.file.PlaintextKeyring", "plain", "which keeps keys in a file that anyone with your account can read"),
        ("keyrings.alt.file.EncryptedKeyring", "plain", "which keeps keys in an encrypted file and asks for its password"),
        ("keyrings.alt.file.Newer", "plain", "which is not one of the operating system's"),
        ("keyring.backends.chainer.ChainerBackend", "none", "ChainerBackend, in which there is no keyring that Diptych"),
        ("backends_for_test.Forgetful", "failed", "The keyring backends_for_test.Forgetful took the key but does not give it"),
        ("backends_for_test.Locked", "locked", "The keyring backends_for_test.Locked is locked"),
        ("backends_for_test.Chatty", "failed", "Chatty does not work (ZeroDivisionError"),
        ("no_such_module.Keyring", "failed", "can't be used here: “no_such_module.Keyring” (ModuleNotFoundError"),
        ("backends_for_test.Missing", "failed", "can't be used here: “backends_for_test.Missing” (AttributeError"),
        ("nonsense", "failed", "can't be used here: “nonsense” (ValueError"),
    ],
)
@pytest.mark.parametrize("chooser", ["PYTHON_KEYRING_BACKEND", "keyringrc.cfg"])
def test_keyrings_that_can_not_be_used(tmp_path: Path, backend: str, reason: str, said: str, chooser: str) -> None:
    environment = child_environment(tmp_path, backend if chooser.isupper() else "")
    if not chooser.isupper():
        if sys.platform != "linux":
            pytest.skip("keyring keeps its configuration elsewhere")
        folder = tmp_path / "python_keyring"
        folder.mkdir()
        (folder / chooser).write_text(f"[backend]\ndefault-keyring={backend}\n")
    (answer,) = answers(environment, [["set", "u", CANARY]])
    assert isinstance(answer, dict)
    assert answer["reason"] == reason
    assert said in answer["sentence"]
    assert chooser in answer["sentence"]
    assert CANARY not in answer["sentence"]


@pytest.mark.skipif(sys.platform != "linux", reason="keyring keeps its configuration elsewhere")
@pytest.mark.parametrize("content", [b"default-keyring=keyring.backends.null.Keyring\n", b"\xff\xfe[backend]"])
def test_a_configuration_that_can_not_be_read_is_the_cause(tmp_path: Path, content: bytes) -> None:
    environment = child_environment(tmp_path)
    file = tmp_path / "python_keyring" / "keyringrc.cfg"
    file.parent.mkdir()
    file.write_bytes(content)
    (answer,) = answers(environment, [["get", "u"]])
    assert isinstance(answer, dict)
    assert answer["reason"] == "failed"
    assert answer["sentence"].startswith(f"The file {file}, which may name a keyring, can't be read (")
    assert "\n" not in answer["sentence"]


def test_an_empty_variable_is_told_as_empty(tmp_path: Path) -> None:
    environment = {**child_environment(tmp_path), "PYTHON_KEYRING_BACKEND": ""}
    (answer,) = answers(environment, [["get", "u"]])
    assert isinstance(answer, dict)
    assert "PYTHON_KEYRING_BACKEND is to name a keyring, and names none: its value is empty." in answer["sentence"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a keyring")
def test_windows_takes_no_key_of_more_than_1280_characters(tmp_path: Path) -> None:
    longest, longer, in_pairs = "k" * 1280, "k" * 1281, "\U0001d11e" * 641
    steps = [["why_too_long", longer], ["set", "uid", longest], ["why_too_long", longer], ["why_too_long", longest]]
    steps += [["set", "uid", longer], ["set", "uid", in_pairs], ["get", "uid"], ["keep", "uid", longer], ["get", "uid"]]
    got = ask(tmp_path, "backends_for_test.WinVaultKeyring", *steps)
    said = f"Windows keeps a key of at most 1{THIN}280 characters, and this one has 1{THIN}281: it can't be saved there."
    said += " The key can be kept in memory until Diptych closes."
    assert got[:5] == ["", None, said, "", {"reason": "failed", "sentence": said}]
    assert f"has 1{THIN}282:" in str(got[5])
    assert got[6:] == [longest, None, longer]


def test_no_keyring_and_nothing_that_chose_it(tmp_path: Path) -> None:
    (answer,) = ask(tmp_path, "", ["get", "u"])
    assert isinstance(answer, dict)
    assert answer == {
        "reason": "none",
        "sentence": "This machine has no keyring that Diptych can use. The key can be kept in memory until Diptych closes.",
    }


async def test_a_keyring_that_waits_for_ever_holds_up_nobody() -> None:
    loop, asked, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    class Waiting(KeyStore):
        def get(self, uid: str) -> str | None:
            loop.call_soon_threadsafe(asked.set)
            go_on.wait()
            return "late"

    task = asyncio.create_task(Waiting().aget("u"))
    await asked.wait()
    (thread,) = [t for t in threading.enumerate() if t.name == "diptych-keyring"]
    assert thread.daemon
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await asyncio.to_thread(thread.join)


async def test_an_error_reaches_the_one_who_waits() -> None:
    class Broken(KeyStore):
        def get(self, uid: str) -> str | None:
            raise KeyStoreUnavailable("locked", "sentence")

    with pytest.raises(KeyStoreUnavailable, match="sentence"):
        await Broken().aget("u")


def test_a_key_in_memory_outlives_the_change_back() -> None:
    store = KeyStore()
    store.use_memory()
    store.set("u", "k")
    assert store.look("other") == ("missing", "")
    store.use_keyring()
    assert not store.in_memory
    assert (store.get("u"), store.look("u")) == ("k", ("memory", "••••"))


@pytest.mark.parametrize(
    ("key", "masked"),
    [
        ("sk-y7xUabcdefghijklmnop0h", "sk-y7xU••••0h"),
        ("sk-0123456789", "sk-••••89"),
        ("short-key-1", "••••"),
        ("", "••••"),
    ],
)
def test_masks(key: str, masked: str) -> None:
    assert mask_key(key) == masked


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("sk-abc_DEF-123", ""),
        ("  sk-abc_DEF-123\n", ""),
        ('"sk-abc_DEF-123"', "quotes"),
        ("“sk-abc_DEF-123”", "quotes"),
        ("sk-abc_\r\n  DEF-123", "spaces or line breaks"),
        ("sk-abc\u200b_DEF-123\ufeff", "invisible"),
        ("sk-abc\x00_DEF-123", "invisible"),
        ("ｓｋ－abc_DEF-123", "full-width"),
        ("sk-abc_DEF-123\u3000 ", ""),
        ("Bearer sk-abc_DEF-123", "Bearer"),
        ("Authorization: Bearer sk-abc_DEF-123", "Bearer"),
        ("x-api-key: sk-abc_DEF-123", "header"),
        ("export ANTHROPIC_API_KEY='sk-abc_DEF-123'", "variable"),
        ('OPENAI_API_KEY="sk-abc_DEF-123"', "variable"),
    ],
)
def test_pasted_keys_are_cleaned(pasted: str, said: str) -> None:
    clean = clean_key(pasted)
    assert clean.key == "sk-abc_DEF-123"
    assert said in clean.warning
    assert bool(said) == bool(clean.warning)
    assert "abc_DEF" not in clean.warning


def test_a_key_with_foreign_letters_is_warned_of() -> None:
    clean = clean_key("sk-аbc")  # a Cyrillic letter
    assert clean.key == "sk-аbc"
    assert "outside ASCII" in clean.warning


@pytest.mark.parametrize("key", ["eyJhbGciOi.eyJzdWIi.c2ln==", "abc=", "id:secret=="])
def test_keys_with_signs_in_them_stay_whole(key: str) -> None:
    assert clean_key(key).key == key


def test_one_key_kept_in_memory_asks_no_keyring(tmp_path: Path) -> None:
    steps = (["keep", "u", CANARY], ["get", "u"], ["look", "u"], ["look", "other"])
    *kept, other = ask(tmp_path, "keyring.backends.fail.Keyring", *steps)
    assert kept == [None, CANARY, ["memory", mask_key(CANARY)]]
    assert isinstance(other, dict)
    assert other["reason"] == "none"
