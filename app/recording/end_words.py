"""What is said of an end on the wire, as messages: a recording keeps these texts in English, and a sentence says them in the
language of now. What has a part that changes, and what a library or a system says beside these, is shown as it was said.
"""

from __future__ import annotations

from app.recording.records import EndDetail
from app.text.sentences import Phrase, message
from app.text.system_words import KNOWN as OF_FILES

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
"""The kinds of proxy that can be used."""

NO_MORE_REQUESTS = message("the peer takes no more requests on this connection")
CLOSED_IN_HANDSHAKE = message("the peer closed the connection during the TLS handshake")
CLOSED = message("the connection was closed")
NO_PROXY_URL = message("the proxy's address is not a URL")
NO_HTTP_URL = message("the address must begin with http:// or https:// and name a host")
NOT_A_KIND = message("a proxy of the kind {kind}:// can't be used, only {usable}")
NO_CERTIFICATES = message("no certificate in PEM form is in it")
NO_REGULAR_FILE = message("it is no regular file")
BLANK_BEFORE_HEAD = message("a blank line stands before the head of the answer")
HTTP1_UNASKED = message("the peer chose HTTP/2 and answered in HTTP/1")
NO_STATUS = message("the head of the answer has no status")
ODD_HEADER = message("a header holds a character that HTTP can't carry")
_KNOWN = frozenset(
    {
        *(NO_MORE_REQUESTS, CLOSED_IN_HANDSHAKE, CLOSED, NO_PROXY_URL, NO_HTTP_URL, BLANK_BEFORE_HEAD, ODD_HEADER),
        *(HTTP1_UNASKED, NO_STATUS),
        # Of systems (strerror), SOCKS proxies and httpcore, whose words are the same everywhere.
        message("Connection refused"),
        message("Connection reset by peer"),
        message("Connection timed out"),
        message("Network is unreachable"),
        message("Network unreachable"),
        message("No route to host"),
        message("Host unreachable"),
        message("Broken pipe"),
        message("Name or service not known"),
        message("Temporary failure in name resolution"),
        message("Too many open files"),
        message("Connection not allowed by ruleset"),
        message("Server disconnected without sending a response"),
    }
)


def proxy_words(detail: EndDetail) -> str:
    """What went wrong at a proxy, for a sentence."""
    if detail.proxy_scheme:
        return Phrase(NOT_A_KIND, kind=detail.proxy_scheme, usable=", ".join(PROXY_SCHEMES))
    return end_words(detail.proxy_says)


def ca_words(detail: EndDetail) -> str:
    """What is said of a file of authorities that can't be used, for a sentence; "" where that is not known."""
    said = detail.ca_says
    return Phrase(said) if said in OF_FILES or said in (NO_CERTIFICATES, NO_REGULAR_FILE) else said


def end_words(text: str) -> str:
    """The text of an end for a sentence: a `Phrase` where it is one of these, with or without a full stop."""
    known = text.removesuffix(".")
    return Phrase(known) if known in _KNOWN else text
