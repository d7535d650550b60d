"""Rules for answers that show a wrong address: redirects, wrong paths, the wrong protocol, web pages."""

from __future__ import annotations

import re

from app.diagnosis import changes, offers, phrases
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.wording import FLAW, PAGE_TITLE, SAYS
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

REDIRECTS = (
    Rule("redirect-to-https", lambda f: 300 <= f.status < 400 and f.address.is_http and f.head.location.startswith("https://")
        and f.head.location_host == f.address.host,
        "{host:or The endpoint} wants https:// (status {status} points to {location}). Diptych did not follow it, so the key"
        " went no further.",
        "Use {secured_base}. Many clients turn a redirected POST into a GET.",
        changes.base_url(lambda f: f.head.secured_base)),
    Rule("redirect-to-sign-in", lambda f: 300 <= f.status < 400 and f.head.location_host
        and f.head.location_host != f.address.host and any(word in f.head.location.lower() for word in phrases.LOGIN),
        "{host:or The endpoint} sends who has not logged in to another host (status {status} points to {location}). Diptych did"
        " not follow it, so the key went no further.",
        "A login stands in front of it, as companies have it, or the base URL is that of a web panel. Take the API's address"
        " from the endpoint's documentation, or ask its operator how programs get in.",
        actions=offers.EDIT),
    Rule("redirect-to-login", lambda f: 300 <= f.status < 400
        and any(word in f.head.location.lower() for word in phrases.LOGIN),
        "The address leads to a login page (status {status} points to {location}). Diptych did not follow it, so the key went"
        " no further.",
        "The base URL is that of a web panel: take the API's address from the endpoint's documentation.",
        actions=offers.EDIT),
    Rule("redirect-slash", lambda f: 300 <= f.status < 400 and f.head.moves_to_slash,
        "{host:or The endpoint} wants a slash behind the path (status {status} points to {location}), which no client sends."
        " Diptych did not follow it, so the key went no further.",
        "No base URL can mend this: the server has to take {path} as it is. Tell its operator: in nginx it is the `location`"
        " that ends in a slash, in web frameworks the redirecting of slashes.",
        actions=offers.EDIT),
    Rule("redirect-loop", lambda f: 300 <= f.status < 400 and f.head.moves_to_itself,
        "{host:or The endpoint} points to the very address that was asked (status {status}), so that a program that follows it"
        " goes round in a circle.",
        "No other address helps: the operator has to correct the redirect. A server that does not know that a proxy before it"
        " speaks https looks like this."),
    Rule("redirect-other-host", lambda f: 300 <= f.status < 400 and f.head.location_host
        and f.head.location_host != f.address.host,
        "{host:or The endpoint} points to another host (status {status}): {location}. Diptych did not follow it; the key was"
        " not sent there.",
        "If you trust that host with this key, use {moved_base:or that address without the path of the request} as base URL.",
        changes.base_url(lambda f: f.head.moved_base),
        actions=offers.EDIT),
    Rule("redirect", lambda f: 300 <= f.status < 400 and f.head.location,
        "{host:or The endpoint} points to another address (status {status}): {location}. Diptych did not follow it, so the"
        " key went no further.",
        "Use {moved_base:or that address without the path of the request} as base URL.",
        changes.base_url(lambda f: f.head.moved_base),
        actions=offers.EDIT),
    Rule("status-3xx", lambda f: 300 <= f.status < 400,
        "{host:or The endpoint} answers with status {status}, which is no answer to a request like this, and names no other"
        " address.",
        "Check the base URL.",
        actions=offers.EDIT),
)  # fmt: skip


def _lost(f: Facts) -> bool:
    """A status that says the path or the method is not there."""
    return f.status in (404, 405)


ADDRESS = (
    Rule("http-on-https-port", lambda f: f.status == 400 and (f.error.says(*phrases.WANTS_TLS)
        or f.body.shows(*phrases.WANTS_TLS)),
        "{base:if The base URL says http://, but port {port} of {host:or the endpoint} expects TLS|The request came as"
        " http:// to a port that expects TLS}.",
        "Use {https_url:or https:// in the base URL}.",
        changes.base_url(lambda f: f.address.https)),
    # -- asked, and so known ------------------------------------------------------------------------------------------
    Rule("page-of-upstream", lambda f: f.body.page and f.other_paths.speaks_here,
        "{host:or The endpoint} does speak {protocol} at {path}, and yet its answer to this request is a web page "
        + PAGE_TITLE + " (status {status}): probably its upstream's, passed on.",
        "The base URL is right. The relay's operator has to look at the address of the upstream for {model:or the model}.",
        actions=offers.EDIT),
    Rule("path-right", lambda f: (_lost(f) or f.body.page) and f.other_paths.speaks_here,
        "{host:or The endpoint} does speak {protocol} at {path}, where it"
        " {answered_here:if answered even an empty request|refused an empty request as it should}. To this one it answered"
        " otherwise (status {status})." + SAYS,
        "The base URL is right. Look at what is asked, above all the model, or run it again.",
        actions=offers.EDIT),
    Rule("path-found", lambda f: f.other_paths.found and f.other_paths.found.protocol == f.protocol,
        "{host:or The endpoint} does not speak {protocol} at {path}" + FLAW + ". It does at {found_path}.",
        "{found_base:if Use {found_base}|Correct the base URL so that {found_path} is asked}.",
        changes.base_url(lambda f: f.other_paths.base_url),
        actions=offers.EDIT_WHERE_NOT_KNOWN),
    Rule("protocol-found", lambda f: f.other_paths.found,
        "{host:or The endpoint} does not speak {protocol} at {path}. It speaks {found_protocol}, at {found_path}.",
        "Choose {found_protocol}{found_address:select other=, and use {found_base}"
        "|hidden=, and correct the base URL so that {found_path} is asked|same=}.",
        changes.protocol_found),
    Rule("web-site", lambda f: (_lost(f) or f.body.page) and f.address.api_of_site,
        "{host} is the vendor's web site, not its API (status {status}).",
        "Use {api_of_site}.",
        changes.base_url(lambda f: f.address.api_of_site)),
    Rule("path-behind", lambda f: _lost(f) and f.other_paths.nowhere and f.path_behind and not f.server.is_official,
        "{host:or The endpoint} passed the request on, and the server behind it has nothing at {path_behind}:"
        " {message:quoted no message}.",
        "The operator has to correct the upstream's address in the relay's settings: mostly /v1 is missing there, or stands"
        " twice.",
        actions=offers.EDIT),
    Rule("nowhere", lambda f: _lost(f) and f.other_paths.nowhere,
        "{host:or The endpoint} has nothing at {path}, nor at the other usual paths of an API." + SAYS,
        "Take the API's address from the endpoint's documentation: it may be another host, or a path of its own.",
        actions=offers.EDIT),
    Rule("path-not-routed", lambda f: f.refused and f.error.matches(phrases.PROVIDER_UNNAMED),
        "{host:or The endpoint} does not route requests at this address{path:if  ({path})}: it looks for a provider that nobody"
        " named: {message:quoted no message}.",
        "Compare the base URL and the protocol with the relay's documentation: claude-code-router speaks Anthropic Messages"
        " only.",
        actions=offers.EDIT),
    # -- by what was typed --------------------------------------------------------------------------------------------
    Rule("endpoint-of-other-protocol", lambda f: _lost(f) and f.address.pasted_protocol
        and f.address.pasted_protocol != f.protocol
        and not (f.protocol == RESPONSES and f.address.pasted_protocol == CHAT),
        "The base URL ends in {pasted}, which belongs to another protocol than {protocol}.",
        "Choose the protocol of that address, and take the path out of the base URL afterwards.",
        changes.protocol(lambda f: f.address.pasted_protocol),
        actions=offers.EDIT),
    Rule("endpoint-pasted", lambda f: _lost(f) and f.address.pasted,
        "The base URL already ends in {pasted}, and the path of the request was put behind it.",
        "Take the path out: {without_endpoint}.",
        changes.base_url(lambda f: f.address.without_endpoint)),
    Rule("v1-twice", lambda f: _lost(f) and (f.address.doubles_v1
        or (not f.address.base and f.error.says("/v1/v1/"))),
        "The address that was asked has /v1 twice{adds_v1:if , since the base URL brings one that {protocol} adds by itself}.",
        "Take one out{without_v1:if : {without_v1}}.",
        changes.base_url(lambda f: f.address.without_v1)),
    Rule("azure-deployment", lambda f: f.status == 404 and f.server.vendor == "Azure",
        "Azure has no deployment of this name at this address: {message:quoted no message}.",
        "Use https://RESOURCE.openai.azure.com/openai/v1 as base URL and the deployment's name as model.",
        actions=offers.EDIT),
    Rule("protocol-of-vendor", lambda f: _lost(f) and f.address.speaks and f.protocol not in f.address.speaks,
        "{vendor} does not offer {protocol} at this address.",
        "Choose a protocol that it offers.",
        changes.protocol(lambda f: f.address.speaks[0])),
    Rule("protocol-anthropic-base", lambda f: _lost(f) and f.protocol != MESSAGES and f.address.names_anthropic,
        "The base URL ends in /anthropic: such an address speaks Anthropic Messages, not {protocol}.",
        "Choose Anthropic Messages.",
        changes.protocol(lambda f: MESSAGES)),
    Rule("v1-missing", lambda f: _lost(f) and f.protocol != MESSAGES and f.address.base and not f.address.has_version,
        "{host:or The endpoint} has nothing at this address: the base URL probably lacks /v1, which OpenAI clients expect in"
        " it.",
        "Use {with_v1}.",
        changes.base_url(lambda f: f.address.with_v1)),
    Rule("models-missing", lambda f: _lost(f) and f.request.method == "GET",
        "{host:or The endpoint} has no model list at this address{path:if  ({path})}." + SAYS,
        "Type the model's name: many relays have no list, and answer all the same."),
    Rule("responses-missing", lambda f: _lost(f) and f.protocol == RESPONSES and not f.other_paths.lacks(CHAT),
        "{host:or The endpoint} has no Responses endpoint at this address. Many relays and local servers have Chat"
        " Completions only.",
        "Choose OpenAI Chat Completions.",
        changes.protocol(lambda f: CHAT)),
    Rule("messages-missing", lambda f: _lost(f) and f.protocol == MESSAGES and not f.other_paths.lacks(CHAT),
        "{host:or The endpoint} has no Messages endpoint at this address; it may speak OpenAI's protocol only." + SAYS,
        "Check the base URL (for Messages without /v1). If the endpoint is OpenAI-compatible, choose OpenAI Chat Completions.",
        changes.protocol(lambda f: CHAT),
        actions=offers.EDIT),
    Rule("path-refused-with-200", lambda f: f.ok and f.error.is_told and f.error.says("unexpected endpoint or method"),
        "{host:or The endpoint} has nothing at this address{path:if  ({path})}, though the status is {status}:"
        " {message:quoted no message}.",
        "Compare the base URL with the endpoint's documentation; LM Studio has its API under /v1.",
        actions=offers.EDIT),
    Rule("path-not-found", lambda f: f.status == 404,
        "{host:or The endpoint} has nothing at this address{path:if  ({path})}." + SAYS,
        "Compare the base URL with the endpoint's documentation; not every one has its API under /v1.",
        actions=offers.EDIT),
    Rule("method-not-allowed", lambda f: f.status == 405,
        "The address{path:if  {path}} of {host:or the endpoint} does not take this kind of request (405)." + SAYS,
        "Compare the base URL with the endpoint's documentation: a web page often stands at this address.",
        actions=offers.EDIT),
)  # fmt: skip

PAGES = (
    Rule("page-challenge", lambda f: f.body.page and (f.body.shows(*phrases.CHALLENGE)
        or f.head.header("cf-mitigated") == "challenge"),
        "A check for browsers stands in front of {host:or the endpoint} (a page " + PAGE_TITLE + "): programs don't get past"
        " it.",
        "Use an address of the API that has no such check, or ask the operator to let API paths through.",
        actions=offers.EDIT),
    Rule("page-captured", lambda f: f.captured and f.body.page,
        "The capture holds a web page (" + PAGE_TITLE + ") in place of an answer.",
        "Save it with `curl -i`, so that the status comes along: the page may be the error of a server in front, or the"
        " address that of a web site.",
        actions=offers.EDIT),
    Rule("page-login", lambda f: f.ok and f.body.page and (f.body.shows(*phrases.LOGIN_PAGE)
        or re.search(phrases.LOGIN_TITLE, f.body.title, re.IGNORECASE)),
        "A login page came instead of an answer: the address is that of a web panel, or of a network that wants a login"
        " first.",
        "Take the API's address from the endpoint's documentation; in a hotel or company network, log in with a browser"
        " first.",
        actions=offers.EDIT),
    Rule("page-v1-missing", lambda f: f.ok and f.body.page and f.address.base and f.protocol != MESSAGES
        and not f.address.has_version
        and not f.other_paths.nowhere,
        "A web page (" + PAGE_TITLE + ") came instead of an answer: the base URL leads to the web panel and probably lacks"
        " /v1.",
        "Use {with_v1}.",
        changes.base_url(lambda f: f.address.with_v1)),
    Rule("page-path", lambda f: f.ok and f.body.page and (f.address.pasted or f.address.doubles_v1)
        and not f.other_paths.nowhere,
        "A web page (" + PAGE_TITLE + ") came instead of an answer: the path {path} is not one of the API.",
        "Use {corrected}.",
        changes.base_url(lambda f: f.address.corrected)),
    Rule("page", lambda f: f.ok and f.body.page,
        "A web page (" + PAGE_TITLE + ") came instead of an answer: the address is that of a web site.",
        "Take the API's address from the endpoint's documentation: it is often another host than the web site's, or has /v1"
        " behind it.",
        actions=offers.EDIT),
)  # fmt: skip
