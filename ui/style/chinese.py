"""Fonts for Chinese: those that write it as it is written in China before others that have its characters too."""

from __future__ import annotations

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo
from PySide6.QtWidgets import QApplication

FAMILIES = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC")
"""Latin letters and figures stay the system's own font's; where none of these is there, Qt takes what it finds."""

_own: list[str] = []  # what the system's font was called before

# In both languages, since who reads only Chinese may see no character of it.
NO_FONT = "No font for Chinese · 没有中文字体"
INSTALL = (
    "No font on this system has Chinese characters, so boxes stand in their place. Install one and start Diptych again: "
    "fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora), noto-fonts-cjk (Arch).\n\n"
    "系统中没有含中文字符的字体，因此显示为方框。请安装后重新启动 Diptych："
    "fonts-noto-cjk（Debian、Ubuntu）、google-noto-sans-cjk-fonts（Fedora）、noto-fonts-cjk（Arch）。"
)


def prefer_chinese(preferred: bool) -> None:
    """Write what the system's own font lacks in one of `FAMILIES`, or (False) in whatever Qt takes."""
    usual = QApplication.font()
    if preferred is (usual.families()[1:] == list(FAMILIES)):
        return
    made = QFont(usual)
    if preferred:
        _own[:] = usual.families()
        # By its own name: what only stands for it ("Sans Serif") would make room for the next, in Latin too.
        made.setFamilies([QFontInfo(usual).family(), *FAMILIES])
    else:
        made.setFamilies(_own)
    QApplication.setFont(made)


def lacks_chinese() -> bool:
    """Whether no font here has the characters."""
    return not QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
