"""Is the address reached, and by what: names, TLS, HTTP, redirects, headers, and what stands in the model list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.checks.asker import Asker
from app.checks.check import ADMITTED, COMPLETES, FREE, REACHED, Check, Control, Cost, Group
from app.checks.judgement import Judged, Measured
from app.checks.seen import Steps, beside, each
from app.checks.verdict import Verdict
from app.model_names import read_model_list, same_model
from app.protocols.findings import Severity
from app.recording.records import Certificate, Headed, Wanted, find_header
from app.secrets.loopback import is_this_machine
from app.text.urls import split_url

MOST_PAGES = 3  # of a model list: Anthropic's holds a thousand a page, the others come whole
SOON = timedelta(days=7)
SHORT_LIVED_SHARE = 4  # certificates of six days are renewed at half their life: of those the last quarter is late

_REACHED = "{who} answers at this address{tls:if , over {tls}}, by {http}."
_OLD_HTTP = "{who} answers by {http}, which has no chunks: it can't stream to clients that keep their connection."
_OLD_BRIEF = "it speaks HTTP/1.0, which can't stream"
_NOT_REACHED = "{cause:or Nothing answers at this address.}"

_PLAIN_HERE = "{who} is on this machine and speaks plain HTTP: no certificate is needed."
_PLAIN = "{who} is spoken to without TLS: whoever is on the way can read the key and all that is said."
_CERTIFICATE = (
    "{who} has a certificate for {days} more {days:word day|days}{unchecked:if , which this profile does not verify}."
)
_SOON = "{who} has a certificate that ends in {days:plural day|days}: from then on every client refuses to connect."
_NO_CERTIFICATE = "{who} is spoken to over {tls}; its certificate is not in the recording."
_RENEW = "Whoever runs it has to renew the certificate; ask whether that is automatic."
_USE_HTTPS = "Use its https:// address."

_STAYS = "{who} answers at this very address."
_MOVED = (
    "{who} redirects to {location:or another address} (status {status}): a client that follows may lose its key or its body on "
    "the way."
)
_LIST_MOVED = (
    "{who} redirects whoever asks for its model list to {location:or another address}; questions are answered in place."
)
_TAKE_IT = "Take the address behind the redirect for the base URL."

_NO_NEWS = "{who} answers with no header that the control lacks."
_NEWS = "{who} adds {names:list}, which the control does not send. That names the software on the way, and is no fault."
_CONTROL = "{who} is what the other is held against."

_NO_LIST = "{who} has no model list that can be read (status {status})."
_EMPTY_LIST = "{who}'s model list is empty."
_LISTED = (
    "{who} lists {count:plural model|models}, {model} among them{beside:if ; {more} that the control lacks, {fewer} fewer}."
)
_UNLISTED = (
    "{who} lists {count:plural model|models}, and {model} is not among them{beside:if ; {more} that the control lacks, {fewer} "
    "fewer}. That alone says little: some lists are cut, or know a model by another name."
)
_LONG_LIST = "{who} lists more models than were asked for ({count}), and {model} is not among these."


async def _ask_list(asker: Asker) -> None:
    after: str | None = None
    for n in range(1, MOST_PAGES + 1):
        one = await asker.send("models", asker.protocol.models_request(asker.target, after), n=n, wanted=Wanted.MODELS)
        after = read_model_list(bytes(one.decoded.data)).next_after if one.status == 200 else None
        if after is None:
            return


def _judge_reached(steps: Steps) -> Judged:
    one = steps.get("models")
    if one is None:
        return steps.not_asked()
    head, connection = one.recording.head, one.recording.connection
    if head is None:
        why = steps.diagnosis("models")
        return Judged(
            verdict=Verdict.FAIL,
            reason="no_answer",
            sentence=_NOT_REACHED,
            fields={"cause": why.cause if why else "", "fix": why.fix if why else ""},
            short="no answer",
            advice="{fix}",
            evidence=(steps.evidence("models"),),
        )
    timing = one.timing
    old = head.http_version == "HTTP/1.0"
    return Judged(
        verdict=Verdict.DIFFERS if old else Verdict.PASS,
        reason="http_1_0" if old else "answers",
        sentence=_OLD_HTTP if old else _REACHED,
        brief=_OLD_BRIEF if old else "",
        fields={"tls": connection.tls_version if connection else "", "status": one.status, "http": head.http_version},
        short="{status}, {http}",
        measured=(
            Measured("status", one.status),
            Measured("HTTP version", head.http_version),
            Measured("TLS version", (connection.tls_version or None) if connection else None),
            Measured("address", (connection.peer or None) if connection else None),
            Measured("name resolution", timing.dns, "ms"),
            Measured("connect", timing.connect, "ms"),
            Measured("TLS handshake", timing.tls, "ms"),
        ),
        evidence=(steps.evidence("models"),),
    )


def _judge_tls(steps: Steps) -> Judged:
    """False alarms: short-lived certificates are renewed late in their life by design, so what is left counts by it."""
    one = steps.get("models")
    if one is None:
        return steps.not_asked()
    connection, evidence = one.recording.connection, (steps.evidence("models"),)
    if connection is None or not connection.tls_version:
        return _without_tls(steps)
    certificate, now = connection.certificate, _time(one.recording.envelope.started_utc)
    ends = _time(certificate.not_after) if certificate is not None else None
    if certificate is None or ends is None or now is None:
        fields = {"tls": connection.tls_version}
        return Judged(
            verdict=Verdict.PASS, reason="tls", sentence=_NO_CERTIFICATE, fields=fields, short="{tls}", evidence=evidence
        )
    left = ends - now
    soon = left < _late(certificate)
    unchecked = not one.recording.envelope.profile.verify_tls
    return Judged(
        verdict=Verdict.DIFFERS if soon else Verdict.PASS,
        reason="ends_soon" if soon else "tls",
        sentence=_SOON if soon else _CERTIFICATE,
        fields={"days": left.days, "tls": connection.tls_version, "unchecked": unchecked},
        short="{tls}, {days:plural day|days} left",
        advice=_RENEW if soon else "",
        measured=(Measured("days left", left.days, "days"), Measured("issuer", certificate.issuer)),
        evidence=evidence,
    )


def _without_tls(steps: Steps) -> Judged:
    one = steps["models"]
    here = is_this_machine(split_url(one.recording.request.url).hostname or "")
    if one.recording.head is None or split_url(one.recording.request.url).scheme != "http":
        return steps.trouble("models") or steps.not_asked()
    return Judged(
        verdict=Verdict.UNSUPPORTED if here else Verdict.DIFFERS,
        reason="plain_here" if here else "plain",
        sentence=_PLAIN_HERE if here else _PLAIN,
        short="no TLS",
        advice="" if here else _USE_HTTPS,
        evidence=(steps.evidence("models"),),
    )


def _late(certificate: Certificate) -> timedelta:
    begins, ends = _time(certificate.not_before), _time(certificate.not_after)
    return min(SOON, (ends - begins) / SHORT_LIVED_SHARE) if begins and ends else SOON


def _time(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo is not None else read.replace(tzinfo=UTC)


def _judge_redirect(steps: Steps) -> Judged:
    one = steps.get("models")
    head: Headed | None = one.recording.head if one is not None else None
    if head is None:
        return steps.trouble("models") or steps.not_asked()
    location = find_header(head.headers, "location") or ""
    moved = 300 <= head.status < 400 and head.status != 304
    asked = steps.get("hello")
    list_alone = moved and asked is not None and 200 <= asked.status < 300
    verdict, reason, sentence = (Verdict.FAIL, "redirects", _MOVED) if moved else (Verdict.PASS, "stays", _STAYS)
    if list_alone:
        verdict, reason, sentence = Verdict.DIFFERS, "list_redirects", _LIST_MOVED
    return Judged(
        verdict=verdict,
        reason=reason,
        sentence=sentence,
        harm=Severity.NOTE if list_alone else None,
        fields={"location": location, "status": head.status},
        short="{status}",
        advice=_TAKE_IT if moved and not list_alone else "",
        measured=(Measured("status", head.status), Measured("location", location or None)),
        evidence=(steps.evidence("models"),),
    )


# What varies with the day, the length and the connection, and what browsers are told: no news wherever it comes from.
_NO_NEWS_NAMES = frozenset(
    [
        "date",
        "age",
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
        "content-type",
        "content-encoding",
        "vary",
        "etag",
        "alt-svc",
        "strict-transport-security",
        "cache-control",
        "pragma",
        "expires",
        "x-content-type-options",
        "x-frame-options",
        "referrer-policy",
        "content-security-policy",
        "permissions-policy",
        "x-xss-protection",
        "cross-origin-resource-policy",
        "cross-origin-opener-policy",
        "cross-origin-embedder-policy",
        "nel",
        "report-to",
        "retry-after",
        "location",
    ]
)


def _judge_headers(steps: Steps, control: Steps | None) -> Judged:
    """`cf-ray` and its like are no sign of a relay: official hosts stand behind the same edges, so the control decides."""
    if (trouble := steps.hindered("plain")) is not None:
        return trouble
    if control is None:
        return Judged(
            verdict=Verdict.PASS,
            reason="control",
            sentence=_CONTROL,
            short="{count} headers",
            fields={"count": len(_names(steps))},
        )
    if (trouble := control.hindered("plain")) is not None:
        return trouble
    news = sorted(_names(steps) - _names(control))
    return Judged(
        verdict=Verdict.DIFFERS if news else Verdict.PASS,
        reason="news" if news else "no_news",
        sentence=_NEWS if news else _NO_NEWS,
        fields={"names": news[:8], "count": len(news)},
        short="{count} new",
        measured=(Measured("headers that the control lacks", ", ".join(news), n=len(news)),),
        evidence=(steps.evidence("plain"),),
        harm=Severity.NOTE,
    )


def _names(steps: Steps) -> set[str]:
    head = steps["plain"].recording.head
    names = {name.lower() for name, _ in head.headers} if head is not None else set()
    return {one for one in names - _NO_NEWS_NAMES if not one.startswith("access-control-")}


def _judge_list(steps: Steps, control: Steps | None) -> Judged:
    """Lists name models that are dead and omit those that live, so that a list alone never fails anybody."""
    one = steps.get("models")
    if one is None:
        return steps.not_asked()
    # A list is no answer of the model, so that it never completes: where the status is good there is no trouble.
    if one.status != 200 and (trouble := steps.hindered("models")) is not None:
        return trouble
    listed, whole = _listed(steps)
    if not listed:
        empty = one.status == 200 and read_model_list(bytes(one.decoded.data)).is_empty
        return Judged(
            verdict=Verdict.UNSUPPORTED,
            reason="empty_list" if empty else "no_list",
            sentence=_EMPTY_LIST if empty else _NO_LIST,
            fields={"status": one.status},
            short="{status}, empty" if empty else "{status}, no list",
            evidence=(steps.evidence("models"),),
        )
    others, others_whole = _listed(control) if control is not None else ((), False)
    beside_it = bool(others) and whole and others_whole
    more, fewer = len(set(listed) - set(others)), len(set(others) - set(listed))
    found = steps.model in listed or any(same_model(steps.model, name) for name in listed)
    known = found or not whole
    return Judged(
        verdict=Verdict.PASS if found else Verdict.INCONCLUSIVE if not whole else Verdict.DIFFERS,
        reason="listed" if found else "long_list" if not whole else "unlisted",
        sentence=_LISTED if found else _LONG_LIST if known else _UNLISTED,
        fields={"count": len(listed), "model": steps.model, "beside": beside_it, "more": more, "fewer": fewer},
        short="{count:plural model|models}{beside:if , +{more}, −{fewer}}",
        measured=(
            Measured("models", len(listed)),
            Measured("models that the control lacks", more if beside_it else None),
            Measured("models of the control that are missing", fewer if beside_it else None),
            Measured("the asked model is listed", found),
        ),
        evidence=(steps.evidence("models"),),
        harm=Severity.NOTE,
    )


def _listed(steps: Steps) -> tuple[tuple[str, ...], bool]:
    """The ids that were listed, and whether these are all."""
    ids: dict[str, None] = {}
    after: str | None = None
    for one in steps.all("models"):
        if one.status != 200:
            return tuple(ids), False
        page = read_model_list(bytes(one.decoded.data))
        ids |= dict.fromkeys(page.ids)
        after = page.next_after
    return tuple(ids), after is None


CHECKS = (
    Check(
        id=REACHED,
        group=Group.REACH,
        title="Reached",
        proves="Something answers HTTP at this address.",
        loss="nothing answers at the address",
        cost=Cost(MOST_PAGES, 0, 0),
        steps={"models": "the list of its models"},
        ask=_ask_list,
        judge=each(_judge_reached),
    ),
    Check(
        id="tls",
        group=Group.REACH,
        title="Certificate",
        proves="The connection is encrypted, and its certificate holds for some time to come.",
        loss="the certificate can't be relied on",
        cost=FREE,
        reads=(REACHED,),
        rests_on=(REACHED,),
        judge=each(_judge_tls),
    ),
    Check(
        id="redirect",
        group=Group.REACH,
        title="No redirect",
        proves="The address itself answers, and does not send clients elsewhere.",
        loss="clients are sent to another address",
        cost=FREE,
        reads=(REACHED, ADMITTED),  # an endpoint without a list may send browsers on from there
        rests_on=(REACHED,),
        judge=each(_judge_redirect),
    ),
    Check(
        id="model_list",
        group=Group.REACH,
        title="Model list",
        proves="The model that is asked for stands in the list, and how the list differs from the control's.",
        loss="models in its list differ",
        cost=FREE,
        reads=(REACHED,),
        rests_on=(REACHED,),
        judge=beside(_judge_list),
    ),
    Check(
        id="headers",
        group=Group.REACH,
        title="Headers",
        proves="Which response headers there are that the control does not send.",
        cost=FREE,
        reads=(COMPLETES,),
        rests_on=(COMPLETES,),
        control=Control.NEEDED,
        judge=beside(_judge_headers),
    ),
)
