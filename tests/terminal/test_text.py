"""Words to the terminal."""

from __future__ import annotations

from app.terminal.text import harmless


def test_outside_text_can_not_move_the_cursor() -> None:
    assert harmless("a\x1b[2Jb\r\u202ec\td\n\x9b1m") == "a�[2Jb��c\td\n�1m"
