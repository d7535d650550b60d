"""How an exchange ended, and what its body is: two enums that many modules need without `Exchange` itself."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How an exchange ended (DESIGN 4). RUNNING is not an end."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Shape(StrEnum):
    """What the body is, judged by its first bytes (and its content type where they leave it open)."""

    UNKNOWN = "unknown"
    EVENTS = "events"
    WHOLE = "whole"
