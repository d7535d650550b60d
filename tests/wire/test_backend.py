"""How a host of several addresses is connected to."""

from __future__ import annotations

import pytest

from app.wire import backend


async def test_another_address_is_tried_as_well_after_a_quarter_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8305, section 8."""
    delays: list[float] = []

    async def start(_addresses: object, *, happy_eyeballs_delay: float) -> None:
        delays.append(happy_eyeballs_delay)
        raise ConnectionRefusedError

    monkeypatch.setattr("aiohappyeyeballs.start_connection", start)
    with pytest.raises(ConnectionRefusedError):
        await backend.connect([])
    assert delays == [0.25]
