"""What Qt itself says (the buttons of its dialogs, a text field's menu), how it writes numbers, and fonts, by the language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.text.languages import ENGLISH
from ui.style.chinese import prefer_chinese

_installed: list[QTranslator] = []


class _Words(QTranslator):
    """Qt's words but for the keys' names, which stay as they stand on the keyboard and in our own sentences: Ctrl+Enter."""

    def translate(self, context: str, text: str, /, disambiguation: str | None = None, n: int = -1) -> str | None:
        if context == "QShortcut":
            return None
        return super().translate(context, text, disambiguation, n)


def speak(code: str) -> None:
    """From now on; what is shown already stays as it is. English is what Qt says where nothing is installed."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    prefer_chinese(code == "zh_CN")
    if code == ENGLISH:
        QLocale.setDefault(QLocale.system())
        return
    QLocale.setDefault(QLocale(code))
    words = _Words()
    if words.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(words)
        _installed.append(words)
