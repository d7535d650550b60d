"""What must not be handed on with a report, though no mask of the recording covers it: ids of accounts, addresses of people,
and whatever looks like a key that is not ours."""

from __future__ import annotations

import re
from typing import Any

from app.text.json_text import mend_surrogates
from app.text.patterns import late

_ACCOUNT = late(
    r"\b((?:org|organization|proj|project|acct|account|user|usr|cust|customer|team|workspace|wrkspc|tenant)[-_])"
    r"(?=[A-Za-z_-]*\d)[A-Za-z0-9][A-Za-z0-9_-]{7,}"
)
_KEY = late(
    r"\b((?:sk|pk|rk|gsk|xai|hf|nvapi|pplx|csk|fw|AIza)(?:[-_](?:ant|proj|or|svcacct|admin))?(?:[-_]|(?<=AIza)))"
    r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,}"
)
_MAIL = late(r"\b[\w.+-]{1,64}@([\w-]{1,63}(?:\.[\w-]{1,63})+)")
HIDDEN = "…"


class Hiding:
    """Hides them in all texts of a value.

    Attributes:
        count: how many were hidden.
    """

    def __init__(self) -> None:
        self.count = 0

    def text(self, text: str) -> str:
        """The text without them, as any encoding can hold it; what remains tells what they were."""
        text = mend_surrogates(text)
        for pattern in (_ACCOUNT(), _KEY()):
            text = pattern.sub(self._behind, text)
        return _MAIL().sub(self._before, text) if "@" in text else text

    def value(self, value: Any) -> Any:
        """The same for each text in plain data; the names of fields are ours or the protocol's."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {name: self.value(one) for name, one in value.items()}
        return [self.value(one) for one in value] if isinstance(value, list | tuple) else value

    def _behind(self, match: re.Match[str]) -> str:
        self.count += 1
        return match[1] + HIDDEN

    def _before(self, match: re.Match[str]) -> str:
        self.count += 1
        return f"{HIDDEN}@{match[1]}"
