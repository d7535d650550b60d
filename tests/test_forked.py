"""Work in a fork: what comes back of it, and what does not."""

from __future__ import annotations

import os
import signal

import pytest

from tests.forked import in_fork

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system can't fork")


def test_what_it_gives_comes_back_from_a_process_with_its_own_environment() -> None:
    before = dict(os.environ)
    pid, found = in_fork(lambda: (os.getpid(), dict(os.environ)), {"ONLY": "this"})
    assert pid != os.getpid()
    assert found == {"ONLY": "this"}
    assert os.environ == before


def test_that_it_raised_or_died_is_told() -> None:
    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        in_fork(lambda: 1 / 0, {})
    with pytest.raises(AssertionError, match="said nothing"):
        in_fork(lambda: os.kill(os.getpid(), signal.SIGKILL), {})
