"""Where a side stands on a page of sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ui.shared.endpoint_row import EndpointRow
from ui.widgets.bar import Bar

if TYPE_CHECKING:
    from app.recording.records import SideName


class SidePlace(msgspec.Struct, frozen=True):
    """Its endpoint and model, and a line for what is said of them."""

    row: EndpointRow
    hint: Bar


def side_places() -> dict[SideName, SidePlace]:
    """Both, empty."""
    return {"a": SidePlace(EndpointRow("a"), Bar(framed=False)), "b": SidePlace(EndpointRow("b"), Bar(framed=False))}
