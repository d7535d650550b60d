"""Tables of studies and loads at every size of text."""

from __future__ import annotations

from tests.ui.conftest import Ui
from ui.shell.pages import STUDY


def test_head_and_rows_grow_with_the_text(ui: Ui) -> None:
    async def scene() -> None:
        table = ui.window.show_page(STUDY).view.table
        before = (table.head_height, table.row_height, table.sizeHint().height())
        ui.window.theme.set_text_percent(200)
        after = (table.head_height, table.row_height, table.sizeHint().height())
        ui.window.theme.set_text_percent(100)
        assert after[:2] == (2 * before[0], 2 * before[1])
        assert after[2] > before[2]

    ui.play(scene())
