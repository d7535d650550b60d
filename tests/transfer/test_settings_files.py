"""Files of other programs' settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.transfer.settings_files import endpoints_of, read_settings

ENV = b"ANTHROPIC_BASE_URL=https://relay.example\n#"


@pytest.mark.parametrize(("more", "taken"), [(0, True), (1, False)])
def test_settings_are_no_longer_than_a_megabyte(tmp_path: Path, more: int, taken: bool) -> None:
    data = ENV.ljust((1 << 20) + more, b"x")
    path = tmp_path / ".env"
    path.write_bytes(data)
    read = read_settings([path])
    assert [one.pasted.base_url for one in read.found] == ["https://relay.example"] * taken
    assert [name for name, _ in read.unread] == [".env"] * (not taken)


def test_settings_from_standard_input_are_no_longer_either() -> None:
    found, why = endpoints_of(ENV.ljust((1 << 20) + 1, b"x"))
    assert not found
    assert "longer than" in why
