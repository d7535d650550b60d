"""What all Python drivers share: jobs come as lines of JSON on standard input, what the client made of each goes out as one.

A driver runs in its client's own environment and imports nothing of Diptych. Waits are noted and not waited: a client that
would sleep before it asks again goes on at once, and `random()` is 0, so that its backoff is the longest that it would choose.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import ssl
import sys
import time
from collections.abc import Callable
from typing import Any

KEY = "sk-clients-0123456789abcdef0123456789abcdef"
QUESTION = "What is the weather in Paris and Tokyo?"
SCHEMA: dict[str, Any] = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
ABOUT = "The current weather in a city."
MODELS = {"anthropic-messages": "claude-sonnet-4-6", "openai-chat": "gpt-5.5", "openai-responses": "gpt-5.5"}
SHORTEST_WAIT_S = 0.05

Job = dict[str, Any]
Seen = dict[str, Any]
waits: list[float] = []
_sleep, _async_sleep = time.sleep, asyncio.sleep


def _noted_sleep(seconds: float) -> None:
    if seconds < SHORTEST_WAIT_S:
        _sleep(seconds)
    else:
        waits.append(seconds)


async def _noted_async_sleep(delay: float, result: Any = None) -> Any:
    if delay >= SHORTEST_WAIT_S:
        waits.append(delay)
        delay = 0
    return await _async_sleep(delay, result)


def note_waits() -> None:
    """From here on no sleep takes time, and no certificates are loaded (a driver never speaks TLS): that is most of what it
    costs to make a client. To be called before the client is imported."""
    time.sleep = _noted_sleep  # type: ignore[assignment]
    asyncio.sleep = _noted_async_sleep
    random.random = lambda: 0.0
    ssl.SSLContext.load_verify_locations = lambda *_, **__: None  # type: ignore[method-assign]
    ssl.SSLContext.load_default_certs = lambda *_, **__: None  # type: ignore[method-assign]


def serve(play: Callable[[Job], Seen]) -> None:
    """Play each job that comes; what `play` raises is part of what is seen. What clients print goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        waits.clear()
        try:
            seen = play(json.loads(line))
        except Exception as error:
            seen = {"error": error_facts(error)}
        out.write(json.dumps({**seen, "waits": waits}, default=str) + "\n")
        out.flush()


def error_facts(error: BaseException) -> Seen:
    """The class as a user catches it, and the status where the class has one."""
    kind = type(error)
    status = getattr(error, "status_code", None)
    name = f"{kind.__module__.split('.')[0].removeprefix('builtins')}.{kind.__name__}".lstrip(".")
    return {"class": name, "status": status if isinstance(status, int) else None, "message": str(error)[:300]}


def seen(
    text: Any, calls: Any, stop: Any, tokens_in: Any, tokens_out: Any, *, model: Any = None, reasoning: Any = None
) -> Seen:
    """What came out. `calls` are (id, name, arguments as an object or as text); None is "not to be compared"."""
    return {
        "text": text,
        "calls": calls,
        "stop": stop,
        "input": tokens_in,
        "output": tokens_out,
        "model": model,
        "reasoning": reasoning,
    }


def get(value: Any, *names: str) -> Any:
    """An attribute or entry down a path; None where one is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else getattr(value, name, None)
    return value
