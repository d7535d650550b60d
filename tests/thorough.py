"""Whether the tests that try very many inputs are to try all they can: with `DIPTYCH_THOROUGH=1`, which takes minutes more."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("DIPTYCH_THOROUGH") == "1"
