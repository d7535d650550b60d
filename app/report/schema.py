"""A report as plain data: what the JSON holds, and what every other format is made from, and nothing else.

What is not known is None (`null`), never 0 or "". Outside text stands in it as it came, secrets masked: each format makes it
safe in its own way.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from app.checks.verdict import Verdict
from app.recording.records import SideName
from app.text.sentences import tr

SCHEMA = "diptych-report"
VERSION = 1
MAX_EXCERPT_CHARACTERS = 800
MAX_EXCERPT_LINES = 10


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a report."""


class Tool(Part, frozen=True, kw_only=True):
    """Who says it. `version` judged, `recorded_with` asked: an old run may be judged again by newer rules."""

    version: str
    recorded_with: str
    name: str = "Diptych"


class RunPart(Part, frozen=True, kw_only=True):
    """The run. Times are ISO 8601 in UTC; `seed` is what prompts and order were drawn with; `host` a kind of machine, no name.

    `clock` says whose time the stamps of the answers are: the "kernel"'s, that of the "read", or both.
    """

    id: str
    kind: Literal["checks", "compare", "study", "load"]
    started_utc: str
    ended_utc: str | None = None
    seed: int | None = None
    host: str | None = None
    clock: str | None = None
    client: str | None = None


class Tls(Part, frozen=True, kw_only=True):
    """The connection's TLS, and until when the certificate is valid (ISO 8601, UTC)."""

    version: str
    issuer: str | None = None
    not_after: str | None = None


class EndpointPart(Part, frozen=True, kw_only=True):
    """One side. `base_url` is without a login; `key_hint` is what a mask leaves to be seen of the key. Nobody
    pays for what a demo answers."""

    side: SideName
    label: str
    base_url: str | None
    protocol: str
    model_asked: str
    models_seen: list[str] = []
    auth: str | None = None
    key_hint: str | None = None
    tls: Tls | None = None
    http_versions: list[str] = []
    software: list[str] = []
    demo: bool = False


class PlanPart(Part, frozen=True, kw_only=True):
    """What was to be asked; numbers are of both sides, at most. `usd` is None where a price is not known, a cap where there
    was none."""

    groups: list[str]
    checks: int
    requests: int
    tokens: int
    usd: float | None
    cap_usd: float | None
    cap_tokens: int | None


class SpentPart(Part, frozen=True, kw_only=True):
    """What it cost by the endpoints' own counts. `uncounted` answers came without any: `usd` is None then, and `least_usd` what
    the others cost. `prices`: where the prices are from.
    """

    requests: int
    input_tokens: int | None
    cached_tokens: int | None
    output_tokens: int | None
    usd: float | None
    least_usd: float | None = None
    uncounted: int = 0
    prices: list[str] = []


class ReasonPart(Part, frozen=True, kw_only=True):
    """A check that counts against the endpoint, with what is lost in a clause."""

    check: str
    harm: str
    brief: str


class VerdictPart(Part, frozen=True, kw_only=True):
    """The verdict line. `overall` is "works", "losses", "breaks" or "unknown"; `foot` says all in a sentence or two."""

    overall: str
    sentence: str
    foot: str
    reasons: list[ReasonPart]
    counts: dict[str, int]
    waiting: int
    undecided: int


class MeasuredPart(Part, frozen=True, kw_only=True):
    """A number; see `app.checks.judgement.Measured`. `title`: its name in the report's language, None in older reports."""

    name: str
    title: str | None = None
    value: int | float | str | bool | None
    unit: str | None = None
    n: int | None = None
    formula: str | None = None
    interval: tuple[float, float] | None = None
    level: float | None = None


class EvidencePart(Part, frozen=True, kw_only=True):
    """What a verdict rests on: a recording by its number, and where in it. `title` says in words what its `step` is.

    `sha256` is that of the bytes meant: those of `byte_range` (begin, end) in the decoded body, of the event, or of the whole
    body; None where none came. `excerpt` is their beginning as text.
    """

    side: SideName
    recording: int | None
    step: str
    title: str | None = None
    n: int
    event: int | None
    byte_range: tuple[int, int] | None
    sha256: str | None
    status: int | None
    note: str | None = None
    excerpt: str | None = None


class SidePart(Part, frozen=True, kw_only=True):
    """What a check found of one side. `advice` and `said` (the endpoint's own words) are None where there is nothing."""

    verdict: Verdict
    reason_code: str
    sentence: str
    short: str | None
    measured: list[MeasuredPart]
    evidence: list[EvidencePart]
    advice: str | None
    said: str | None
    rests_on: str | None


class CheckPart(Part, frozen=True, kw_only=True):
    """A check. `harm` is how much B's verdict hurts, None for not at all; `relation` of B to A: "same", "differs", None alone.

    `own_fault`: a fault of Diptych's kept it from being decided. `time_ms` is that of its exchanges on B, one after the other.
    """

    id: str
    group: str
    title: str
    proves: str
    b: SidePart
    a: SidePart | None
    relation: str | None
    harm: str | None
    brief: str | None
    shared: bool
    own_fault: bool
    rests_on: list[str]
    requests: int
    time_ms: float | None


class LatencyPart(Part, frozen=True, kw_only=True):
    """A measure over `n` completed exchanges of one side: median, least and most, in milliseconds."""

    side: SideName
    measure: str
    n: int
    median_ms: float
    least_ms: float
    most_ms: float


class FindingPart(Part, frozen=True, kw_only=True):
    """What was found in an answer of a Compare run; `round` and `event` count from 1."""

    side: SideName
    id: str
    severity: str
    sentence: str
    plain: str
    remedy: str | None
    round: int
    event: int | None
    excerpt: str | None


class LimitPart(Part, frozen=True, kw_only=True):
    """What this run can't know."""

    code: str
    sentence: str


class LinePart(Part, frozen=True, kw_only=True):
    """A line of a checklist. `tick` is "ticked", "failed", "open" or "yours"; `yours` is what no check can see of it."""

    id: str
    text: str
    tick: str
    checks: list[str]
    yours: str | None


class ChecklistPart(Part, frozen=True, kw_only=True):
    id: str
    title: str
    sentence: str
    lines: list[LinePart]


class RecordingPart(Part, frozen=True, kw_only=True):
    """One exchange, as the file of the run has it; `number` counts from 1. `title` says in words what the `step` of a check is,
    `wanted` what it was sent for (`app.recording.records.Wanted`): where that is a refusal, a "failed" `outcome` is no failure.
    `sha256` is that of the decoded body, None without one."""

    number: int
    side: SideName
    check: str | None
    step: str | None
    title: str | None = None
    n: int
    attempt: int
    started_utc: str
    method: str
    url: str
    status: int | None
    wanted: str = "answer"
    outcome: str
    total_ms: float | None
    body_bytes: int
    sha256: str | None


class MaskPart(Part, frozen=True, kw_only=True):
    """How often a secret was masked: `where` is "sent", "head", "cookie" (what a head brings itself), "body", or a part of what
    was read out of it; "account" for ids of accounts and what looks like a key, masked in this report alone."""

    side: SideName | None
    where: str
    count: int


class DifferencePart(Part, frozen=True, kw_only=True):
    """One part of what differs between the sides of a run: answers, headers, models, events or requests. `standing` is "same",
    "differs" or "unknown", `words` says it. `rows` are the differences, a cell for each of the columns; `more`: how many rows
    are left out."""

    part: str
    title: str
    standing: str
    words: str
    columns: list[str] = []
    rows: list[list[str]] = []
    more: int = 0


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """The whole. `verdict`, `plan` and `checks` are of a run of checks, `compare` (schema 1 of `diptych run --json`) and
    `findings` of a Compare run, `differences` and `difference` (their sentence) of one with two sides, `study` and `load`
    (schema 1 of what these commands print with `--json`) of those."""

    schema: str = SCHEMA
    version: int = VERSION
    tool: Tool
    run: RunPart
    sentence: str
    endpoints: list[EndpointPart]
    plan: PlanPart | None = None
    spent: SpentPart
    verdict: VerdictPart | None = None
    checks: list[CheckPart] = []
    checklists: list[ChecklistPart] = []
    latency: list[LatencyPart] = []
    findings: list[FindingPart] = []
    compare: dict[str, Any] | None = None
    difference: str | None = None
    differences: list[DifferencePart] = []
    study: dict[str, Any] | None = None
    load: dict[str, Any] | None = None
    limits: list[LimitPart] = []
    recordings: list[RecordingPart] = []
    masks: list[MaskPart] = []


class ReportError(Exception):
    """A file that is no report, or one of a version that is not known; the text is a clause."""


def dump(report: Report) -> bytes:
    """The canonical JSON, the same for the same report."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def load(data: bytes) -> Report:
    """A report out of its JSON. Raises ReportError."""
    try:
        named = msgspec.json.decode(data, type=_Head)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ReportError(tr("it is no JSON report of Diptych")) from None
    if named.schema != SCHEMA:
        raise ReportError(tr("it is no JSON report of Diptych"))
    if named.version > VERSION:
        raise ReportError(
            tr(
                "it was written by a newer Diptych (version {version}, this one knows {known})",
                version=named.version,
                known=VERSION,
            )
        )
    try:
        return msgspec.json.decode(data, type=Report)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ReportError(tr("it can't be read: {error}", error=error)) from None


class _Head(msgspec.Struct):
    schema: str
    version: int
