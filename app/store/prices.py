"""The price table in use: the one that Diptych brings along, with the user's own prices.toml over it."""

from __future__ import annotations

from pathlib import Path

from app.pricing import PriceTable, PriceTableError, builtin_table, parse_price_table
from app.store.files import MAX_TOML_BYTES, config_folder, read_regular
from app.text.sentences import tr


def load_prices(path: Path | None = None) -> tuple[PriceTable, str]:
    """The table, and a sentence where the user's file can't be used ("" otherwise). The file is never written or renamed."""
    path = path or config_folder() / "prices.toml"
    try:
        text = read_regular(path, MAX_TOML_BYTES).decode("utf-8-sig")
        return parse_price_table(text, own=True).over(builtin_table()), ""
    except FileNotFoundError:
        return builtin_table(), ""
    except (OSError, ValueError, PriceTableError) as error:
        return builtin_table(), tr("{path} can't be used: {error}. The built-in price table is taken.", path=path, error=error)
