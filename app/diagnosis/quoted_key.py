"""Whether a key that an error quotes, its middle hidden, can be the one that was sent.

Of a key that was sent a recording has the first four and the last two characters, the rest as stars (`app.secrets.masking`);
shorter keys it hides whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_SENT = re.compile(r"(?:^|\s)([^\s*]{4})\*{8,}([^\s*]{2})$")
_NAMED = r"(?:key|token|令牌|密钥)[^|]{0,24}?(?<![\w-])"
_STARRED = re.compile(_NAMED + r"([a-z][\w-]{0,15})?[*•]{3,}[*•.…]*([\w-]{0,8})", re.IGNORECASE)
_DOTTED = re.compile(_NAMED + r"([a-z]{2,8}[-_][\w-]{0,15})(?:…|\.{3})([\w-]{0,8})", re.IGNORECASE)
_COMMON = "sk-"  # what relays put before a key, and take off


def quotes_another(message: str, sent: Iterable[str]) -> bool:
    """Whether the message quotes a key that none of these is. `sent` are values of headers as a recording keeps them; one that
    is hidden whole may be any key.
    """
    quoted = _STARRED.search(message) or _DOTTED.search(message)
    ends = [_SENT.search(value.strip()) for value in sent if value.strip()]
    if quoted is None or not ends or not any(quoted.groups()):
        return False
    return all(own is not None and _differ(own, quoted) for own in ends)


def _differ(own: re.Match[str], quoted: re.Match[str]) -> bool:
    first, last = (quoted[1] or "").removeprefix(_COMMON), quoted[2]
    begin = own[1].removeprefix(_COMMON)
    shown = min(len(first), len(begin))
    tail = min(len(last), len(own[2]))
    return first[:shown].lower() != begin[:shown].lower() or last[len(last) - tail :].lower() != own[2][2 - tail :].lower()
