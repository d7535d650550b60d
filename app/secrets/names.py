"""What is a secret by its name (a header, a URL's parameter or login), or by its look in a path or in any text."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus, urlsplit, urlunsplit

from app.recording.records import Headers
from app.text.json_text import decode_json
from app.text.patterns import late

SURE_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key"}
)
# Secret by the ending of the name (a number may follow it), and names with such an ending that hold no secret.
_SECRET_ENDING = late(
    r"(?:^|[-_.])(?:(?:api|access|auth)?(?:keys?|tokens?|secrets?|passwords?|passwd|pwd|signature|credentials?|auth)"
    r"|pass(?:phrase|word)?|authorization|authentication|jwt|pat|t?otp|[cx]srf|bypass"
    r"|session(?:[-_.]?id)?|access[-_.]?key[-_.]?id)(?:[-_.]?\d{1,2})?$"
)
_NO_SECRETS = late(
    r"(?:idempotency|cache|surrogate|partition|sort|routing|websocket|public)[-_.]key$|cache[-_.]bypass$"
    r"|(?:max|limit|remaining|reset|input|output|prompt|completion|total|budget)[-_.]tokens?$"
)
# What tells requests, traces, versions and contents apart looks as random as a key and is none.
_IDENTIFIER = late(
    r"(?:^|[-_.])(?:ids?|uuid|trace|traceparent|tracestate|span|baggage|ray|etag|match|hash|digest|sha\d*|md5|checksum|fingerprint"
    r"|correlation|cursor|agent|organization|project|account|alias|name|key|accept|version|beta|host|origin|referer)$"
    r"|(?:request|trace|span|correlation|message|account|device|install(?:ation)?)[-_.]?id$"
)
_RANDOM_RUN = late(r"[A-Za-z0-9]{24,}")
_JWT = late(r"eyJ[\w\-]{8,}\.[\w\-]{8,}\.[\w\-]*")
_VENDOR_KEY = late(r"\bsk-[\w-]{12,}")
_LOGIN = late(r"\s*(?:bearer|basic)\s+(\S{8,})", re.IGNORECASE)
_COOKIES = ("cookie", "set-cookie")
_PARAMETER = late(
    r"(?:^|[-_.])(?:(?:api|access|auth|subscription|client|private|refresh|id|session)?(?:key|token|secret)"
    r"|sig|sign|signature|code|auth|authorization|jwt|sas|pass|passwd|password|passphrase|pwd|pat|otp|bypass|credentials?)$"
)
MIN_BY_NAME_CHARS = 8  # shorter ones under a name that only sounds like a secret are words: `X-Use-Token: true`
_MIN_LOGIN_CHARS = 12  # a name this long, alone before the @, may be a token

_SCHEME = late(r"(?:bearer|basic|token)[ \t]+(?=\S)", re.IGNORECASE)
_AUTHORITY = late(r"\s*(?:[A-Za-z][A-Za-z0-9+.\-]*:)?//([^/?#]*)|(?!/)([^/?#]*@[^/?#]*)")
_PORT = late(r":\d*$")
_ASSIGNMENT = late(r"[?&;#]([^=&;#?]*)=([^&;#]*)")
_VENDORS = r"(?:(?:sk|csk|xai|nvapi|pplx)-|(?:gsk|hf|fw)_)"  # how their keys begin; the prefixes of `app.secrets.shapes`
# A path segment that begins like a vendor's key and has a digit in it.
_PATH_KEY = late(
    r"(?<=/)(?<!//)(?=[^/?#]*[0-9])"
    rf"(?:{_VENDORS}"
    r"[\w.~%\-]{16,}|AIza[\w\-]{30,}|eyJ[\w\-]{16,}\.[\w\-.]{16,})"
    r"(?=[/?#]|$)"
)
_ESCAPED = (
    r"(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2})"  # behind what is written for a line's end in JSON, and for any character in a URL
)
# The same in any text; behind a login's scheme; or as a JWT. Each begins where a word does, so that the search is linear.
_TEXT_KEY = late(
    rf"(?:(?<![A-Za-z0-9_\-])|{_ESCAPED})(?:"
    rf"(?:{_VENDORS}|AIza)"
    r"(?=[A-Za-z_.~\-]{0,80}[0-9])[A-Za-z0-9_.~\-]{12,}(?<![.\-])"
    r"|(?i:bearer|basic)[ \t]{1,8}[\"']?(?P<login>[A-Za-z0-9_.~+/=\-]{12,})"
    r"|eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]*)?)"
)
# What a text sets: `NAME=value`, `"name": "value"`, `--name value`, `setx NAME value`.
_SETS = late(
    rf"(?:(?<![\w.\-])|{_ESCAPED})"
    r"(?P<begun>--|setx[ \t]{1,8})?(?P<name>[A-Z_][\w.\-]{0,80})[\"']?[ \t]{0,8}(?(begun)[=:： \t]|[=:：])"
    r"[ \t]{0,8}[\"'“‘]?(?:(?:bearer|basic|token)[ \t]{1,8})?(?P<value>(?!\w+://|\$|os\.environ)[^\s\"'“”‘’,;&<>(){}]{8,})",
    re.IGNORECASE,
)
_HUMP = late(r"(?<=[a-z0-9])(?=[A-Z])")
_ADDRESS = late(r"(?<![A-Za-z0-9+.\-])[A-Za-z][A-Za-z0-9+.\-]{0,20}://[^\s\"'<>]+")
MOST_IN_TEXT = 100  # of more that look so, a text is data
MASK = "****"  # in place of a key in a path; the masks of `app.secrets.masking` hold as many stars at least


def is_secret_header(name: str) -> bool:
    """Whether a header of that name carries a key, by its whole name or by its ending (`X-Team-Token`)."""
    name = name.strip().lower()
    if name in SURE_HEADERS or name in _COOKIES:
        return True
    return _SECRET_ENDING().search(name) is not None and _NO_SECRETS().search(name) is None


def look_places(name: str, value: str) -> list[tuple[int, int]]:
    """Where keys stand in a header's value by their look, whatever its name says: (start, end) each.

    A vendor's key, a login's, a JWT; and what is long and random, but under a name that says what else it is.
    """
    login = _LOGIN().match(value)
    places = [login.span(1)] if login else []
    places += [match.span() for pattern in (_VENDOR_KEY(), _JWT()) for match in pattern.finditer(value)]
    if not _IDENTIFIER().search(name.strip().lower()):
        places += [match.span() for match in _RANDOM_RUN().finditer(value) if _is_random(match[0])]
    return [one for one in places if not any(_is_within(one, other) for other in places)]


def _is_within(place: tuple[int, int], other: tuple[int, int]) -> bool:
    return place != other and other[0] <= place[0] and place[1] <= other[1]


def _is_random(run: str) -> bool:
    """Whether capitals, small letters and digits take turns in it as they do by chance; in words they seldom do."""
    kinds = [0 if one.isdigit() else 1 if one.isupper() else 2 for one in run]
    return len(set(kinds)) == 3 and sum(one != other for one, other in pairwise(kinds)) >= 0.4 * len(run)


def scheme_end(value: str) -> int:
    """Where the credentials begin in a header's value: behind `Bearer ` and its like, else at 0."""
    match = _SCHEME().match(value)
    return match.end() if match else 0


def header_secrets(headers: Headers) -> tuple[str, ...]:
    """The keys in a request's headers: the values of those that carry one, without the scheme before them."""
    return tuple(dict.fromkeys(secret for name, value in headers for secret in _of_header(name.lower(), value)))


_MAY_HOLD_SECRET = re.compile(rb'(?i)"[^"]*(?:key|token|secret|pass|pwd|auth|jwt|signature|credential|session)[^"]*"\s*:\s*"')


def body_secrets(body: bytes) -> tuple[str, ...]:
    """The keys that a request's JSON object holds as members of their own (`"api_key": "…"`), as some relays want it."""
    if _MAY_HOLD_SECRET.search(body) is None:
        return ()
    try:
        parsed = decode_json(body)
    except ValueError:
        return ()
    if not isinstance(parsed, dict):
        return ()
    named = [value for name, value in parsed.items() if isinstance(value, str) and is_secret_header(name)]
    return tuple(value[scheme_end(value) :].strip() for value in named if len(value) >= MIN_BY_NAME_CHARS)


def _of_header(name: str, value: str) -> Iterator[str]:
    if name.strip() in _COOKIES:
        yield from _long_enough(part.partition("=")[2].strip() for part in value.split(";"))
        return
    yield from (value[start:end] for start, end in look_places(name, value))
    if not is_secret_header(name):
        return
    credentials = value[scheme_end(value) :].strip()
    if name.strip() in SURE_HEADERS:
        yield credentials
    else:
        yield from _long_enough([credentials])
    yield from _basic_password(value, credentials)


def _long_enough(values: Iterator[str] | list[str]) -> Iterator[str]:
    yield from (value for value in values if len(value) >= MIN_BY_NAME_CHARS)


def _basic_password(value: str, credentials: str) -> list[str]:
    if not value.lower().startswith("basic"):
        return []
    try:
        return [b64decode(credentials).decode("utf-8", "replace").partition(":")[2]]
    except Base64Error:
        return []


# -- in any text ------------------------------------------------------------------------------------------------------


def text_secrets(text: str) -> tuple[str, ...]:
    """The keys in a text of any kind, as they are written there: by their look, by the name before them, or in an address.

    At most `MOST_IN_TEXT` of each of these. What only says where a key is (`$KEY`, `os.environ/KEY`) is none. Where more is
    random than that, it is data, such as an image.
    """
    random = list(islice((run for run in _RANDOM_RUN().findall(text) if _is_random(run)), MOST_IN_TEXT + 1))
    look = (match["login"] or match[0] for match in _TEXT_KEY().finditer(text))
    named = (match["value"] for match in _SETS().finditer(text) if _sets_secret(match))
    addressed = (key for match in _ADDRESS().finditer(text) for key in url_secrets(match[0]) if key in match[0])
    kinds = (look, named, addressed, random if len(random) <= MOST_IN_TEXT else ())
    return tuple(dict.fromkeys(key for kind in kinds for key in islice(kind, MOST_IN_TEXT)))


def _sets_secret(match: re.Match[str]) -> bool:
    """By the name; its value has a digit, else it may be another name: `"key": "base_url"`."""
    return is_secret_header(_HUMP().sub("-", match["name"])) and any(map(str.isdigit, match["value"]))


# -- in a URL ----------------------------------------------------------------------------------------------------------


class SecretPlace(NamedTuple):
    """Where a secret stands in a URL's text, and what it is: "login" (a user's name), "password" or "parameter"."""

    start: int
    end: int
    what: str


def secret_places(url: str) -> list[SecretPlace]:
    """The secrets in a URL, a part of one, or what was meant as one. Never raises, whatever was typed."""
    found, at = _login(url)
    for match in _ASSIGNMENT().finditer(url, at):
        if match[2] and _PARAMETER().search(unquote(match[1]).strip().lower()):
            found.append(SecretPlace(match.start(2), match.end(2), "parameter"))
    return found


def _login(url: str) -> tuple[list[SecretPlace], int]:
    """The user's name and password, and where the host begins."""
    match = _AUTHORITY().match(url)
    if match is None:
        return [], 0
    begin, end = match.span(1) if match[1] is not None else match.span(2)
    at = url.rfind("@", begin, end)
    if at < 0 and _is_cut_login(url[begin:end]):  # a password with a / in it, as it was typed
        at = url.rfind("@", end)
    if at < 0:
        return [], begin
    colon = url.find(":", begin, at)
    places = [
        SecretPlace(begin, at if colon < 0 else colon, "login"),
        *([SecretPlace(colon + 1, at, "password")] if colon >= 0 else []),
    ]
    return [place for place in places if place.end > place.start], at + 1


def _is_cut_login(authority: str) -> bool:
    return ":" in authority and not authority.endswith("]") and _PORT().search(authority) is None


def url_secrets(url: str) -> tuple[str, ...]:
    """What must be masked wherever it comes back: passwords, secret parameters, keys in a path, as they stand and unquoted."""
    places = secret_places(url)
    has_password = any(place.what == "password" for place in places)
    found: list[str] = []
    for place in places:
        text = url[place.start : place.end]
        least = {"password": 0, "parameter": MIN_BY_NAME_CHARS}.get(place.what, _MIN_LOGIN_CHARS * (2 if has_password else 1))
        if len(text) >= least:
            found += [text, unquote(text), unquote_plus(text)]
    for text in _PATH_KEY().findall(url):
        found += [text, unquote(text)]
    return tuple(dict.fromkeys(found))


def has_path_key(url: str) -> bool:
    """Whether a part of the address's path looks like a key."""
    return _PATH_KEY().search(url) is not None


def shown_url(url: str) -> str:
    """The address as it may be shown and stored: `public_url` with stars for a key in its path."""
    return _PATH_KEY().sub(MASK, public_url(url))


def public_url(url: str) -> str:
    """The address without login and secret parameters, to send requests to; `shown_url` is the one to show."""
    while places := secret_places(url):  # what is left of a malformed URL may look like a login again
        url = _without(url, places)
    return url


def _without(url: str, places: list[SecretPlace]) -> str:
    for place in reversed([one for one in places if one.what == "parameter"]):
        begin = max(url.rfind(mark, 0, place.start) for mark in "?&;#")
        mark, rest = url[begin], url[place.end :]
        # What follows takes the place of what goes.
        url = url[:begin] + (mark + rest[1:] if mark in "?#" and rest[:1] in ("&", ";") else rest)
    logins = [one for one in places if one.what != "parameter"]
    if logins:
        begin = logins[0].start if logins[0].what == "login" else logins[0].start - 1
        url = url[:begin] + url[logins[-1].end + 1 :]
    return url


def without_login(url: str) -> str:
    """The address without a user name and password. A text that is no URL stays as it is."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])) if "@" in parts.netloc else url


def key_in_query(url: str) -> str:
    """The key in an address's query (`?key=…`), "" where none stands there or it is too short to be one."""
    found = [url[place.start : place.end] for place in secret_places(url) if place.what == "parameter"]
    return next((unquote_plus(one) for one in found if len(one) >= MIN_BY_NAME_CHARS), "")
