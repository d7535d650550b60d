"""What Qt itself says (the buttons of its dialogs, a text field's menu), how it writes numbers, and fonts, by the language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.text.languages import ENGLISH
from ui.style.chinese import prefer_chinese

_installed: list[QTranslator] = []


def speak(code: str) -> None:
    """From now on; what is shown already stays as it is. English is what Qt says where nothing is installed."""
    while _installed:
        QCoreApplication.removeTranslator(_installed.pop())
    prefer_chinese(code == "zh_CN")
    if code == ENGLISH:
        QLocale.setDefault(QLocale.system())
        return
    QLocale.setDefault(QLocale(code))
    words = QTranslator()
    if words.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(words)
        _installed.append(words)
