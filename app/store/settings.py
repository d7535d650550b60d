"""What the window remembers between starts, in settings.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from app.recording.body import BODY_LIMIT_BYTES
from app.store.files import TomlFile, config_folder
from app.store.history.place import DEFAULT_LIMIT_BYTES, DEFAULT_LIMIT_RUNS

VERSION = 1
HEADING = "What Diptych's window remembers. Safe to delete."

Theme = Literal["system", "light", "dark"]
Percent = Annotated[int, msgspec.Meta(ge=50, le=300)]
PositiveInt = Annotated[int, msgspec.Meta(ge=1)]


class SavedSide(msgspec.Struct, frozen=True):
    """What a side was set to: a profile's `uid` and the model. Empty: nothing chosen yet."""

    profile: str = ""
    model: str = ""


class Watch(msgspec.Struct, frozen=True):
    """The drift sentinel that asks while the window is open (`app.trend.watching`): `b`, beside `a` where that is not empty.

    Attributes:
        on: it was wanted, and not stopped. every_s: how often. cap_usd: what the rounds of a day may cost, 0: no cap.
        why: what stopped it by itself, a `StopReason`; "" for the user, or nothing.
        last_utc: when the last round began, ISO 8601 with its zone; "" before the first.
        day, spent_usd: what that day's rounds cost (on this machine's clock).
    """

    on: bool = False
    a: SavedSide = SavedSide()
    b: SavedSide = SavedSide()
    every_s: Annotated[int, msgspec.Meta(ge=600)] = 21_600
    cap_usd: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    why: str = ""
    last_utc: str = ""
    day: str = ""
    spent_usd: float = 0.0


class Settings(msgspec.Struct, frozen=True):
    """All settings. `window_geometry` is what Qt gave, as base64.

    `body_bytes` limits one side's body (as it came and decoded), `journal_bytes` all journal files together; `keep_runs` keeps
    a finished run's journal, and the run in the history, which `history_bytes` and `history_runs` limit. `ask_other_paths`: a
    run that finds nothing at its address asks others of the same origin.
    `reduce_motion`: nothing blinks or slides, and what waits counts whole seconds. `notify`: the desktop tells when long work
    has ended out of sight.

    `request` is what was asked last, as JSON (`app.scenarios.Plan`), `prompts` what was sent, the newest first.

    `page` is the title of the page that the window was closed with, `layouts` what each page keeps of how it was turned and
    moved, by its title.

    `language` is the code of the language that the user chose (`app.text.languages`), "" for the system's.

    `text_percent` is the size of the window's text, of the system's.

    `seen_version` is the version of Diptych whose window was shown last, "" before the first.

    `checked_a`, `checked_b`: the same of the Checks page, empty for those of Compare. `check_client`: the client by name, ""
    for the endpoint's own; `my_client` is that of Compare. `studied_a`, `studied_b`: the sides of the Study page, empty for
    those of Compare; `loaded_a`, `loaded_b`: those of its loads, empty for those of its pairs.
    """

    theme: Theme = "system"
    language: str = ""
    text_percent: Percent = 100
    seen_version: str = ""
    side_a: SavedSide = SavedSide()
    side_b: SavedSide = SavedSide()
    request: str = ""
    prompts: tuple[str, ...] = ()
    checked_a: SavedSide = SavedSide()
    checked_b: SavedSide = SavedSide()
    check_client: str = ""
    my_client: str = ""
    studied_a: SavedSide = SavedSide()
    studied_b: SavedSide = SavedSide()
    loaded_a: SavedSide = SavedSide()
    loaded_b: SavedSide = SavedSide()
    window_geometry: str = ""
    page: str = ""
    layouts: dict[str, dict[str, int | str]] = {}
    body_bytes: PositiveInt = BODY_LIMIT_BYTES
    journal_bytes: PositiveInt = 2 << 30
    history_bytes: PositiveInt = DEFAULT_LIMIT_BYTES
    history_runs: PositiveInt = DEFAULT_LIMIT_RUNS
    keep_runs: bool = True
    ask_other_paths: bool = True
    reduce_motion: bool = False
    notify: bool = True
    watch: Watch = Watch()


class SettingsStore:
    """The settings file.

    A field of a wrong type takes its default, and the file is set aside; fields we do not know are written back.

    Attributes:
        problem: a sentence for the user, or "".
    """

    def __init__(self, path: Path | None = None) -> None:
        self._file = TomlFile(path or config_folder() / "settings.toml", VERSION, HEADING)
        self._unknown: dict[str, object] = {}

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def problem(self) -> str:
        return self._file.problem

    def load(self) -> Settings:
        """The settings as they are on the disk; defaults where there is no file. Never raises."""
        table = self._file.read()
        self._unknown = {name: value for name, value in table.items() if name not in Settings.__struct_fields__}
        good, bad = {}, []
        for name in Settings.__struct_fields__:
            if name in table:
                try:
                    msgspec.convert({name: table[name]}, Settings)
                    good[name] = table[name]
                except msgspec.ValidationError as error:
                    bad.append(str(error))
        if bad:
            self._file.reject(bad[0])
        return msgspec.convert(good, Settings)

    def change(self, settings: Settings, **changes: object) -> Settings:
        """Write changed fields, and give all settings as they are then. Raises StoreError.

        The others are those of the file by now: another window may have changed them. Where it is gone or broken, those of
        `settings` are written.
        """
        with self._file.locked():
            if self._file.changed():
                settings = self._as_written(settings)
            changed = msgspec.structs.replace(settings, **changes)
            self._file.write({**self._unknown, **msgspec.to_builtins(changed)})
        return changed

    def _as_written(self, settings: Settings) -> Settings:
        unknown, written = self._unknown, self.load()
        if self.problem or not self.path.exists():
            self._unknown = unknown
            return settings
        return written
