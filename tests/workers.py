"""`pytest -n 4`: the tests are collected once, and run by forks of the process that collected them.

Workers that are started anew each import and collect everything, which costs as much as hundreds of the tests. A fork has it
already. The files are handed out one after the other, each as a whole (what its tests keep from one to the next serves all of
them), and the process that collected shows what the forks report as if it had run the tests.

A fork that dies fails the test that it was at, and another takes over the rest of its file; one that dies as it ends fails its
last test. Where the system can't fork, and for a single file, the tests run in this process.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, groupby, pairwise
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Any, Literal

import pytest


def add_option(parser: pytest.Parser) -> None:
    """`-n N`, as others call it too."""
    text = "run the tests in N processes; auto: as many as there are cores"
    # Not `addoption`: it keeps short options in lower case for pytest itself, and people know this one.
    parser.getgroup("workers")._addoption(
        "-n", "--numprocesses", dest="workers", type=_count, default=0, metavar="N", help=text
    )


def _count(value: str) -> int:
    return (os.cpu_count() or 1) if value == "auto" else int(value)


def run_in_workers(session: pytest.Session, first: Callable[[], None] = lambda: None) -> bool | None:
    """In place of pytest's own loop over the tests, or None where that shall run them.

    `first` is called where forks will run them: what it makes is made once.
    """
    options = session.config.option
    if session.testsfailed or options.collectonly or options.usepdb or not hasattr(os, "fork"):
        return None
    files: list[range] = []
    for _, items in groupby(enumerate(session.items), key=lambda one: one[1].path):
        numbers = [number for number, _ in items]
        files.append(range(numbers[0], numbers[-1] + 1))
    count = min(options.workers, len(files))
    if count <= 1:
        return None
    first()
    return _Workers(session, files).run(count)


class _Worker:
    """A fork, as seen from the process that collected.

    Attributes:
        line: what it says comes from here, and what it shall run goes there.
        file: the numbers of the tests that were handed to it last; None once it was told that there are no more.
        at: the number of the test that it began last, -1 before its first.
        is_busy: that test has not ended.
    """

    def __init__(self, pid: int, line: Connection) -> None:
        self.line = line
        self.file: range | None = range(0)
        self.at = -1
        self.is_busy = False
        self._pid = pid

    def ending(self) -> str:
        """How it ended, "" for as it should; waits for it."""
        code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED):
            return ""
        return f"was ended by signal {-code}" if code < 0 else f"ended with code {code}"


class _Workers:
    """The forks of a session, and what is left for them to run."""

    def __init__(self, session: pytest.Session, files: list[range]) -> None:
        self._session = session
        self._hook = session.config.hook
        self._files = deque(files)
        self._running: list[_Worker] = []
        self._ending: list[_Worker] = []
        self._started = 0

    def run(self, count: int) -> bool:
        """Until all tests have ended, or as many as shall."""
        terminal = self._session.config.pluginmanager.getplugin("terminalreporter")
        if terminal is not None:
            terminal.showfspath = False  # tests of several files end in turn
        _folders(self._session).getbasetemp()  # once, above those of the forks
        try:
            for _ in range(count):
                if not self._start():
                    return True
            while self._running:
                for line in wait([worker.line for worker in self._running]):
                    if not self._listen(next(worker for worker in self._running if worker.line is line)):
                        return True
        except BaseException:
            for worker in self._running:
                worker.line.close()  # who says something now ends, as there is nobody to hear it
            for worker in (*self._running, *self._ending):
                worker.ending()
            raise
        for worker in self._ending:
            self._see_end(worker)
        if self._session.shouldfail:
            raise self._session.Failed(self._session.shouldfail)
        if self._session.shouldstop:
            raise self._session.Interrupted(self._session.shouldstop)
        return True

    def _start(self) -> bool:
        """Start one more. False in the fork itself, once it has run its tests."""
        self._started += 1
        here, there = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            there.close()
            self._running.append(_Worker(pid, here))
            return True
        for worker in self._running:
            worker.line.close()
        here.close()
        self._running.clear()
        self._ending.clear()
        _work(self._session, there, self._started)
        return False

    def _listen(self, worker: _Worker) -> bool:
        """Take one thing that it says. False in a fork that replaced it, once that has run its tests."""
        said: tuple[Any, ...] = ("nothing",)
        with suppress(EOFError, OSError):
            said = worker.line.recv()
        match said:
            case ("nothing",):
                return self._see_silence(worker)
            case ("free",):
                self._hand_out(worker)
            case ("begins", number):
                worker.at, worker.is_busy = number, True
                self._show(worker.at, "logstart")
            case ("ended", reports):
                worker.is_busy = False
                self._take_ended(worker, reports)
            case ("warning", told):
                self._hook.pytest_warning_recorded.call_historic(kwargs=told)
        return True

    def _hand_out(self, worker: _Worker) -> None:
        is_over = not self._files or self._session.shouldfail or self._session.shouldstop
        worker.file = None if is_over else self._files.popleft()
        with suppress(OSError):  # it died
            worker.line.send(worker.file)

    def _take_ended(self, worker: _Worker, reports: list[dict[str, Any]]) -> None:
        config = self._session.config
        for data in reports:
            self._hook.pytest_runtest_logreport(report=self._hook.pytest_report_from_serializable(config=config, data=data))
        self._show(worker.at, "logfinish")
        if self._session.shouldfail or self._session.shouldstop:
            for one in self._running:
                with suppress(OSError):  # it has ended
                    one.line.send(None)

    def _show(self, number: int, what: Literal["logstart", "logfinish"]) -> None:
        item = self._session.items[number]
        getattr(self._hook, f"pytest_runtest_{what}")(nodeid=item.nodeid, location=item.location)

    def _see_silence(self, worker: _Worker) -> bool:
        """It says no more: it ends, or died. False as in `_listen`."""
        self._running.remove(worker)
        worker.line.close()
        if not worker.is_busy:
            self._ending.append(worker)
            return True
        self._fail(worker, "call", worker.ending() or "left")
        self._show(worker.at, "logfinish")
        if worker.file:
            self._files.appendleft(range(worker.at + 1, worker.file.stop))
        return self._start()

    def _see_end(self, worker: _Worker) -> None:
        if how := worker.ending():
            self._fail(worker, "teardown", how)

    def _fail(self, worker: _Worker, when: Literal["call", "teardown"], how: str) -> None:
        """Report the test that it was at last as failed."""
        item = self._session.items[max(worker.at, 0)]
        text = f"the process that ran this test {how}"
        self._hook.pytest_runtest_logreport(report=pytest.TestReport(item.nodeid, item.location, {}, "failed", text, when))


class _Teller:
    """In a fork, the plugin that tells what its tests gave."""

    def __init__(self, config: pytest.Config, line: Connection) -> None:
        self._config = config
        self._line = line
        self._reports: list[dict[str, Any]] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._reports.append(self._config.hook.pytest_report_to_serializable(config=self._config, report=report))

    def pytest_runtest_logfinish(self) -> None:
        self._line.send(("ended", self._reports))
        self._reports = []

    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage, when: str, nodeid: str, location: Any) -> None:
        told = warning_message  # which may hold what can't be sent
        plain = warnings.WarningMessage(str(told.message), told.category, told.filename, told.lineno)
        self._line.send(("warning", {"warning_message": plain, "when": when, "nodeid": nodeid, "location": location}))


def _work(session: pytest.Session, line: Connection, worker: int) -> None:
    """In a fork: run what is handed out, until nothing is."""
    config = session.config
    plugins = config.pluginmanager
    plugins.unregister(name="terminalreporter")
    config.workerinput = {}  # type: ignore[attr-defined]  # by this pytest's own plugins know that they are not to write files
    folders = _folders(session)
    folders._basetemp = folders.getbasetemp() / f"w{worker}"
    folders._basetemp.mkdir(mode=0o700)
    if (capture := plugins.getplugin("capturemanager")) is not None:
        capture.stop_global_capturing()  # into files that are shared with the other forks
        capture.start_global_capturing()
        capture.suspend_global_capture()
    plugins.register(_Teller(config, line))
    with suppress(BrokenPipeError):  # nobody listens any more: it was interrupted
        for number, following in pairwise(chain(_handed_out(line), [None])):
            assert number is not None
            if line.poll():  # that it is over
                break
            line.send(("begins", number))
            items = session.items
            config.hook.pytest_runtest_protocol(item=items[number], nextitem=None if following is None else items[following])
            if session.shouldfail or session.shouldstop:
                break
    line.close()


def _handed_out(line: Connection) -> Iterator[int]:
    """The numbers of the tests to run, asked for file by file."""
    while True:
        line.send(("free",))
        numbers = line.recv()
        if numbers is None:
            return
        yield from numbers


def _folders(session: pytest.Session) -> Any:
    """The factory of the folders for tests."""
    return session.config._tmp_path_factory  # type: ignore[attr-defined]
