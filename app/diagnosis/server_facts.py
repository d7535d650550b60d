"""Facts of who answered: the endpoint itself, a server in front of it, or one behind it."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cached_property
from urllib.parse import urljoin, urlsplit

from app.diagnosis.address import Address
from app.diagnosis.body_facts import BodyFacts
from app.diagnosis.error_facts import ErrorFacts
from app.recording.records import Headers, find_header
from app.text.sentences import message
from app.text.urls import split_url

_EDGES = {
    "nginx": "nginx",
    "openresty": "OpenResty",
    "caddy": "Caddy",
    "cloudfront": "CloudFront",
    "envoy": "Envoy",
    "apache": "Apache",
    "awselb": message("AWS's load balancer"),
    "tengine": "Tengine",
    "varnish": "Varnish",
    "vercel": "Vercel",
    "netlify": "Netlify",
    "railway": "Railway",
    "fly/": "Fly.io",
    "google frontend": message("Google's front end"),
    "haproxy": "HAProxy",
}
_RELAY_HEADERS = ("x-oneapi-request-id", "x-new-api-version", "x-litellm-call-id")
_RELAY_TYPES = ("new_api_error", "one_api_error", "upstream_error", "shell_api_error", "bad_response_status_code")
# Words that only one who asked another server has: new-api's, and those of AWS's SDK for Python.
_OF_UPSTREAM = r"bad response status code \d|\(\w+exception\) when calling the \w+ operation"
_PROVIDER_ANSWERED = (
    r"\bprovider\b[^|]{0,40}? (?:returned|responded with|answered with) (?:an? )?(?:http|status|error|[45]\d\d)"
)
_LOCATION_CHARACTERS = 200


class HeadFacts:
    """The headers of a response, and where they point."""

    def __init__(self, headers: Headers, address: Address) -> None:
        self.headers, self._address = headers, address

    def header(self, name: str) -> str:
        """A response header, "" where it is missing."""
        return find_header(self.headers, name) or ""

    @property
    def announced(self) -> int:
        """The bytes of the body that the head announces, 0 where it does not."""
        said = self.header("content-length")
        return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 0

    @property
    def location(self) -> str:
        return self.header("location")[:_LOCATION_CHARACTERS]

    @property
    def location_host(self) -> str:
        return (split_url(self.location).hostname or "").lower()

    @property
    def moved_base(self) -> str:
        """The base URL a redirect stands for, "" where it can't be told."""
        return self._address.moved_to(self.location) if self.location else ""

    @property
    def secured_base(self) -> str:
        """The base URL at the host and port that a redirect to https:// names."""
        return self.moved_base or urlsplit(self._address.https)._replace(netloc=urlsplit(self.location).netloc).geturl()

    @property
    def moves_to_itself(self) -> bool:
        """Whether a redirect leads to the address that was asked."""
        with suppress(ValueError):
            return bool(self.location) and urljoin(self._address.asked.geturl(), self.location) == self._address.asked.geturl()
        return False

    @property
    def moves_to_slash(self) -> bool:
        """Whether a redirect leads to the same address with a slash behind its path."""
        asked = self._address.asked
        with suppress(ValueError):
            target = urlsplit(urljoin(asked.geturl(), self.location))
            return (target.scheme, target.netloc, target.path) == (asked.scheme, asked.netloc, f"{asked.path}/")
        return False


class ServerFacts:
    """Who answered."""

    def __init__(self, head: HeadFacts, body: BodyFacts, error: ErrorFacts, address: Address) -> None:
        self._head, self._body, self._error, self._address = head, body, error, address

    @property
    def vendor(self) -> str:
        """Whose official endpoint this is, "" for a relay or a server of one's own."""
        return self._address.vendor

    @cached_property
    def is_official(self) -> bool:
        return bool(self._address.vendor) and not self._address.passes_on

    @cached_property
    def edge(self) -> str:
        """The server in front, by its headers: "Cloudflare", "nginx", "CloudFront" ...; "" where it has no name."""
        server = self._head.header("server").lower()
        if self._head.header("cf-ray") or "cloudflare" in server:
            return "Cloudflare"
        said = (server, self._head.header("via").lower(), self._body.page)
        return next((name for word, name in _EDGES.items() if any(word in text for text in said)), "")

    @property
    def cloudflare_code(self) -> str:
        """The code of an error of Cloudflare's own (`error code: 1016`), "" for none."""
        found = re.search(r"error code: (1\d{3})\b", self._error.text or self._body.page)
        return found.group(1) if found and self.edge == "Cloudflare" else ""

    @property
    def waits_60_s(self) -> bool:
        """Whether the server in front is one that gives up after 60 s by itself."""
        return self.edge in ("nginx", "OpenResty")

    @property
    def wants_login(self) -> bool:
        """A server in front asks for a user name and a password (RFC 7617), which no model API does."""
        challenge = self._head.header("www-authenticate").lower()
        return challenge.startswith("basic") and "bearer" not in challenge and not self._body.document

    @cached_property
    def is_relay_software(self) -> bool:
        """Signs of one-api and its kin (PROTOCOLS 4.3) and of LiteLLM."""
        request_id = any(name.lower() in _RELAY_HEADERS for name, _ in self._head.headers)
        spoken = self._error.says(*_RELAY_TYPES, "litellm.") or self._error.matches(r"\(request id: ?20\d{6}")
        return request_id or bool(spoken)

    @cached_property
    def passed_on(self) -> bool:
        """The error came from behind the server that answered: it is about the relay's own key,
        account and configuration there."""
        error = self._error
        told = error.is_upstreams or error.status_behind or error.asked_another or error.matches(_OF_UPSTREAM) is not None
        return not self.is_official and bool(told)

    @cached_property
    def names_upstream(self) -> bool:
        """The error itself speaks of a server behind the one that answered."""
        says = self._error.says("upstream", "provider returned error", "bad_response_status_code", "origin", "上游")
        return self.passed_on or says or self._error.matches(_PROVIDER_ANSWERED) is not None

    @property
    def speaks_upstream(self) -> bool:
        """Another server's words came through this one."""
        return not self.is_official and (self.names_upstream or self.has_vendor_id)

    @property
    def has_vendor_id(self) -> bool:
        """A vendor's request id at a foreign host: the relay passes on what the vendor said."""
        return self._head.header("request-id").startswith("req_") or bool(self._head.header("openai-processing-ms"))
