"""What a base URL gives away: its host and whose it is, what was pasted into it, and the addresses that may have been meant."""

from __future__ import annotations

import difflib
import ipaddress
import re
import unicodedata
from functools import cached_property
from urllib.parse import SplitResult

from app.protocols.ids import CHAT, MESSAGES, RESPONSES
from app.protocols.registry import info, protocol_ids
from app.text.sentences import message
from app.text.urls import split_url

# Host, vendor, what it speaks. An exact host or a domain above it; from the vendors' documentation (PROTOCOLS 1, 6.2, 7.3).
_HOSTS = (
    ("api.anthropic.com", "Anthropic", (MESSAGES, CHAT)),
    ("api.openai.com", "OpenAI", (CHAT, RESPONSES)),
    ("openai.azure.com", "Azure", (CHAT, RESPONSES)),
    ("openrouter.ai", "OpenRouter", ()),
    ("api.groq.com", "Groq", (CHAT, RESPONSES)),
    ("generativelanguage.googleapis.com", "Google", (CHAT,)),
    ("api.x.ai", "xAI", ()),
    ("router.huggingface.co", "Hugging Face", (CHAT, RESPONSES)),
    ("integrate.api.nvidia.com", "NVIDIA", (CHAT,)),
    ("api.perplexity.ai", "Perplexity", (CHAT,)),
    ("api.cerebras.ai", "Cerebras", (CHAT,)),
    ("api.mistral.ai", "Mistral", (CHAT,)),
    ("api.deepseek.com", "DeepSeek", (CHAT, MESSAGES)),
)
_RELAY_HOSTS = ("api.apibox.cc", "gw.claudeapi.com", "aiprimetech.io")
_PASSES_ON = {"OpenRouter"}
# Vendors' web sites, which newcomers take for the API: host, whose, the API's base URL without /v1, what it speaks there.
_SITES = (
    (("anthropic.com", "console.anthropic.com", "claude.ai", "claude.com", "platform.claude.com"), "https://api.anthropic.com",
        (MESSAGES, CHAT)),
    (("openai.com", "platform.openai.com", "chat.openai.com", "chatgpt.com"), "https://api.openai.com", (CHAT, RESPONSES)),
    (("deepseek.com", "platform.deepseek.com", "chat.deepseek.com"), "https://api.deepseek.com", (CHAT,)),
    (("deepseek.com", "platform.deepseek.com", "chat.deepseek.com"), "https://api.deepseek.com/anthropic", (MESSAGES,)),
    (("groq.com", "console.groq.com"), "https://api.groq.com/openai", (CHAT, RESPONSES)),
    (("mistral.ai", "console.mistral.ai"), "https://api.mistral.ai", (CHAT,)),
    (("x.ai", "console.x.ai"), "https://api.x.ai", (CHAT, RESPONSES)),
)  # fmt: skip
_VENDOR_FOLDERS = ("anthropic", "openai", "azure", "bedrock", "vertex_ai", "gemini", "cohere", "mistral")
_PROGRAMS = {
    11434: "Ollama",
    1234: "LM Studio",
    8000: "vLLM",
    4000: "LiteLLM",
    8080: "llama.cpp",
    3000: message("one-api or new-api"),
}
_PORTS = {80, 443}
_VERSION = re.compile(r"/v\d+(?:beta\d*|alpha\d*)?(?:/|$)")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_IDEOGRAPHIC = str.maketrans(
    {"。": ".", "、": "/", "“": "", "”": "", "‘": "", "’": "", '"': "", "'": "", "\u200b": "", "\ufeff": ""}
)


def _pasted() -> dict[str, str]:
    """What people paste behind the base URL, the longest first, and whose path it is."""
    paths = [(path, one) for one in protocol_ids() for path in info(one).paths]
    return {**dict(sorted(paths, key=lambda pair: -len(pair[0]))), "/models": ""}


class Address:
    """A base URL as it was typed, and the address that was asked with it. Never raises, whatever was typed."""

    def __init__(self, base_url: str, request_url: str, protocol: str) -> None:
        self.typed = base_url
        self.base = base_url.strip().rstrip("/")
        self.protocol = protocol
        self.asked = split_url(request_url or base_url)

    @cached_property
    def parts(self) -> SplitResult:
        """The base URL's parts; of the request's address where there is no base."""
        return split_url(self.base) if self.base else self.asked

    @cached_property
    def host(self) -> str:
        return (self.parts.hostname or "").lower()

    @cached_property
    def port(self) -> int:
        """The port, or the scheme's own."""
        try:
            return self.parts.port or (80 if self.parts.scheme == "http" else 443)
        except ValueError:
            return 0

    @property
    def names_port(self) -> bool:
        return self.port not in _PORTS

    @property
    def is_http(self) -> bool:
        return self.parts.scheme == "http"

    @cached_property
    def is_local(self) -> bool:
        """This machine."""
        return self.host in ("localhost", "0.0.0.0", "::") or self.host.endswith(".localhost") or _is(self.host, "is_loopback")

    @cached_property
    def is_numeric(self) -> bool:
        """An IP address in a name's place: a TLS handshake names no host then."""
        return _is(self.host, "version")

    @cached_property
    def vendor(self) -> str:
        """Whose official endpoint the host is, "" for a relay or a server of one's own."""
        return next((vendor for host, vendor, _ in _HOSTS if self.host == host or self.host.endswith("." + host)), "")

    @cached_property
    def speaks(self) -> tuple[str, ...]:
        """The protocols this vendor's host is known to speak; () where that is not known."""
        return next((speaks for _, vendor, speaks in _HOSTS if vendor == self.vendor), ())

    @property
    def passes_on(self) -> bool:
        """A vendor whose endpoint passes requests on to other vendors."""
        return self.vendor in _PASSES_ON

    @property
    def usual_program(self) -> str:
        """The program that usually listens on this port, as a message; "" where none is known."""
        return _PROGRAMS.get(self.port, "")

    @cached_property
    def near_host(self) -> str:
        """A known endpoint's host that this one is a misspelling of, or ""."""
        known = [host for host, _, _ in _HOSTS] + list(_RELAY_HOSTS)
        return next(iter(difflib.get_close_matches(self.host, known, 1, 0.85)), "") if self.host not in known else ""

    # -- the shape of what was typed --------------------------------------------------------------------------------

    @property
    def lacks_scheme(self) -> bool:
        return (
            bool(self.base)
            and self.base.lower() not in ("http:", "https:")
            and not _SCHEME.match(unicodedata.normalize("NFKC", self.base))
        )

    @property
    def has_wide_characters(self) -> bool:
        """Full-width or typographic characters, as an input method writes them."""
        return self.base != _narrow(self.base)

    @property
    def has_spaces(self) -> bool:
        return len(self.base.split()) > 1

    @property
    def wrong_scheme(self) -> str:
        """A scheme that is neither http nor https, or ""."""
        return "" if self.lacks_scheme or self.parts.scheme in ("http", "https", "") else self.parts.scheme

    @property
    def pasted(self) -> str:
        """The endpoint path that stands in the base URL, or ""."""
        path = self.parts.path.rstrip("/") if self.base else ""
        return next((pasted for pasted in _pasted() if path.endswith(pasted)), "")

    @property
    def pasted_protocol(self) -> str:
        """The protocol whose path was pasted; "" where the path belongs to several."""
        return _pasted().get(self.pasted, "")

    @property
    def has_version(self) -> bool:
        """A version segment such as /v1 or /v4 (PROTOCOLS 6.2: never insist on /v1)."""
        return bool(_VERSION.search(self.parts.path)) or self.parts.path.rstrip("/").endswith("/openai")

    @property
    def doubles_v1(self) -> bool:
        return bool(self.base) and "/v1/v1" in self.asked.path

    @property
    def names_anthropic(self) -> bool:
        """A base such as https://api.deepseek.com/anthropic, which speaks Messages."""
        return self.parts.path.rstrip("/").endswith("/anthropic")

    @property
    def names_vendor(self) -> bool:
        """A base that ends in a vendor's name, under which LiteLLM passes requests through to that vendor."""
        return self.parts.path.rstrip("/").rpartition("/")[2].lower() in _VENDOR_FOLDERS

    # -- the addresses that may have been meant ---------------------------------------------------------------------

    @property
    def with_scheme(self) -> str:
        rest = _narrow(self.base).lstrip("/:")
        scheme = "http" if split_url("http://" + rest).hostname in ("localhost", "127.0.0.1", "0.0.0.0", "::1") else "https"
        return f"{scheme}://{rest}"

    @property
    def with_web_scheme(self) -> str:
        return "https://" + self.base.partition("://")[2]

    @property
    def cleaned(self) -> str:
        """Without spaces, in plain ASCII punctuation."""
        return "".join(_narrow(self.base).split())

    @property
    def https(self) -> str:
        return re.sub(r"^http://", "https://", self.base)

    @property
    def http(self) -> str:
        return re.sub(r"^https://", "http://", self.base)

    @cached_property
    def api_of_site(self) -> str:
        """The base URL of the API of the vendor whose web site the host is, in the chosen protocol; "" for any other host."""
        host = self.host.removeprefix("www.")
        found = next((api for hosts, api, speaks in _SITES if host in hosts and self.protocol in speaks), "")
        return found + "/v1" if found and info(self.protocol).version_in_base_url else found

    @property
    def with_near_host(self) -> str:
        return self.base.replace(self.parts.hostname or "", self.near_host, 1)

    @property
    def with_v1(self) -> str:
        return self._bare + "/v1"

    @property
    def _bare(self) -> str:
        """Without a query, behind which the path of each request would be put."""
        return re.split(r"[?#]", self.base, maxsplit=1)[0].rstrip("/")

    @property
    def without_v1(self) -> str:
        """Without the /v1 at the end (all of them for Messages, whose SDK adds its own), else without one of two in a row."""
        if not info(self.protocol).version_in_base_url:
            return re.sub(r"(/v1)+$", "", self._bare).replace("/v1/v1", "/v1")
        return self._bare.removesuffix("/v1") if self._bare.endswith("/v1") else self._bare.replace("/v1/v1", "/v1")

    @property
    def without_endpoint(self) -> str:
        """The base without the pasted path, as the chosen protocol's SDK takes it (Messages without /v1)."""
        base = self._bare.removesuffix(self.pasted) if self.pasted else self._bare
        return base if info(self.protocol).version_in_base_url else base.removesuffix("/v1")

    @property
    def corrected(self) -> str:
        """The base without what is too much in it: a pasted path, or the second /v1."""
        return self.without_endpoint if self.pasted else self.without_v1

    def moved_to(self, location: str) -> str:
        """The base URL that a redirect's target stands for, "" where its path does not end as the request's does."""
        target = split_url(location)
        if not target.scheme:
            target = target._replace(scheme=self.asked.scheme, netloc=self.asked.netloc)
        own_path = self.asked.path.removeprefix(self.parts.path.rstrip("/")) if self.base else self.asked.path
        moved = target.path.rstrip("/")
        if not own_path.strip("/") or not moved.endswith(own_path.rstrip("/")):
            return ""
        return f"{target.scheme}://{target.netloc}{moved.removesuffix(own_path.rstrip('/'))}"


def _is(host: str, quality: str) -> bool:
    try:
        return bool(getattr(ipaddress.ip_address(host), quality))
    except ValueError:
        return False


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_IDEOGRAPHIC)


def spoken_at(url: str) -> str:
    """The protocol that a typed address speaks for, by its path or host; else that whose base URLs look so."""
    address = Address(url, url, CHAT)
    if address.pasted_protocol:
        return address.pasted_protocol
    if address.speaks:
        return address.speaks[0]
    return CHAT if address.has_version else MESSAGES
