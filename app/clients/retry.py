"""What a client does with an error: whether it asks again, how often, after how long, and what it raises in the end.

Everything is taken from runs (`tests.clients.retries`): a status, a header or a length of time that no run was made with is
said to be not tried. A length between two that were played is told where the client did the same with both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from email.utils import parsedate_to_datetime
from enum import StrEnum

import msgspec

from app.clients.table import Client, Probe, Table, table
from app.exchange.exchange import Exchange
from app.recording.records import Headers, WireErrorCode, find_header
from app.text.sentences import render

_AFTER = "after"
_MS_PLAYED_S = 1.5
_BROKEN = {WireErrorCode.RESET: "reset", WireErrorCode.NOT_HTTP: "closed"}
_AGAIN = "{client} asks {more:plural more time|more times}, after {waits:list}, and then raises {raises}."
_AT_ONCE = "{client} asks {more:plural more time|more times} at once, and then raises {raises}."
_ONCE = "{client} does not ask again: it raises {raises}."
_UNTRIED = "What {client} does with this was not tried."
_OBEYS = (
    "It waits as long as a retry-after says, {bound:if up to {most:duration}|even {most:duration}, the longest that was tried}"
    "{more:if  ({more:plural more time|more times})}{longer:select obeys=|ignores=; a longer one it does not look at|"
    "other=; where that is longer it does not ask again}."
)
_IGNORES = "It does not look at a retry-after."
_GIVES_UP = "{client} does not ask again, since {after_s:duration} is longer than it waits: it raises {raises}."


class Kind(StrEnum):
    """What a client makes of a `retry-after`."""

    OBEYS = "obeys"
    IGNORES = "ignores"
    GIVES_UP = "gives up"


class Forecast(msgspec.Struct, frozen=True):
    """What a client would do with an error.

    Attributes:
        tried: False where no run says it; the rest is empty then.
        tries: requests in all.
        waits_s: before each further one, at most; the client's own backoff is drawn at random below that.
        asked_s: the seconds that the endpoint asked for, None where it did not, or where the client does not look.
        raises: the class that the caller sees in the end.
    """

    client: Client
    tried: bool = False
    tries: int = 0
    waits_s: tuple[float, ...] = ()
    asked_s: float | None = None
    raises: str = ""

    @property
    def words(self) -> str:
        """A sentence."""
        fields: dict[str, object] = {
            "client": self.client.title,
            "more": self.tries - 1,
            "waits": [_wait(one, exact=one == self.asked_s) for one in self._shown],
            "raises": self.raises,
            "after_s": self.asked_s,
        }
        if not self.tried:
            return render(_UNTRIED, fields)
        if self.tries > 1:
            return render(_AGAIN if self.waits_s else _AT_ONCE, fields)
        return render(_GIVES_UP if self.asked_s is not None else _ONCE, fields)

    @property
    def _shown(self) -> Sequence[float]:
        """The waits, once where all are the same."""
        return self.waits_s[:1] if len(set(self.waits_s)) == 1 else self.waits_s


def _wait(seconds: float, *, exact: bool) -> str:
    return render("{seconds:duration}" if exact else "at most {seconds:duration}", {"seconds": seconds})


def forecast(client: Client, exchange: Exchange) -> Forecast | None:
    """What this client would do in the exchange's place; None where there is nothing that a client would ask again for."""
    probes = client.retries.get(exchange.recording.envelope.protocol, {})
    head, end = exchange.recording.head, exchange.recording.end
    if head is None:
        name = _BROKEN.get(WireErrorCode(end.code)) if end is not None and end.code in list(WireErrorCode) else None
        return None if end is None or not end.code else _of(client, probes.get(name or ""))
    if head.status < 400:
        return None
    return _of_status(client, probes, head.status, head.headers)


def forecast_of(client: Client, protocol: str, status: int, headers: Headers = ()) -> Forecast:
    """What this client would do with an answer of this status (400 or above)."""
    return _of_status(client, client.retries.get(protocol, {}), status, headers)


def at_429(client: Client, protocol: str) -> str:
    """Sentences on what this client does where it is told that it asks too often; "" where it was not run with that."""
    plain = forecast_of(client, protocol, 429)
    if not plain.tried:
        return ""
    return f"{plain.words} {_of_waits(client.retries[protocol], plain)}"


def _of_waits(probes: dict[str, Probe], plain: Forecast) -> str:
    """How long a `retry-after` may be for the client to wait it out. 0 s says nothing: any wait is as long."""
    kinds = {seconds: _kind_of(probe, probes["429"]) for seconds, probe in _played(probes).items() if seconds}
    obeyed = [seconds for seconds, kind in kinds.items() if kind is Kind.OBEYS]
    if not obeyed:
        return render(_IGNORES, {})
    longer = kinds[max(kinds)]
    asked = _played(probes)[max(obeyed)]
    if longer is Kind.IGNORES and asked[0] > 1 and plain.tries == 1:
        longer = Kind.GIVES_UP  # without a wait that it takes it does not ask again
    fields = {
        "most": max(obeyed),
        "bound": longer is not Kind.OBEYS,
        "more": asked[0] - 1 if asked[0] != plain.tries else None,
        "longer": "other" if longer is Kind.GIVES_UP else longer.value,
    }
    return render(_OBEYS, fields)


def forecasts(exchange: Exchange, known: Table | None = None) -> list[Forecast]:
    """What each client of the protocol would do."""
    speaking = (known or table()).speaking(exchange.recording.envelope.protocol)
    return [one for client in speaking if (one := forecast(client, exchange)) is not None]


def _of_status(client: Client, probes: dict[str, Probe], status: int, headers: Headers) -> Forecast:
    plain = probes.get(str(status))
    should = (find_header(headers, "x-should-retry") or "").lower()
    if plain is not None and should in ("true", "false"):
        plain = _told(plain, probes, should)
    # A client may ask again after 429 only where it is told when; of other statuses what it does without the header counts.
    if plain is None or (plain[0] == 1 and status != 429) or should == "false":
        return _of(client, plain)
    millis = _number(find_header(headers, "retry-after-ms"))
    if millis is not None and _MS_PLAYED_S in probes["429 ms"][1]:
        return _of(client, plain, millis / 1000)
    value = find_header(headers, "retry-after")
    seconds = _number(value)
    if seconds is None:
        seconds = _until(value, find_header(headers, "date"))
        if seconds is None or _AFTER not in probes["429 date 30"][1]:
            return _of(client, plain)
    match _kind(probes, seconds):
        case Kind.OBEYS:
            tries = max(probe[0] for name, probe in probes.items() if name.startswith("429 after "))
            return _of(client, (tries, *plain[1:]), seconds)
        case Kind.IGNORES:
            return _of(client, plain)
        case Kind.GIVES_UP:
            return Forecast(client, True, 1, (), seconds, plain[2])
    return Forecast(client)


def _number(value: str | None) -> float | None:
    """A header's number, as clients read it."""
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(value: str | None, now: str | None) -> float | None:
    """The seconds from one HTTP date to another."""
    try:
        return max((parsedate_to_datetime(value or "") - parsedate_to_datetime(now or "")).total_seconds(), 0.0)
    except (ValueError, TypeError):  # no dates, or one with a zone and one without
        return None


def _told(plain: Probe, probes: dict[str, Probe], should: str) -> Probe:
    """The same with `x-should-retry`, where runs say that the client listens to it."""
    if should == "true" and probes["400 yes"][0] > 1:
        return (probes["400 yes"][0], probes["400 yes"][1], *plain[2:])
    if should == "false" and probes["429 no"][0] == 1:
        return (1, (), *plain[2:])
    return plain


def _kind(probes: dict[str, Probe], seconds: float) -> Kind | None:
    """What it makes of a retry-after so long; None where the runs on both sides of it differ, or there is none."""
    played = _played(probes)
    below = max((one for one in played if one <= seconds), default=None)
    above = min((one for one in played if one >= seconds), default=None)
    if below is None or above is None:
        return None
    kinds = {_kind_of(played[one], probes["429"]) for one in (below, above) if one or seconds == 0}
    return kinds.pop() if len(kinds) == 1 else None


def _played(probes: dict[str, Probe]) -> dict[float, Probe]:
    """What came of a 429 by the seconds of its `retry-after`."""
    return {float(name.removeprefix("429 after ")): probe for name, probe in probes.items() if name.startswith("429 after ")}


def _kind_of(probe: Probe, plain: Probe) -> Kind:
    if _AFTER in probe[1]:
        return Kind.OBEYS
    return Kind.GIVES_UP if probe[0] == 1 and plain[0] > 1 else Kind.IGNORES


def _of(client: Client, probe: Probe | None, asked_s: float | None = None) -> Forecast:
    if probe is None:
        return Forecast(client)
    tries, waits, raises, _ = probe
    own = tuple(one for one in waits if isinstance(one, float | int))
    return Forecast(client, True, tries, (asked_s,) * (tries - 1) if asked_s is not None else own, asked_s, raises)
