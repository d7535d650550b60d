"""What a client does with a stream that is cut, as it was seen: whether its caller notices.

Two ways of being cut were played, in an answer of text: the connection breaks (`rst`, where a client was not run with that
`cut_chunk`), or the stream ends too soon while HTTP is closed as if all were well (`cut_after_n`).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.clients.table import HUNG, NOT_TRIED, RAW, SAME, Client, Table, table
from app.clients.words import did, words_of
from app.text.sentences import render

_BROKEN = ("rst", "cut_chunk")
_ENDED = ("cut_after_n",)
_WHERE_BROKEN = (
    "Where the connection breaks in mid-answer, {client} {helper:list}{raw:if ; iterated event by event, it {raw:list}}."
)
_WHERE_ENDED = (
    "Where the stream ends too soon and HTTP is closed as usual, {client} {helper:list}"
    "{raw:if ; iterated event by event, it {raw:list}}."
)
_AS_MEANT, _CRASHES = "reads it as it was meant", "crashes, or does not end"


def at_cut(client: Client, protocol: str, known: Table | None = None) -> list[str]:
    """Sentences, one for each way of being cut that it was run with."""
    known = known or table()
    ways = ((_WHERE_BROKEN, _BROKEN), (_WHERE_ENDED, _ENDED))
    return [said for template, faults in ways if (said := _said(template, faults, client, protocol, known))]


def _said(template: str, faults: Sequence[str], client: Client, protocol: str, known: Table) -> str:
    rows = [row for row in known.rows(protocol) if row.fault in faults and row.streamed and row.kind == "text"]
    for row in sorted(rows, key=lambda one: faults.index(one.fault)):
        helper, raw = (row.outcome(name) for name in (client.name, client.name + RAW))
        if helper != NOT_TRIED:
            other = _did(raw) if raw not in (NOT_TRIED, helper) else None
            return render(template, {"client": client.title, "helper": _did(helper), "raw": other})
    return ""


def _did(outcome: str) -> list[str]:
    """An outcome as phrases behind the client's name."""
    plain = {SAME: _AS_MEANT, HUNG: _CRASHES}.get(outcome)
    return [render(plain, {})] if plain else [did(one) for one in words_of(outcome)]
