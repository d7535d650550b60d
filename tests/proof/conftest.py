"""The exchanges of this folder's tables, made once."""

from __future__ import annotations

import asyncio

import pytest

from app.exchange import Exchange
from tests.proof.asking import asking
from tests.proof.rows import ROWS, limits_of


async def _ask_rows() -> dict[str, Exchange]:
    async with asking() as asker:
        return {
            row.name: await asker.fault(
                row.protocol, row.knobs, row.kind, stream=row.stream, limits=limits_of(row), path=row.path, beta=row.beta
            )
            for row in ROWS
        }


@pytest.fixture(scope="session")
def asked() -> dict[str, Exchange]:
    """The exchange of each row, by its name."""
    return asyncio.run(_ask_rows())
