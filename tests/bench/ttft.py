"""ttft: how far the first tokens that Diptych tells are from what the server did, beside GuideLLM, AIPerf and the openai SDK.

    python -m tests.bench.ttft [--only NAME] [--concurrency N] [--idle] [--json] [--short] [--prepare]

Not one of `tests.bench`'s: the first time it installs the peers (`ttft_peers`), and a run takes minutes. All ask the same
server, one after the other, at the same number of streams. The error of a request is what a program calls its time to the first
token, less what the server's kernel saw: from the request's arrival to when the first content left (`ttft_server`). Requests
that opened a connection are left out for all: whether that time belongs to a first token is a matter of definition.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from subprocess import SubprocessError
from typing import Any, NamedTuple

from tests.bench.children import Child
from tests.bench.frame import Kind, Must, Row, as_json, as_table, exactly, most, most_times, percentile
from tests.bench.ttft_peers import PEERS, Peer, Told, default_folder, prepare

OURS = "diptych"
LATE_MS = 1.0
_BURNERS = 2


class Case(NamedTuple):
    """So many streams at a time, so many requests; `busy`: beside a process that keeps both cores busy."""

    at_a_time: int
    requests: int
    busy: bool = False

    @property
    def words(self) -> str:
        streams = f"{self.at_a_time} stream{'s' if self.at_a_time > 1 else ''}"
        return f"{streams} beside two busy processes" if self.busy else streams

    @property
    def musts(self) -> list[Must]:
        """Of the p99."""
        if self.busy:
            return [most_times(0.25)]
        if self.at_a_time < 64:
            return []
        return [most_times(0.1), *([most(1.0)] if self.at_a_time == 64 else [])]


CASES = (Case(1, 11), Case(16, 128), Case(64, 384), Case(256, 1024), Case(64, 256, busy=True), Case(256, 768, busy=True))
SHORT = (Case(4, 12),)


def main(argv: Sequence[str] | None = None) -> int:
    options = _parse(argv)
    peers = [peer for peer in PEERS if options.only in (None, peer.name)]
    places = {peer.name: prepare(peer, options.peers) for peer in peers}
    if options.prepare:
        return 0
    cases = [
        case
        for case in (SHORT if options.short else CASES)
        if options.concurrency in (None, case.at_a_time) and not (case.busy and options.idle)
    ] or [Case(options.concurrency, 4 * options.concurrency)]
    rows = [row for case in cases for row in _rows(case, peers, places, ours=options.only in (None, OURS))]
    if options.only in (None, OURS) and options.concurrency in (None, 256) and not options.short:
        rows += held_rows(256, 400)
    print(json.dumps(as_json([("ttft", rows)]), indent=1) if options.json else as_table([("ttft", rows)]))
    return 0 if all(row.reached for row in rows) else 1


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ttft", description=__doc__)
    parser.add_argument("--only", choices=(OURS, *(peer.name for peer in PEERS)), help="one program alone")
    parser.add_argument("--concurrency", type=int, metavar="N", help="this number of streams alone")
    parser.add_argument("--idle", action="store_true", help="without the cases beside two busy processes")
    parser.add_argument("--peers", type=Path, default=default_folder(), metavar="FOLDER", help="where peers are installed")
    parser.add_argument("--prepare", action="store_true", help="install the peers and do nothing else")
    parser.add_argument("--json", action="store_true", help="objects instead of a table")
    parser.add_argument("--short", action="store_true", help="4 streams: shows that it runs")
    return parser.parse_args(argv)


class Seen(NamedTuple):
    """What one program told of one case: the errors in milliseconds, and of how many requests it told none."""

    errors: list[float]
    missing: int

    def at(self, share: float) -> float:
        return percentile(map(abs, self.errors), share)


def _rows(case: Case, peers: Sequence[Peer], places: dict[str, Path], *, ours: bool) -> Iterator[Row]:
    """All programs at one case."""
    seen: dict[str, Seen] = {}
    with Child("tests.bench.ttft_server") as server, ExitStack() as burning:
        port = server.line()["port"]
        for _ in range(_BURNERS if case.busy else 0):
            burning.enter_context(Child("tests.bench.burner")).line()
        if ours:
            print(f"{case.words}: {OURS} …", file=sys.stderr, flush=True)
            seen[OURS], lag = _ours(port, case)
            yield Row(f"{case.words}: the server's own lag, p99 (charged to nobody)", percentile(lag, 0.99), "ms")
        for peer in peers:
            print(f"{case.words}: {peer.name} …", file=sys.stderr, flush=True)
            try:
                told = peer.run(places[peer.name], port, case.at_a_time, case.requests)
                seen[peer.name] = errors(_log(port), told, peer)
            except (SubprocessError, OSError, ValueError, KeyError) as error:
                print(f"{peer.requirement} did not run: {error}\n{getattr(error, 'stderr', '')}", file=sys.stderr)
                _log(port)
    others = {name: one for name, one in seen.items() if name != OURS}
    for name, one in seen.items():
        known = f"{name}, {case.words}"
        rest = {other: told for other, told in others.items() if other != name} if name == OURS else {}
        yield _row(f"error of {known}, p50 of {len(one.errors)}", one, rest, 0.5, None)
        musts: list[Must | None] = [*case.musts] if name == OURS and case.musts else [None]
        for must in musts:
            yield _row(f"error of {known}, p99", one, rest, 0.99, must)
        if one.missing:
            yield Row(f"{known}: requests without a first token", one.missing, "", must=exactly(0) if name == OURS else None)


def _row(figure: str, one: Seen, others: dict[str, Seen], share: float, must: Must | None) -> Row:
    value = one.at(share)
    best = min(others, key=lambda name: others[name].at(share), default=None)
    if best is None:  # asked for alone: a bound that is so many times something else is none then
        return Row(figure, value, "ms", must=must if must is None or must.kind is Kind.MOST else None)
    return Row(figure, value, "ms", f"best peer: {best}", others[best].at(share), must)


def _ours(port: int, case: Case) -> tuple[Seen, list[float]]:
    with Child("tests.bench.ttft_load", str(port), f"{case.at_a_time}:{case.requests}") as load:
        said = load.line()
    log = _log(port)
    return errors(log, said["first"], None), [max(row["lag_ms"], row["late_ms"]) for row in log]


def errors(log: Sequence[dict[str, Any]], told: Told, peer: Peer | None) -> Seen:
    """Of all requests over connections that had carried one before; of all where none had."""
    rows = [row for row in log if row["asked"] != 0 and row["sent_ns"][0] is not None]
    counted = [row for row in rows if row["kept"]] or rows
    found, missing = [], 0
    for row in counted:
        ms = told.get(peer.key_of(row) if peer is not None else str(row["asked"]))
        if ms is None:
            missing += 1
        else:
            found.append(ms - (row["sent_ns"][0] - row["came_ns"]) / 1e6)
    return Seen(found, missing)


def _log(port: int) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/log", timeout=30) as answer:
        log: list[dict[str, Any]] = json.loads(answer.read())
    return log


def held_rows(at_a_time: int, pieces: int) -> list[Row]:
    """Streams of 50 events a second each, held by one wire process: each event's stamp against when its bytes left."""
    print(f"{at_a_time} streams of 50 events a second …", file=sys.stderr, flush=True)
    with Child("tests.bench.ttft_server", str(pieces)) as server:
        port = server.line()["port"]
        with Child("tests.bench.ttft_load", str(port), f"{at_a_time}:{at_a_time}") as load:
            said = load.line()
        log = [row for row in _log(port) if row["asked"]]
    lost = sum(abs(len(row["sent_ns"]) - len(said["stamps"].get(str(row["asked"]), ()))) for row in log)
    behind = [
        (stamp - sent) / 1e6
        for row in log
        for stamp, sent in zip(said["stamps"].get(str(row["asked"]), ()), row["sent_ns"], strict=False)
        if sent is not None
    ]
    about = f"{at_a_time} streams of 50 events a second"
    each_mb = (said["highest_mb"] - said["idle_mb"]) / at_a_time
    return [
        Row(f"{about}: events lost", lost, "", must=exactly(0)),
        Row(f"{about}: stamp after sending, p99", percentile(behind, 0.99), "ms"),
        Row(f"{about}: stamp after sending, worst of {len(behind)}", max(behind, default=float("nan")), "ms"),
        Row(
            f"{about}: events stamped more than {LATE_MS:.0f} ms late", sum(ms > LATE_MS for ms in behind), "", must=exactly(0)
        ),
        Row(f"{about}: memory of the wire process over idle, a stream", each_mb, "MB", must=most(0.5)),
    ]


if __name__ == "__main__":
    sys.exit(main())
