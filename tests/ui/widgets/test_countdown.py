"""A button that counts down."""

from __future__ import annotations

from tests.ui.conftest import Ui
from ui.widgets.countdown import CountdownButton


def test_a_button_counts_down_and_can_be_pressed_all_the_while(ui: Ui) -> None:
    now = [0]
    button = CountdownButton("Run again", 6_300_000_000, lambda: now[0])
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    assert button.text() == "Run again in 7 s"
    now[0] = 4_000_000_000
    button.tick()
    assert button.text() == "Run again in 3 s"
    button.click()
    assert pressed
    now[0] = 6_300_000_000
    button.tick()
    assert (button.text(), button.counting) == ("Run again", False)
