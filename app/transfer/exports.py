"""The kinds of files that exchanges are written as for other programs: what each is called and for, and what it lacks.

The reports of a run are made elsewhere (`app.report.write`): they need the run, these need its exchanges alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from app import __version__
from app.exchange.exchange import Exchange
from app.formats.cassette_export import as_cassette, has_head
from app.formats.events import as_csv_of, as_json_of, as_jsonl_of
from app.formats.har_export import as_har
from app.formats.otlp import as_otlp, has_moment
from app.protocols.findings import Severity
from app.report.issue import issue_text, worst
from app.text.sentences import message, tr

_NOTHING_TO_TELL = message("no finding is in it: there is nothing to tell an operator")
_NO_MOMENT = message("no answer in it says when it began, which a span needs")
_NO_HEAD = message("no answer's head is in it, which a cassette needs")
_NO_EVENTS = message("no events are in it")


class ExportKind(msgspec.Struct, frozen=True):
    """`title` and `about` are templates. `suffix`: how the file's name ends, behind the name of what is in it.

    `write` makes the file's pieces of exchanges that are read to their end, one after the other. `lacks` says why they can't
    be, as a clause; "" where they can.
    """

    title: str
    about: str
    suffix: str
    write: Callable[[Iterable[Exchange]], Iterable[bytes]]
    lacks: Callable[[Iterable[Exchange]], str]


def _issue(found: Iterable[Exchange]) -> Iterable[bytes]:
    """Of the finding that matters most in them; nothing where there is none."""
    order = list(Severity)
    pairs = ((one, finding) for one in found if (finding := worst(one)) is not None)
    most = min(pairs, key=lambda pair: order.index(pair[1].severity), default=None)
    return [] if most is None else [issue_text(*most).encode("utf-8", "replace")]


def _unless(has: Callable[[Exchange], object], why: str) -> Callable[[Iterable[Exchange]], str]:
    return lambda found: "" if any(map(has, found)) else tr(why)


def _has_events(one: Exchange) -> bool:
    return len(one.events) > 0


_HAS_EVENTS, _HAS_HEAD = _unless(_has_events, _NO_EVENTS), _unless(has_head, _NO_HEAD)

KINDS = {
    "har": ExportKind(
        message("HAR 1.2"), message("HAR 1.2, for browsers' developer tools and proxies"), ".har",
        lambda found: as_har(found, __version__), lambda _: "",
    ),
    "json": ExportKind(
        message("Events as JSON"), message("the events as one JSON object"), " events.json", as_json_of, _HAS_EVENTS
    ),
    "jsonl": ExportKind(
        message("Events as JSON lines"), message("the events as JSON lines"), " events.jsonl", as_jsonl_of, _HAS_EVENTS
    ),
    "csv": ExportKind(message("Events as CSV"), message("the events as CSV"), " events.csv", as_csv_of, _HAS_EVENTS),
    "issue": ExportKind(
        message("Issue text"), message("an issue for the endpoint's operator, of the finding that matters most"), " issue.md",
        _issue, _unless(worst, _NOTHING_TO_TELL),
    ),
    "vcr": ExportKind(
        message("Cassette of vcrpy (YAML)"),
        message("a cassette of vcrpy, which plays the answers back in a test; OUT.json for its JSON serialiser"), ".yaml",
        as_cassette, _HAS_HEAD,
    ),
    "vcr-json": ExportKind(
        message("Cassette of vcrpy (JSON)"), message("a cassette of vcrpy for its JSON serialiser"), " cassette.json",
        lambda found: as_cassette(found, as_json=True), _HAS_HEAD,
    ),
    "otlp": ExportKind(
        message("Spans of OpenTelemetry"), message("spans of OpenTelemetry's GenAI conventions, as OTLP JSON"), " spans.json",
        lambda found: as_otlp(found, __version__), _unless(has_moment, _NO_MOMENT),
    ),
}  # fmt: skip
"""By the name of the terminal's option; "vcr-json" has none."""

STRICT = ("issue", "vcr", "vcr-json", "otlp")
"""What is refused where nothing could stand in it; of an answer without events an empty list is no error."""
