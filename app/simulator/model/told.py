"""What the simulated model was told, in a form that its words in any language are made of."""

from __future__ import annotations

import json


def weather_in(text: str) -> tuple[float, object] | None:
    """The degrees and the sky of a tool's report of the weather; None where the text is none."""
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(report, dict) or set(report) != {"temperature_c", "sky"}:
        return None
    degrees = report["temperature_c"]
    return (degrees, report["sky"]) if isinstance(degrees, int | float) else None


def shortened(text: str, limit: int = 160) -> str:
    """In one line of at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
