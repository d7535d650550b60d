"""Which gateway or host answered in the API's place, told by the form of its refusal: what it wants, what it lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.diagnosis.body_facts import BodyFacts
from app.diagnosis.error_facts import ErrorFacts
from app.diagnosis.server_facts import HeadFacts
from app.text.json_text import objects_in
from app.text.sentences import message

TOKEN, ROUTE, SETTINGS, ABSENT = "token", "route", "settings", "absent"


class _Sight(NamedTuple):
    """What the signs are looked for in: header by name, document, the error's lower-case text, a page's."""

    header: Callable[[str], str]
    document: Mapping[str, object]
    text: str
    page: str


class _Gateway(NamedTuple):
    """One refusal of one gateway: its name as a message, what it is about, the header it wants, its sign, and what else is
    known of that header: "bearer", "known" (Bearer and a token that it knows), "renamed" (it may have another name), "chosen"
    (most choose this name).
    """

    name: str
    about: str
    header: str
    shown: Callable[[_Sight], object]
    hint: str = ""


def _cloudflare(*codes: int) -> Callable[[_Sight], bool]:
    def shown(sight: _Sight) -> bool:
        listed = [one.get("code") for one in objects_in(sight.document.get("error"))]
        known = sight.document.get("name") == "AiGatewayError" or "internalCode" in sight.document
        return known and any(code in codes for code in (sight.document.get("internalCode"), *listed))

    return shown


def _aws(*kinds: str) -> Callable[[_Sight], bool]:
    return lambda sight: sight.header("x-amzn-errortype").partition(":")[0] in kinds


def _says_in(header: str, *codes: str) -> Callable[[_Sight], bool]:
    return lambda sight: sight.header(header) in codes


# Cloudflare's codes: developers.cloudflare.com/ai-gateway; AWS's error types: API Gateway's documentation of its responses.
# Vercel's: vercel.com/docs/errors; ngrok's: ngrok.com/docs/errors.
_GATEWAYS = (
    _Gateway("Cloudflare AI Gateway", TOKEN, "cf-aig-authorization", _cloudflare(2009), "bearer"),
    _Gateway("Cloudflare AI Gateway", SETTINGS, "", _cloudflare(2001, 2008, 2002)),
    _Gateway("Amazon API Gateway", ROUTE, "", _aws("MissingAuthenticationTokenException")),
    _Gateway("Amazon API Gateway", ROUTE, "", lambda sight: sight.text.startswith("missing authentication token |")),
    _Gateway("Amazon API Gateway", TOKEN, "x-api-key", lambda sight: _aws("ForbiddenException")(sight)
        and sight.text.startswith("forbidden |")),
    _Gateway("Azure API Management", TOKEN, "Ocp-Apim-Subscription-Key",
        lambda sight: "missing subscription key" in sight.text),
    _Gateway("Google's Identity-Aware Proxy", TOKEN, "Proxy-Authorization",  # cloud.google.com/iap/docs/authentication-howto
        lambda sight: sight.header("x-goog-iap-generated-response") or sight.text.startswith("invalid iap credentials"),
        "bearer"),
    _Gateway("Kong", TOKEN, "apikey",
        lambda sight: "no api key found in request" in sight.text, "renamed"),
    _Gateway("Kong", ROUTE, "", lambda sight: "no route matched with those values" in sight.text),
    _Gateway("Apigee", TOKEN, "x-apikey",
        lambda sight: "failed to resolve api key variable" in sight.text, "chosen"),
    _Gateway(message("A gateway (Envoy or Istio)"), TOKEN, "Authorization",
        lambda sight: sight.text.startswith(("jwt is missing", "jwt verification fails", "rbac: access denied")), "known"),
    _Gateway("Vercel", ABSENT, "", _says_in("x-vercel-error", "DEPLOYMENT_NOT_FOUND", "DEPLOYMENT_DISABLED",
        "DEPLOYMENT_PAUSED", "DEPLOYMENT_DELETED", "DEPLOYMENT_BLOCKED")),
    _Gateway("Railway", ABSENT, "", lambda sight: sight.header("x-railway-fallback") and "application not found" in sight.text),
    _Gateway("ngrok", ABSENT, "", _says_in("ngrok-error-code", "ERR_NGROK_3200")),
    _Gateway("Heroku", ABSENT, "", lambda sight: "error-pages/no-such-app" in sight.page),
    _Gateway("Azure", ABSENT, "", lambda sight: "<title>web app - unavailable" in sight.page),
)  # fmt: skip


class GatewayFacts:
    """The gateway that refused, where the form of the refusal is that of a known one.

    Attributes:
        name: as a message; "" for none.
        header: the header in which it wants its own token, "" where it wants none.
        hint: what else is known of that header, as in the table; "" for nothing.
    """

    def __init__(self, head: HeadFacts, body: BodyFacts, error: ErrorFacts) -> None:
        sight = _Sight(head.header, body.document or {}, error.text, body.page)
        found = next((one for one in _GATEWAYS if one.shown(sight)), None)
        self.name, self._about, self.header, self.hint = (
            (found.name, found.about, found.header, found.hint) if found else ("", "", "", "")
        )

    @property
    def wants_token(self) -> bool:
        return self._about == TOKEN

    @property
    def has_no_route(self) -> bool:
        return self._about == ROUTE

    @property
    def is_absent(self) -> bool:
        """The host of programs has none that runs at this address."""
        return self._about == ABSENT

    @property
    def is_unset(self) -> bool:
        """It lacks a setting for this request."""
        return self._about == SETTINGS
