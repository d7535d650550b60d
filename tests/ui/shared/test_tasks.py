"""What is done on another thread, to its end."""

from __future__ import annotations

import asyncio
import threading

import pytest

from ui.shared.tasks import to_its_end


@pytest.mark.parametrize("times", [0, 1, 3])
def test_who_waits_may_be_cancelled_and_goes_on(times: int) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work() -> threading.Thread:
        begun.set()
        assert go_on.wait(60)
        return threading.current_thread()

    async def scene() -> threading.Thread:
        waiting = asyncio.ensure_future(to_its_end(work))
        assert await asyncio.to_thread(begun.wait, 60)
        for _ in range(times):
            waiting.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert not waiting.done()
        go_on.set()
        return await waiting

    assert asyncio.run(scene()) is not threading.current_thread()


def test_what_is_raised_there_is_raised_here() -> None:
    with pytest.raises(OSError, match="full"):
        asyncio.run(to_its_end(lambda: (_ for _ in ()).throw(OSError("full"))))
