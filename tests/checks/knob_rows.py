"""For every check a fault of the simulator that makes it fail, and which other checks fail by it too.

Each group of checks keeps its rows in a tuple of its own; `python -m tests.checks` plays them all.
"""

from __future__ import annotations

from typing import NamedTuple

from app.protocols.ids import CHAT, MESSAGES, RESPONSES

ALL = (MESSAGES, CHAT, RESPONSES)


class Row(NamedTuple):
    """A fault, and what it does to the checks.

    Attributes:
        check: the check that it makes fail or differ; `reason`: with this reason, "" for any.
        faults: as `Stage.play` takes them. `model`: the model that it is seen with, "" for the usual one.
        also: the other checks that may fail or differ by it.
        spoils: it breaks so much that nearly all else fails or is skipped, which is not looked at.
    """

    check: str
    faults: str
    reason: str = ""
    also: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ALL
    model: str = ""
    spoils: bool = False


REACH = (
    Row("reached", "rst_at_once", "no_answer", spoils=True),
    Row("redirect", "redirect_307", "redirects", spoils=True),
    Row("model_list", "models_empty", "no_list"),
    Row("headers", "header_flood=100", "news"),
)

TOOLS = (
    Row("tool_call", "double_encode"),
    Row("tool_call", "invalid_json", "not_json", protocols=(CHAT, RESPONSES)),
    Row("tool_ids", "dup_id", "twice", also=("tool_stream", "thinking_replay")),
    Row("tool_ids", "null_id", "missing", also=("tool_loop", "tool_error", "message_replay"), protocols=(CHAT,)),
    Row("tool_stream", "invalid_json", "not_json", protocols=(MESSAGES,)),
    Row("tool_stream", "index_zero", "malformed", protocols=(CHAT,)),
)

CONTEXT = (
    Row("thinking_replay", "fake_signature", protocols=(MESSAGES,)),
    Row("thinking_tampered", "signature_unchecked", "accepted", protocols=(MESSAGES,)),
)

ROWS: tuple[Row, ...] = (*REACH, *TOOLS, *CONTEXT)
