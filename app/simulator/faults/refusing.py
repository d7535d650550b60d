"""Faults in how a request that is wrong is refused: another status, another shape, what it gives away, or no refusal at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from app.simulator.faults.http import html_reply
from app.simulator.faults.registry import ALL, EVERYWHERE, Stage, add_fault, fault
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Frame, Reply, compact
from app.simulator.shared.refusals import RefusalError, error_document

_GROUP = "refusals"
_REFUSED = range(400, 500)

add_fault("refusals_answered", Stage.SWITCH, _GROUP, "A request that is wrong is answered with 200, as if it said hello.")


@fault(Stage.EARLY, _GROUP, ALL, default=1024)
def body_limit(context: RequestContext) -> Reply | None:
    """A body of more than 1024 KB (or as many as given) gets 413 as a proxy's HTML page."""
    length = context.headers.get("content-length", "")
    if not length.isdecimal() or int(length) <= context.value("body_limit") * 1024:
        return None
    title = "413 Request Entity Too Large"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><center><h1>{title}</h1></center>"
    return html_reply(413, f"{page}<hr><center>nginx</center></body>\r\n</html>\r\n")


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=500)
def refusal_status(reply: Reply, context: RequestContext) -> None:
    """A refusal comes with status 500, or the one given; its document stays."""
    if reply.status in _REFUSED:
        reply.status = context.value("refusal_status")


def _error_of(reply: Reply) -> dict[str, Any]:
    """The vendor's error in a reply; an empty one where it has another shape."""
    try:
        found = json.loads(reply.body)["error"]
    except (ValueError, KeyError, TypeError):
        return {}
    return found if isinstance(found, dict) else {}


def _nested(reply: Reply, context: RequestContext) -> Any:
    upstream = reply.body.decode("utf-8", "replace")
    message = f"Error from provider (status {reply.status}): {upstream} (request id: 20261120153012000000abcd)"
    return {"error": {"message": message, "type": "upstream_error", "param": None, "code": "bad_response_status_code"}}


def _vague(reply: Reply, context: RequestContext) -> Any:
    return {"error": {"message": "bad request", "type": "new_api_error"}}


def _foreign(reply: Reply, context: RequestContext) -> Any:
    refusal = RefusalError(reply.status, str(_error_of(reply).get("message", "")))
    return error_document(refusal, anthropic=not context.anthropic, request_id=context.request_id)


def _leaking(reply: Reply, context: RequestContext) -> Any:
    error = _error_of(reply)
    key = next(iter(context.keys), "none")
    trace = (
        f'File "/srv/gateway/upstream.py", line 88, in send: POST http://10.0.3.17:8080/v1 key={key} UPSTREAM_KEY=sk-pool-0417'
    )
    return {"error": error | {"message": f"{error.get('message', '')} Traceback (most recent call last): {trace}"}}


_SHAPES: dict[str, tuple[str, Callable[[Reply, RequestContext], Any]]] = {
    "refusal_nested": ("A refusal stands as text inside the gateway's own error.", _nested),
    "refusal_vague": ("A refusal says `bad request`, and no more.", _vague),
    "refusal_foreign": ("A refusal has the other vendor's shape.", _foreign),
    "refusal_leaks": ("A refusal gives away the key, a stack frame and an address behind the endpoint.", _leaking),
    "refusal_text": ("A refusal is plain text.", lambda reply, context: None),
}


def _reshape(build: Callable[[Reply, RequestContext], Any]) -> Callable[[Reply, RequestContext], None]:
    def step(reply: Reply, context: RequestContext) -> None:
        if reply.status not in _REFUSED:
            return
        document = build(reply, context)
        text = str(_error_of(reply).get("message", "bad request")) if document is None else compact(document)
        reply.frames = [Frame(text.encode("utf-8"))]
        reply.set_header("content-type", "text/plain; charset=utf-8" if document is None else "application/json")

    return step


for _name, (_line, _build) in _SHAPES.items():
    add_fault(_name, Stage.REPLY, _GROUP, _line, EVERYWHERE, step=_reshape(_build))
