"""The user's own prices.toml counts in the window, for a run that is made and for one that is opened."""

from __future__ import annotations

import pytest

from app.store.files import config_folder, private_folder
from tests.ui.compare.test_panes import both, show
from tests.ui.conftest import Ui

OWN = """
version = 1
date = 2026-01-01
source = "my own"
[[models]]
vendor = "anthropic"
ids = ["claude-opus-4-8", "claude-sonnet-4-6"]
input = 1000000
output = 1000000
"""


@pytest.fixture(autouse=True)
def _own_prices() -> None:
    private_folder(config_folder())
    (config_folder() / "prices.toml").write_text(OWN)


def cost_of(ui: Ui) -> str:
    return next(tile.figure for tile in ui.page.a.tiles.tiles if tile.title == "Cost")


def test_an_opened_run_costs_by_it(ui: Ui) -> None:
    async def scene() -> None:
        await show(ui, *both())
        assert cost_of(ui) == "Cost: $119.00"  # 21 tokens in, 98 out, a dollar each

    ui.play(scene())


def test_a_run_costs_by_it_and_a_broken_file_is_named(ui: Ui) -> None:
    async def scene() -> None:
        ui.page.bar.set_max_tokens(1)
        async with ui.begins():
            ui.page.run_demo()
        await ui.ended()
        whole = ui.page.session.sides["a"].usage
        assert whole is not None
        assert cost_of(ui) == f"Cost: ${(whole.input_tokens or 0) + (whole.output_tokens or 0)}.00"
        (config_folder() / "prices.toml").write_text("x")
        ui.page.run()
        await ui.until(lambda: "prices.toml can't be used" in ui.page.notes.text, "the file to be named")
        await ui.ended()

    ui.play(scene())
