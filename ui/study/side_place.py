"""Where a side stands on the Study page: its row, and a line for what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from ui.shared.endpoint_row import EndpointRow
    from ui.widgets.bar import Bar


class SidePlace(msgspec.Struct, frozen=True):
    """Both of them."""

    row: EndpointRow
    hint: Bar
