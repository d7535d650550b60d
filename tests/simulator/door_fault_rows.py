"""The rows of the faults at the door (`app.simulator.faults.gate`)."""

from __future__ import annotations

from tests.simulator.fault_rows import C, M, R, Row, whole
from tests.simulator.raw import request

CALL = {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
ASKED_BACK = [
    {"role": "user", "content": "What is the weather?"},
    {"role": "assistant", "content": None, "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "call_1", "content": "rain"},
]

DOOR_ROWS: dict[str, Row] = {
    "one_client_only": whole(M, lambda r: r.status == 400 and "Claude Code" in r.text),
    "streams_502": Row(C, lambda r: r.status == 502, request(C)),
    "tools_502": whole(C, lambda r: r.status == 502, tools=[{"type": "function", "function": {"name": "x"}}]),
    "trivial_blocked": whole(C, lambda r: r.status == 403, messages=[{"role": "user", "content": "Hi!"}]),
    "effort_refused": Row(R, lambda r: "fixed here" in r.text, request(R, stream=False, reasoning={"effort": "low"})),
    "null_content_refused": whole(C, lambda r: "valid string" in r.text, messages=ASKED_BACK),
    "no_request_id": whole(M, lambda r: r.status == 200 and "request-id" not in r.headers),
    "effort_forced": whole(M, lambda r: r.json["content"][0]["type"] == "thinking"),
}
