"""The limits that response headers tell of, each with its reset (PROTOCOLS 4.3, draft-ietf-httpapi-ratelimit-headers)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from app.diagnosis.waits.times import Time, read_time
from app.recording.records import Headers, find_header

VENDOR = "llm_provider-"  # in front of the headers of the vendor behind, as LiteLLM passes them on
_UNIFIED = re.compile(r"anthropic-ratelimit-unified-(?:(?P<window>[a-z0-9_]+)-)?reset")
_CODEX = re.compile(r"x-codex-(?P<window>[a-z0-9_-]+)-(?P<form>reset-after-seconds|reset-at)")
_RATE = re.compile(
    r"(?P<family>anthropic-(?:ratelimit|priority|fast)|x-rate-?limit|rate-?limit|x-ratelimit-?bysize|ratelimitbysize)"
    r"-(?:(?P<before>[a-z0-9_-]+?)-)?reset(?P<form>-(?:after|ms|at|in|seconds|time))?(?:-(?P<behind>[a-z0-9_-]+))?"
)
_WINDOWS = {"5h": "five_hour", "7d": "seven_day", "7d_opus": "seven_day_opus", "7d_sonnet": "seven_day_sonnet"}
_WINDOW_MINUTES = {"300": "five_hour", "10080": "seven_day"}
_NO_WINDOW = ("overage", "fallback")  # what is paid for beside the windows: to wait for its reset opens nothing
_ITEM = re.compile(
    r'\s*(?P<name>"(?:[^"\\]|\\.)*"|[\w*.:/%-]+)?(?P<values>(?:\s*;\s*[\w*.-]+(?:=(?:"[^"]*"|[^;,"]*))?)*)\s*(?:,|\Z)'
)
_VALUE = re.compile(r';\s*([\w*.-]+)=("[^"]*"|[^;,"]*)')
_PAIR = re.compile(r"\b(limit|remaining|reset)\s*=\s*(\d+(?:\.\d+)?)")


class Limit(msgspec.Struct, frozen=True):
    """One limit. `name` and `raw` are those of the header with its reset.

    `kind` is what it counts, as the headers name it ("requests", "input-tokens", ...; "" where they don't). `left` and `most`
    are None where they are not said. `window` is that of a subscription ("five_hour", "seven_day"), "" for a limit of rate.
    """

    name: str
    raw: str
    time: Time | None
    kind: str = ""
    left: float | None = None
    most: float | None = None
    window: str = ""


def plan_windows(headers: Headers) -> list[Limit]:
    """The windows of a subscription: Anthropic's unified limits and Codex's. `left` is 0 for one that is said to be closed."""
    return [*_unified(headers), *_codex(headers)]


def _unified(headers: Headers) -> Iterator[Limit]:
    """Each window, then all as one, whose window the representative claim names."""
    whole = None
    for name, raw in headers:
        plain = name.lower().removeprefix(VENDOR)
        if (found := _UNIFIED.fullmatch(plain)) is None:
            continue
        window = found["window"] or ""
        status = _beside(headers, name, "status").lower()
        left = 0.0 if status == "rejected" else None if not status else 1.0
        if not window:
            whole = Limit(name, raw, read_time(raw), left=left, window=_beside(headers, name, "representative-claim") or "plan")
        elif not window.startswith(_NO_WINDOW):
            yield Limit(
                name, raw, read_time(raw), left=left, window=_WINDOWS.get(window) or _WINDOWS.get(window.split("_")[0], "plan")
            )
    if whole is not None:
        yield whole


def _codex(headers: Headers) -> Iterator[Limit]:
    for name, raw in headers:
        plain = name.lower().removeprefix(VENDOR)
        if (found := _CODEX.fullmatch(plain)) is None:
            continue
        stem = name[: -len(found["form"])]
        used = _number(find_header(headers, f"{stem}used-percent"))
        minutes = find_header(headers, f"{stem}window-minutes") or ""
        left = None if used is None else max(0.0, 100.0 - used)
        yield Limit(name, raw, read_time(raw), left=left, window=_WINDOW_MINUTES.get(minutes.strip(), "plan"))


def rate_limits(headers: Headers) -> list[Limit]:
    """The limits of rate, in all spellings."""
    named = [limit for name, raw in headers if (limit := _rate(headers, name, raw)) is not None]
    return [*named, *_structured(headers)]


def _rate(headers: Headers, name: str, raw: str) -> Limit | None:
    """Of `x-ratelimit-reset-tokens`, `ratelimit-reset`, `anthropic-ratelimit-tokens-reset` and their like."""
    found = _RATE.fullmatch(name.lower().removeprefix(VENDOR))
    if found is None or (found["before"] or "").startswith("unified"):
        return None
    unit_s = 1e-3 if found["form"] == "-ms" else 1.0
    left, most = (
        _number(find_header(headers, re.sub(r"reset(?:-(?:after|ms|at|in|seconds|time)\b)?", word, name, flags=re.IGNORECASE)))
        for word in ("remaining", "limit")
    )
    kind = found["before"] or found["behind"] or ""
    return Limit(name, raw, read_time(raw, unit_s), kind, left, most)


def _structured(headers: Headers) -> Iterator[Limit]:
    """Of `RateLimit: "default";r=0;t=45` with its policies, and of the draft before: `limit=100, remaining=0, reset=45`."""
    raw = ", ".join(value for name, value in headers if name.lower().removeprefix(VENDOR) == "ratelimit")
    policies = dict(
        _items(", ".join(value for name, value in headers if name.lower().removeprefix(VENDOR) == "ratelimit-policy"))
    )
    pairs = dict(_PAIR.findall(raw.lower()))
    if "reset" in pairs:
        yield Limit(
            "ratelimit", raw, read_time(pairs["reset"]), "", _number(pairs.get("remaining")), _number(pairs.get("limit"))
        )
        return
    for name, values in _items(raw):
        policy = policies.get(name, {})
        if "t" in values or "r" in values:
            time = read_time(values["t"]) if "t" in values else None
            kind = policy.get("qu", "")
            yield Limit("ratelimit", raw, time, kind, _number(values.get("r")), _number(policy.get("q")))


def _items(raw: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The items of a structured list (RFC 9651) with their parameters; what is none ends it."""
    at = 0
    while at < len(raw) and (found := _ITEM.match(raw, at)) and found.end() > at:
        at = found.end()
        if found["name"]:
            yield found["name"].strip('"'), {key: value.strip('" ') for key, value in _VALUE.findall(found["values"])}


def _beside(headers: Headers, reset: str, word: str) -> str:
    """The header that stands beside a reset: its name with the last word exchanged."""
    return (find_header(headers, reset[: -len("reset")] + word) or "").strip()


def _number(raw: str | None) -> float | None:
    """The number that a value begins with (`0`, `100, 100;w=60`); None without one."""
    found = re.match(r"\s*\"?(\d{1,15}(?:\.\d{1,9})?)", raw or "")
    return float(found[1]) if found else None
