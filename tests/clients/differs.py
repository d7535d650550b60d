"""Where the official Python SDK was seen to fare otherwise than a finding's rule says: `python -m tests.clients.differs`.

A rule's severity is written with both official SDKs, Python's and TypeScript's, in mind, and with answers that were not
played; it counts where a client was not run with such an answer. `differs.txt` holds what the runs say against it, for whoever
looks at a rule next.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from app.clients.impact import Seen, impact_on, severity_for
from app.clients.table import table
from app.protocols.findings import Finding, Rule
from app.protocols.registry import protocol_ids
from tests.protocols.catalogues import rules

FILE = Path(__file__).with_suffix(".txt")
KINDS = {"text": {}, "tools": {"has_calls": True}, "thinking": {"has_reasoning": True}}


def lines() -> Iterator[str]:
    """One line each: protocol, finding, way and kind, the rule's severity, the client's, and its outcome."""
    for protocol in protocol_ids():
        raised = {pair for row in table().rows(protocol) for pair in row.found}
        for name, variant in sorted(raised):
            if rule := rules().get(name):
                yield from _of_rule(protocol, rule, variant)


def _of_rule(protocol: str, rule: Rule, variant: str) -> Iterator[str]:
    client = table().client("", protocol)
    assert client is not None
    finding = Finding(rule, variant=variant)
    for streamed in (True, False):
        for kind, more in KINDS.items():
            seen = Seen(protocol, streamed, **more)
            if any(
                (name, said, row.streamed, row.kind) == (rule.id, variant, streamed, kind)
                for row in table().rows_with(protocol, rule.id)
                for name, said in row.found
            ):
                severity = severity_for(client, finding, seen)
                if severity is not rule.severity:
                    named = f"{rule.id}.{variant}" if variant else rule.id
                    way = "stream" if streamed else "whole"
                    outcome = impact_on(client, finding, seen).outcome
                    yield f"{protocol} {named} {way} {kind}: {rule.severity}, seen {severity}: {outcome}"


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in lines()), encoding="utf-8")
    sys.stdout.write(f"{FILE}\n")
