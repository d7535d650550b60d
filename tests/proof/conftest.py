"""The exchanges of this folder's tables, made once."""

from __future__ import annotations

import asyncio

import pytest

from app.exchange import Exchange
from tests.proof.asking import asking
from tests.proof.rows import ROWS, limits_of
from tests.proof.wild import WILD


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


async def _ask_wild() -> dict[str, Exchange]:
    async with asking() as asker:
        return {
            name: await asker.scripted(one.protocol, one.body, one.head, one.kind, stream=one.stream)
            for name, one in WILD.items()
        }


@pytest.fixture(scope="session")
def met() -> dict[str, Exchange]:
    """The exchange of each answer met in the wild, by its name."""
    return asyncio.run(_ask_wild())
