"""How verdicts look on every page: a shape, and the theme's colour."""

from __future__ import annotations

from app.checks.verdict import Verdict

LOOKS: dict[Verdict | None, tuple[str, str]] = {
    Verdict.PASS: ("✓", "ok"), Verdict.FAIL: ("✕", "bad"), Verdict.DIFFERS: ("≠", "warn"), Verdict.UNSUPPORTED: ("∅", "muted"),
    Verdict.INCONCLUSIVE: ("?", "warn"), Verdict.SKIPPED: ("–", "muted"), None: ("◌", "a"),
}  # fmt: skip
"""None: it is being asked."""
