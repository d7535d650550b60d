"""Rules for answers that show a wrong address: redirects, wrong paths, the wrong protocol, web pages."""

from __future__ import annotations

from app.diagnosis import changes, offers, phrases
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.protocols.ids import CHAT, MESSAGES, RESPONSES

REDIRECTS = (
    Rule("redirect-to-https", lambda f: 300 <= f.status < 400 and f.address.is_http and f.location.startswith("https://")
        and f.location_host == f.address.host,
        "{f.host} wants https:// (status {f.status} points to {f.location}). Diptych did not follow it, so the key went no"
        " further.",
        "Use {f.address.https}. Many clients turn a redirected POST into a GET.",
        changes.base_url(lambda f: f.address.https)),
    Rule("redirect-to-login", lambda f: 300 <= f.status < 400 and any(word in f.location.lower() for word in phrases.LOGIN),
        "The address leads to a login page (status {f.status} points to {f.location}). Diptych did not follow it, so the key"
        " went no further.",
        "The base URL is that of a web panel: take the API's address from the endpoint's documentation.",
        actions=offers.EDIT),
    Rule("redirect-slash", lambda f: 300 <= f.status < 400 and f.moves_to_slash,
        "{f.host} wants a slash behind the path (status {f.status} points to {f.location}), which no client sends. Diptych did"
        " not follow it, so the key went no further.",
        "No base URL can mend this: the server has to take {f.address.asked.path} as it is. Tell its operator: in nginx it is"
        " the `location` that ends in a slash, in web frameworks the redirecting of slashes.",
        actions=offers.EDIT),
    Rule("redirect-other-host", lambda f: 300 <= f.status < 400 and f.location_host and f.location_host != f.address.host,
        "{f.host} points to another host (status {f.status}): {f.location}. Diptych did not follow it; the key was not sent"
        " there.",
        "If you trust that host with this key, use {f.new_base} as base URL.",
        changes.base_url(lambda f: f.moved_base),
        actions=offers.EDIT),
    Rule("redirect", lambda f: 300 <= f.status < 400 and f.location,
        "{f.host} points to another address (status {f.status}): {f.location}. Diptych did not follow it, so the key went no"
        " further.",
        "Use {f.new_base} as base URL.",
        changes.base_url(lambda f: f.moved_base),
        actions=offers.EDIT),
    Rule("status-3xx", lambda f: 300 <= f.status < 400,
        "{f.host} answers with status {f.status}, which is no answer to a request like this, and names no other address.",
        "Check the base URL.",
        actions=offers.EDIT),
)  # fmt: skip


def _lost(f: Facts) -> bool:
    """A status that says the path or the method is not there."""
    return f.status in (404, 405)


ADDRESS = (
    Rule("http-on-https-port", lambda f: f.status == 400 and (f.says(*phrases.WANTS_TLS)
        or f.shows(*phrases.WANTS_TLS)),
        "The base URL says http://, but port {f.address.port} of {f.host} expects TLS.",
        "Use {f.address.https}.",
        changes.base_url(lambda f: f.address.https)),
    # -- asked, and so known ------------------------------------------------------------------------------------------
    Rule("page-of-upstream", lambda f: f.page and f.other_paths.speaks_here,
        "{f.host} does speak {f.protocol_title} at {f.address.asked.path}, and yet its answer to this request is a web page"
        " {f.title} (status {f.status}): probably its upstream's, passed on.",
        "The base URL is right. The relay's operator has to look at the address of the upstream for {f.model}.",
        actions=offers.EDIT),
    Rule("path-right", lambda f: (_lost(f) or f.page) and f.other_paths.speaks_here,
        "{f.host} does speak {f.protocol_title} at {f.address.asked.path}, where it {f.other_paths.did_here}. To this one it"
        " answered otherwise (status {f.status}).{f.server_says}",
        "The base URL is right. Look at what is asked, above all the model, or run it again.",
        actions=offers.EDIT),
    Rule("path-found", lambda f: f.other_paths.found and f.other_paths.found.protocol == f.protocol,
        "{f.host} does not speak {f.protocol_title} at {f.address.asked.path}{f.other_paths.reason}. It does at"
        " {f.other_paths.path}.",
        "{f.other_paths.use_it}.",
        changes.base_url(lambda f: f.other_paths.base_url),
        actions=offers.EDIT_WHERE_NOT_KNOWN),
    Rule("protocol-found", lambda f: f.other_paths.found,
        "{f.host} does not speak {f.protocol_title} at {f.address.asked.path}. It speaks {f.other_paths.title}, at"
        " {f.other_paths.path}.",
        "Choose {f.other_paths.title}. {f.other_paths.use_it}.",
        changes.protocol_found),
    Rule("nowhere", lambda f: _lost(f) and f.other_paths.nowhere,
        "{f.host} has nothing at {f.address.asked.path}, nor at the other usual paths of an API.{f.server_says}",
        "Take the API's address from the endpoint's documentation: it may be another host, or a path of its own.",
        actions=offers.EDIT),
    # -- by what was typed --------------------------------------------------------------------------------------------
    Rule("endpoint-of-other-protocol", lambda f: _lost(f) and f.address.pasted_protocol
        and f.address.pasted_protocol != f.protocol
        and not (f.protocol == RESPONSES and f.address.pasted_protocol == CHAT),
        "The base URL ends in {f.address.pasted}, which belongs to another protocol than {f.protocol_title}.",
        "Choose the protocol of that address, and take the path out of the base URL afterwards.",
        changes.protocol(lambda f: f.address.pasted_protocol),
        actions=offers.EDIT),
    Rule("endpoint-pasted", lambda f: _lost(f) and f.address.pasted,
        "The base URL already ends in {f.address.pasted}, and the path of the request was put behind it.",
        "Take the path out: {f.address.without_endpoint}.",
        changes.base_url(lambda f: f.address.without_endpoint)),
    Rule("v1-twice", lambda f: _lost(f) and f.address.doubles_v1,
        "The address that was asked has /v1 twice, since the base URL brings one that {f.protocol_title} adds by itself.",
        "Take one out: {f.address.without_v1}.",
        changes.base_url(lambda f: f.address.without_v1)),
    Rule("azure-deployment", lambda f: f.status == 404 and f.vendor == "Azure",
        "Azure has no deployment of this name at this address: {f.quoted}.",
        "Use https://RESOURCE.openai.azure.com/openai/v1 as base URL and the deployment's name as model.",
        actions=offers.EDIT),
    Rule("protocol-of-vendor", lambda f: _lost(f) and f.address.speaks and f.protocol not in f.address.speaks,
        "{f.vendor} does not offer {f.protocol_title} at this address.",
        "Choose a protocol that it offers.",
        changes.protocol(lambda f: f.address.speaks[0])),
    Rule("protocol-anthropic-base", lambda f: _lost(f) and f.protocol != MESSAGES and f.address.names_anthropic,
        "The base URL ends in /anthropic: such an address speaks Anthropic Messages, not {f.protocol_title}.",
        "Choose Anthropic Messages.",
        changes.protocol(lambda f: MESSAGES)),
    Rule("v1-missing", lambda f: _lost(f) and f.protocol != MESSAGES and f.address.base and not f.address.has_version,
        "{f.host} has nothing at this address: the base URL probably lacks /v1, which OpenAI clients expect in it.",
        "Use {f.address.with_v1}.",
        changes.base_url(lambda f: f.address.with_v1)),
    Rule("models-missing", lambda f: _lost(f) and f.recording.request.method == "GET",
        "{f.host} has no model list at this address ({f.address.asked.path}).{f.server_says}",
        "Type the model's name: many relays have no list, and answer all the same."),
    Rule("responses-missing", lambda f: _lost(f) and f.protocol == RESPONSES and not f.other_paths.lacks(CHAT),
        "{f.host} has no Responses endpoint at this address. Many relays and local servers have Chat Completions only.",
        "Choose OpenAI Chat Completions.",
        changes.protocol(lambda f: CHAT)),
    Rule("messages-missing", lambda f: _lost(f) and f.protocol == MESSAGES and not f.other_paths.lacks(CHAT),
        "{f.host} has no Messages endpoint at this address; it may speak OpenAI's protocol only.{f.server_says}",
        "Check the base URL (for Messages without /v1). If the endpoint is OpenAI-compatible, choose OpenAI Chat Completions.",
        changes.protocol(lambda f: CHAT),
        actions=offers.EDIT),
    Rule("path-refused-with-200", lambda f: f.ok and f.error and f.says("unexpected endpoint or method"),
        "{f.host} has nothing at this address ({f.address.asked.path}), though the status is {f.status}: {f.quoted}.",
        "Compare the base URL with the endpoint's documentation; LM Studio has its API under /v1.",
        actions=offers.EDIT),
    Rule("path-not-found", lambda f: f.status == 404,
        "{f.host} has nothing at this address ({f.address.asked.path}).{f.server_says}",
        "Compare the base URL with the endpoint's documentation; not every one has its API under /v1.",
        actions=offers.EDIT),
    Rule("method-not-allowed", lambda f: f.status == 405,
        "The address {f.address.asked.path} of {f.host} does not take this kind of request (405).{f.server_says}",
        "Compare the base URL with the endpoint's documentation: a web page often stands at this address.",
        actions=offers.EDIT),
)  # fmt: skip

PAGES = (
    Rule("page-challenge", lambda f: f.page and (f.shows(*phrases.CHALLENGE) or f.header("cf-mitigated") == "challenge"),
        "A check for browsers stands in front of {f.host} (a page {f.title}): programs don't get past it.",
        "Use an address of the API that has no such check, or ask the operator to let API paths through.",
        actions=offers.EDIT),
    Rule("page-captured", lambda f: f.captured and f.page,
        "The capture holds a web page ({f.title}) in place of an answer.",
        "Save it with `curl -i`, so that the status comes along: the page may be the error of a server in front, or the address"
        " that of a web site.",
        actions=offers.EDIT),
    Rule("page-login", lambda f: f.ok and f.page and f.shows(*phrases.LOGIN_PAGE),
        "A login page came instead of an answer: the address is that of a web panel, or of a network that wants a login first.",
        "Take the API's address from the endpoint's documentation; in a hotel or company network, log in with a browser"
        " first.",
        actions=offers.EDIT),
    Rule("page-v1-missing", lambda f: f.ok and f.page and f.protocol != MESSAGES and not f.address.has_version
        and not f.other_paths.nowhere,
        "A web page ({f.title}) came instead of an answer: the base URL leads to the web panel and probably lacks /v1.",
        "Use {f.address.with_v1}.",
        changes.base_url(lambda f: f.address.with_v1)),
    Rule("page-path", lambda f: f.ok and f.page and (f.address.pasted or f.address.doubles_v1)
        and not f.other_paths.nowhere,
        "A web page ({f.title}) came instead of an answer: the path {f.address.asked.path} is not one of the API.",
        "Use {f.address.corrected}.",
        changes.base_url(lambda f: f.address.corrected)),
    Rule("page", lambda f: f.ok and f.page,
        "A web page ({f.title}) came instead of an answer: the address is that of a web site.",
        "Take the API's address from the endpoint's documentation: it is often another host than the web site's.",
        actions=offers.EDIT),
)  # fmt: skip
