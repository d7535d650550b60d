"""Headers that say when to come back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from app.simulator.faults.registry import EVERYWHERE, Stage, add_fault, fault
from app.simulator.server.request_context import RequestContext
from app.simulator.shared.events import Reply

_GROUP = "limits"

add_fault("no_rate_headers", Stage.SWITCH, _GROUP, "No rate limit headers.", EVERYWHERE)
add_fault("no_request_id", Stage.SWITCH, _GROUP, "No header names the request.", EVERYWHERE)


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=7)
def retry_after(reply: Reply, context: RequestContext) -> None:
    """`retry-after` in seconds."""
    reply.set_header("retry-after", str(context.value("retry_after")))


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=7)
def retry_after_date(reply: Reply, context: RequestContext) -> None:
    """`retry-after` as an HTTP date, so many seconds ahead."""
    when = datetime.now(UTC) + timedelta(seconds=context.value("retry_after_date"))
    reply.set_header("retry-after", format_datetime(when, usegmt=True))


@fault(Stage.REPLY, _GROUP, EVERYWHERE, default=1500)
def retry_after_ms(reply: Reply, context: RequestContext) -> None:
    """`retry-after-ms` in milliseconds."""
    reply.set_header("retry-after-ms", str(context.value("retry_after_ms")))


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def retry_after_nonsense(reply: Reply, context: RequestContext) -> None:
    """`retry-after` says `soon`."""
    reply.set_header("retry-after", "soon")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def should_retry_true(reply: Reply, context: RequestContext) -> None:
    """`x-should-retry: true`."""
    reply.set_header("x-should-retry", "true")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def should_retry_false(reply: Reply, context: RequestContext) -> None:
    """`x-should-retry: false`."""
    reply.set_header("x-should-retry", "false")


@fault(Stage.REPLY, _GROUP, EVERYWHERE)
def rate_exhausted(reply: Reply, context: RequestContext) -> None:
    """The rate limit headers say that nothing is left."""
    reply.headers = [(name, "0" if "remaining" in name else value) for name, value in reply.headers]
