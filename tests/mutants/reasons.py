"""Why no test notices a mutant, by its name. One that is noticed, or that there is no more, must not stand here."""

from __future__ import annotations

REASONS: dict[str, str] = {}
