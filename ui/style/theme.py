"""Colours, fonts and the one style sheet, light and dark, following the system or as chosen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetrics, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

import resources
from ui.style.style_sheet import SHEET

Mode = Literal["system", "light", "dark"]
TEXT_PERCENTS = (80, 90, 100, 110, 125, 150, 175, 200)


class Colors(msgspec.Struct, frozen=True):
    """The colours of one scheme, as `#rrggbb`. `ink` is the one strong action.

    `a` and `b` mean the two sides everywhere: they are for areas, `a` for the ring around what has the keyboard as well;
    letters are in `a_text` and `b_text`. `border` parts cards and rows, `edge` is around what can be used: fields, buttons,
    handles. `faint` is what can't be used now. `a_connect` and `a_wait` are on the axis: until the request was out, and what
    the endpoint took. `value` is for figures and words of JSON, and means nothing else.
    """

    window: str
    surface: str
    sunken: str
    border: str
    edge: str
    hover: str
    text: str
    muted: str
    faint: str
    ink: str
    on_ink: str
    select: str
    a: str
    b: str
    a_text: str
    b_text: str
    on_side: str
    ok: str
    warn: str
    bad: str
    ok_tint: str
    warn_tint: str
    bad_tint: str
    note_tint: str
    a_wait: str
    b_wait: str
    a_connect: str
    b_connect: str
    value: str

    def color(self, role: str) -> QColor:
        return QColor(getattr(self, role))


LIGHT = Colors(
    window="#f3f5f8", surface="#ffffff", sunken="#f7f8fa", border="#dde1e7", edge="#858d9a", hover="#eef1f5",
    text="#171a20", muted="#606875", faint="#a3a9b3", ink="#171a20", on_ink="#ffffff", select="#e6edf6",
    a="#0072b2", b="#d55e00", a_text="#0069a5", b_text="#ad4a00", on_side="#ffffff",
    ok="#14773b", warn="#8a5a00", bad="#bb1f1f",
    ok_tint="#e6f4ea", warn_tint="#f6efdd", bad_tint="#fae4e4", note_tint="#eef1f5",
    a_wait="#d3e7f3", b_wait="#f9e0cf", a_connect="#7fb8d8", b_connect="#eaae80",
    value="#7a3e9d",
)  # fmt: skip
DARK = Colors(
    window="#15171b", surface="#1d2026", sunken="#21252b", border="#343941", edge="#6b7280", hover="#282c34",
    text="#eceef2", muted="#9aa2af", faint="#5d646f", ink="#eceef2", on_ink="#15171b", select="#2b3442",
    a="#56b4e9", b="#f5914b", a_text="#56b4e9", b_text="#f5914b", on_side="#15171b",
    ok="#4bc88a", warn="#e5b448", bad="#ff7b76",
    ok_tint="#1f3529", warn_tint="#38321f", bad_tint="#402628", note_tint="#282c34",
    a_wait="#233f51", b_wait="#4a3121", a_connect="#37769b", b_connect="#9c6238",
    value="#c9a4e8",
)  # fmt: skip


# Which palette was read, and what it says: it is asked for at each text that is painted.
_seen: tuple[int, Colors] = (-1, LIGHT)


def colors() -> Colors:
    """The colours in use, read off the application's palette."""
    global _seen
    palette = QGuiApplication.palette()
    which = palette.cacheKey()
    if which != _seen[0]:
        _seen = which, DARK if palette.color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT
    return _seen[1]


def application_arguments(program: str) -> list[str]:
    """What a QApplication is made with, so that it has the style our style sheet is written for.

    WORKAROUND: Qt reads it off the command line, since `QApplication.setStyle` hands out a QStyle, and PySide6 6.11.3 makes all
    its enumerations for it: 40 ms before the first picture.
    """
    return [program, "-style", "fusion"]


class Theme(QObject):
    """Applies a scheme to the application and follows the system's. The application was made with `application_arguments`.

    Signals:
        changed: emitted after the colour scheme changed.
    """

    changed = Signal()

    def __init__(self, app: QApplication, mode: Mode = "system", text_percent: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._mode: Mode = mode
        self._text_percent = round(_text_scale * 100)  # of the application's font: a theme before this one may have scaled it
        self._has_sheet = False
        self._blink_ms = 1_000
        self._moved: list[Qt.UIEffect] = []
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)
        self.set_mode(mode)
        self.set_text_percent(text_percent)

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Take a scheme, or the system's from now on."""
        self._mode = mode
        scheme = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}[mode]
        self._app.styleHints().setColorScheme(scheme)
        self._apply()

    # -- size of text -----------------------------------------------------------------------------------------------------

    @property
    def text_percent(self) -> int:
        """The size of text, in percent of the system's."""
        return self._text_percent

    def set_text_percent(self, percent: int) -> None:
        """Take another size, the nearest that there is: for the whole window, what is painted as well as what is laid out."""
        global _text_scale
        percent = min(TEXT_PERCENTS, key=lambda one: abs(one - percent))
        if percent == self._text_percent:
            return
        ratio, self._text_percent, _text_scale = percent / self._text_percent, percent, percent / 100
        size_pt = round(self._app.font().pointSizeF() * ratio, 3)
        made = QFont(self._app.font())
        made.setPointSizeF(size_pt)
        # Those that have a font of their own keep it whatever the application's is.
        own = [
            (widget, round(widget.font().pointSizeF() * ratio, 3))
            for widget in self._app.allWidgets()
            if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont) and widget.font().pointSizeF() > 0
        ]
        self._app.setFont(made)
        for widget, size_pt in own:
            scaled = QFont(widget.font())
            scaled.setPointSizeF(size_pt)
            widget.setFont(scaled)
            # WORKAROUND: Qt 6.11 keeps a widget's own font from when a style sheet first polished it, in this property, and
            # takes that again each time it polishes it.
            widget.setProperty("_q_styleSheetWidgetFont", scaled)
        self._apply()

    def step_text(self, steps: int) -> int:
        """So many sizes larger, or smaller where negative; the percentage that it is then."""
        place = TEXT_PERCENTS.index(self._text_percent) + steps
        self.set_text_percent(TEXT_PERCENTS[min(max(place, 0), len(TEXT_PERCENTS) - 1)])
        return self._text_percent

    # -- motion -----------------------------------------------------------------------------------------------------------

    def set_reduced_motion(self, reduced: bool) -> None:
        """Let nothing blink, slide or fade that Qt animates; what counts while it waits asks `reduces_motion`."""
        global _reduced_motion
        if reduced == _reduced_motion:
            return
        _reduced_motion = reduced
        effects = (
            Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip,
            Qt.UIEffect.UI_FadeTooltip, Qt.UIEffect.UI_AnimateToolBox,
        )  # fmt: skip
        if reduced:
            self._moved = [one for one in effects if self._app.isEffectEnabled(one)]
            self._blink_ms = self._app.cursorFlashTime()
        for effect in self._moved:
            self._app.setEffectEnabled(effect, not reduced)
        self._app.setCursorFlashTime(0 if reduced else self._blink_ms)

    def _on_scheme_changed(self) -> None:
        self._apply()

    def _chosen(self) -> Colors:
        found = DARK if self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
        return {"light": LIGHT, "dark": DARK}.get(self._mode, found)

    def _apply(self) -> None:
        chosen = self._chosen()
        if self._has_sheet:
            # WORKAROUND: where Qt 6.11 puts one sheet in another's place, it polishes each widget once more for each of those
            # that it lies in, eight times in our window; where it puts one in the place of none, once.
            self._app.setStyleSheet("")
        self._app.setPalette(_palette(chosen))
        if self._has_sheet:
            self._app.setStyleSheet(style_sheet(chosen))
        self.changed.emit()

    def apply_style_sheet(self) -> None:
        """Apply the style sheet from now on: a window is polished once when it is built, not at each step of its building.

        Where the application has this very sheet, of a window before, its widgets were polished with it as they were made:
        again at each step that puts a part into another, which takes longer than all the rest of the building.
        """
        self._has_sheet = True
        if self._app.styleSheet() != style_sheet(self._chosen()):
            self._apply()


def _palette(c: Colors) -> QPalette:
    palette = QPalette(c.color("window"))
    role = QPalette.ColorRole
    pairs = {
        role.Window: c.window, role.WindowText: c.text, role.Base: c.surface, role.AlternateBase: c.sunken, role.Text: c.text,
        role.Button: c.surface, role.ButtonText: c.text, role.PlaceholderText: c.muted, role.Highlight: c.select,
        role.HighlightedText: c.text, role.ToolTipBase: c.surface, role.ToolTipText: c.text, role.Link: c.a, role.Mid: c.border,
        role.Light: c.surface, role.Dark: c.border, role.Accent: c.a, role.BrightText: c.bad,
    }  # fmt: skip
    for where, color in pairs.items():
        palette.setColor(where, QColor(color))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, c.color("muted"))
    return palette


_reduced_motion = False


def reduces_motion() -> bool:
    """Whether the user asked for less that moves. Qt 6.11 does not tell the desktop's own setting."""
    return _reduced_motion


_text_scale = 1.0


def text_scale() -> float:
    """The size of text that the user chose, 1 for the system's; `font` and `mono_font` have it already."""
    return _text_scale


# -- fonts ---------------------------------------------------------------------------------------------------------------


def changes_fonts(event: QEvent) -> bool:
    """Whether a widget's `changeEvent` may be one after which fonts that it made itself are of another size."""
    return event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange, QEvent.Type.ApplicationFontChange)


_usual = QFont()  # the application's font that those are made of; to compare it is much quicker than to ask for its key
_made: dict[object, QFont] = {}  # asked for some 250 times before the first picture, and at each text that is painted


def _kept(which: object, make: Callable[[QFont], QFont]) -> QFont:
    """A font of its own, copied from the one that was made for the same question and the same font of the application."""
    global _usual
    usual = QApplication.font()
    if usual != _usual:
        _made.clear()
        _usual = usual
    if (made := _made.get(which)) is None:
        made = _made[which] = make(usual)
    return QFont(made)


def font(scale: float = 1.0, *, bold: bool = False, tabular: bool = True) -> QFont:
    """The system's font, scaled; figures of one width unless `tabular` is False."""

    def make(usual: QFont) -> QFont:
        made = QFont(usual)
        made.setPointSizeF(usual.pointSizeF() * scale)
        if bold:
            made.setWeight(QFont.Weight.DemiBold)
        if tabular:
            made.setFeature(QFont.Tag("tnum"), 1)
        return made

    return _kept((scale, bold, tabular), make)


def mono_font(scale: float = 0.95) -> QFont:
    """The system's fixed font, for bytes only."""

    def make(usual: QFont) -> QFont:
        made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        if len(usual.families()) > 1:  # fonts for what it lacks itself
            made.setFamilies([QFontInfo(made).family(), *usual.families()[1:]])
        made.setPointSizeF(usual.pointSizeF() * scale)
        made.setStyleHint(QFont.StyleHint.Monospace)
        return made

    return _kept(scale, make)


# -- the style sheet -------------------------------------------------------------------------------------------------------


def style_sheet(c: Colors) -> str:
    """The application's one style sheet in these colours."""
    scheme = "dark" if c is DARK else "light"
    chevron, check = icon_path(f"chevron_{scheme}"), icon_path(f"check_{scheme}")
    line = QFontMetrics(QApplication.font()).height()  # what a button's text needs: Qt lets it shrink to what the sheet says
    return SHEET.substitute(
        msgspec.structs.asdict(c),
        chevron=chevron,
        check=check,
        small_pt=round(QApplication.font().pointSizeF() * 0.88, 1),
        tall=max(20, line),
        low=max(16, line),
    )


def icon_path(name: str) -> str:
    """The file of an icon, as Qt takes it."""
    return (Path(resources.__path__[0]) / "icons" / f"{name}.svg").as_posix()
