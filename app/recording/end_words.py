"""What is said of an end on the wire, as messages: a recording keeps these texts in English, and a sentence says them in the
language of now. What has a part that changes, and what a library or a system says beside these, is shown as it was said.
"""

from __future__ import annotations

from app.text.sentences import Phrase, message

NO_MORE_REQUESTS = message("the peer takes no more requests on this connection")
CLOSED_IN_HANDSHAKE = message("the peer closed the connection during the TLS handshake")
CLOSED = message("the connection was closed")
NO_PROXY_URL = message("the proxy's address is not a URL")
NO_HTTP_URL = message("the address must begin with http:// or https:// and name a host")
ODD_HEADER = message("a header holds a character that HTTP can't carry")
_KNOWN = frozenset(
    {
        *(NO_MORE_REQUESTS, CLOSED_IN_HANDSHAKE, CLOSED, NO_PROXY_URL, NO_HTTP_URL, ODD_HEADER),
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


def end_words(text: str) -> str:
    """The text of an end for a sentence: a `Phrase` where it is one of these, with or without a full stop."""
    known = text.removesuffix(".")
    return Phrase(known) if known in _KNOWN else text
