"""Rules for who may ask: money, keys, permission, region, firewalls."""

from __future__ import annotations

from app.diagnosis import changes, offers, phrases
from app.diagnosis.codes import About
from app.diagnosis.facts import Facts
from app.diagnosis.model import Rule
from app.diagnosis.parameters import is_gateways_header
from app.diagnosis.quoted_key import quotes_another
from app.diagnosis.wording import HIDDEN, OPENS, OPENS_OR_ANEW, OPENS_OR_NEVER, PAGE_TITLE, SAYS
from app.protocols.ids import MESSAGES

_ALLOWED = r"\b(?:access|allow|permi|authori[sz]|entitle|subscri|forbid|restrict|not available|enabled|disabled)"
_MODEL_NOT_ALLOWED = rf"\bmodels?\b.{{0,120}}{_ALLOWED}|{_ALLOWED}.{{0,120}}\bmodels?\b|模型"
_TWO_KEYS = r"\b(?:only one of|not both|both|multiple|more than one)\b"


_VENDORS_KEY_PAGES = (
    r"sign(?:ing)? in again|platform\.openai\.com|console\.anthropic\.com|platform\.claude\.com|aistudio\.google\.com"
    r"|console\.x\.ai"
)
# In which a vendor refuses a key: a relay says so of its own keys, too, where it copies the vendor.
_VENDORS_KEY_WORDS = (
    rf"{_VENDORS_KEY_PAGES}|\bincorrect api key provided\b|^invalid x-api-key\b|^invalid bearer token\b"
    r"|please pass a valid api key"
)
# "invalid, expired, or revoked": which of them is not said
_WRONG_OR_OFF = r"\b(?:invalid|incorrect|wrong)(?:,| or\b)|\bor (?:is )?(?:invalid|incorrect|wrong)\b|过期或|或(?:已)?过期"


def _sdk_agent(f: Facts) -> str:
    return f"User-Agent={'Anthropic/Python 2.14.0' if f.protocol == MESSAGES else 'OpenAI/Python 3.57.0'}"


def _key_refused(f: Facts) -> bool:
    if f.class_of_error == 401:
        return True
    if f.status == 400 and f.error.names_place:
        return False
    return f.refused and f.status in (200, 400, 403, 407, 500) and f.error.is_about(About.KEY)


def _keeps_vendors_words(f: Facts) -> bool:
    """A relay's refusal of a key in the words of a vendor, which those of one-api and its kin never have of their own keys."""
    return not f.server.is_official and f.server.is_relay_software and bool(f.error.matches(_VENDORS_KEY_PAGES))


def _other_key_refused(f: Facts) -> bool:
    """The error quotes a key that was not sent."""
    return not f.server.is_official and quotes_another(f.error.message, f.request.keys_sent)


def _either_key_refused(f: Facts) -> bool:
    """A vendor's words, or its ids, at another's host: of whose key can't be told."""
    if f.server.is_official or f.server.is_relay_software:
        return False
    return bool(f.error.matches(_VENDORS_KEY_WORDS)) or f.server.has_vendor_id


def _login_token_refused(f: Facts) -> bool:
    return _key_refused(f) and bool(f.error.matches(r"oauth authentication is (?:currently )?not supported"))


def _wants_own_header(f: Facts) -> bool:
    """A gateway's own header that is not known to have been sent (`Helicone-Auth header is required`)."""
    return not f.unseen_header and any(is_gateways_header(name) for name in f.error.missing_headers)


def _refuses_two_keys(f: Facts) -> bool:
    """It says that two keys came, in both of the usual headers."""
    names_both = f.error.says("x-api-key") and f.error.says("authorization")
    return (
        names_both
        and bool(f.error.matches(_TWO_KEYS))
        and not f.error.matches(r"\b(?:missing|required|neither|not provided)\b")
    )


def _out_of_money(f: Facts) -> bool:
    said = f.class_of_error == 402 or f.error.is_about(About.MONEY)
    return said or f.error.says(*phrases.KEY_QUOTA, *phrases.OVERDUE) or _quota_used_up(f)


def _relays_own_money(f: Facts) -> bool:
    """The words are those of one-api and its kin about an account with the relay itself."""
    return f.error.says(*phrases.KEY_QUOTA, "insufficient_user_quota", "用户额度", "user quota")


def _quota_used_up(f: Facts) -> bool:
    """The code says so; the words alone, which Google uses for limits of a minute too, where no such limit is named."""
    if not f.refused or (f.error.says(*phrases.SATURATED) and not f.server.is_official):
        return False  # a relay puts its own words in the place of its upstream's, and keeps that one's code
    if f.tokens_of_time:
        return False
    if f.error.says("insufficient_quota"):
        return True
    return f.error.says("exceeded your current quota") and not (f.limits.quota or f.says_when)


def _forbidden(f: Facts) -> bool:
    """Refused with 403, and not for what the prompt says."""
    return f.status == 403 and not f.error.is_about(About.FILTER)


MONEY = (
    Rule("credits-too-few-for-tokens", lambda f: f.refused and f.error.affordable,
        "The balance does not cover that many tokens: {message:quoted no message}.",
        "Ask for at most {affordable_tokens:grouped} tokens (max tokens), or add credit to the account.",
        changes.max_tokens(lambda f: f.error.affordable)),
    Rule("money-upstream", lambda f: (f.server.passed_on or (f.from_behind and f.address.host and not _relays_own_money(f)))
        and (_out_of_money(f) or f.error.says(*phrases.SPEND)),
        "{host:or The endpoint} passed the request on, and its own account at the upstream has no money or quota left:"
        " {message:quoted no message}.",
        "The relay's operator has to add credit or raise the limit there; your key for the relay is in order. Another of its"
        " models may have another upstream."),
    Rule("extra-usage", lambda f: f.refused and f.error.says(*phrases.EXTRA_USAGE),
        "The usage that the account pays for beside its subscription is used up (status {status}): {message:quoted no message}."
        " It is about money, not about the request.",
        "Add usage in the account's settings, or use an API key that is paid by use." + OPENS_OR_NEVER),
    Rule("plan-limit", lambda f: f.refused and (f.limits.window or f.error.says(*phrases.PLAN)
        or f.error.matches(phrases.PLAN_WINDOW)),
        "{plan_window:select five_hour=The five-hour limit|seven_day=The weekly limit|seven_day_opus=The weekly limit for Opus"
        "|seven_day_sonnet=The weekly limit for Sonnet|The limit} of the subscription{plan:if  (plan {plan})} is used up:"
        " {message:quoted no message}.",
        OPENS + " Another account or a larger plan has a limit of its own.",
        actions=offers.OPENS_TODAY),
    Rule("key-quota", lambda f: f.refused and f.error.says(*phrases.KEY_QUOTA) and f.error.about is not About.MONEY,
        "The quota of this key is used up: {message:quoted no message}.",
        "Raise the key's own quota in the relay's panel, or take another key. The account may still have credit."),
    Rule("spend-limit", lambda f: f.refused and f.status != 404 and f.error.says(*phrases.SPEND)
        and not f.error.says(*phrases.ACCOUNT_OFF),
        "A spend limit of the account is reached: {message:quoted no message}.",
        "Raise the limit in the account's settings." + OPENS_OR_ANEW),
    Rule("quota-zero", lambda f: f.limits.none_at_all,
        "The account has no quota at all for {model:or this model}; its limit is 0: {message:quoted no message}.",
        "Waiting is of no use. Ask for a quota, take a plan that has one, or choose another model.",
        actions=offers.MODEL),
    Rule("insufficient-quota", _quota_used_up,
        "The account's quota is used up: {message:quoted no message}. It is no rate limit{error_status:if , though the"
        " status ({error_status}) may say so}.",
        "Add credit or change the plan. Trying again before that is of no use{error_status:if , though the official SDKs do}."),
    Rule("account-overdue", lambda f: f.refused and f.error.says(*phrases.OVERDUE),
        "The account that this key belongs to owes money, so that the endpoint"
        " refuses{error_status:if  (status {error_status})}." + SAYS,
        "Pay what is due, or use the key of another account. Waiting is of no use."),
    Rule("balance", lambda f: f.refused and (f.status == 402 or f.error.is_about(About.MONEY)),
        "The account has too little credit{error_status:if  (status {error_status})}." + SAYS,
        "Add credit to the account that this key belongs to, or use the key of another one."),
)  # fmt: skip

KEYS = (
    Rule("login-basic", lambda f: f.status == 401 and f.server.wants_login,
        "{edge:or The server} in front of {host:or the endpoint} wants a user name and a password (401, Basic), no API key;"
        " the API itself did not answer.",
        "Ask the operator for an address of the API without this login, or for the login: it goes into the profile as the"
        " header Authorization, and the key as x-api-key.",
        actions=offers.EDIT),
    Rule("header-not-seen", lambda f: f.refused and f.unseen_header and not f.server.is_official
        and (f.class_of_error < 500 or f.error.blames_request),
        "{host:or The endpoint} does not find the header {missing_header}, though it was sent: {message:quoted no message}.",
        "A relay does not pass it on to its upstream, or a proxy takes it out on the way: tell the operator. Nothing in the"
        " request is wrong."),
    Rule("key-upstream", lambda f: _key_refused(f)
        and (f.from_behind or (f.class_of_error >= 500 and f.server.speaks_upstream)),
        "{host:or The endpoint} took the request and passed it on; its upstream does not accept the key that the relay has"
        " for it: {message:quoted no message}." + HIDDEN,
        "The relay's operator has to set that key in the relay's configuration. Your key for the relay is in order."),
    Rule("key-upstream-quoted", lambda f: _key_refused(f) and _other_key_refused(f),
        "{host:or The endpoint} passed the request on with another key than yours, and that one is refused:"
        " {message:quoted no message}. The key that it quotes is not the one that was sent.",
        "The relay's operator has to set that key in the relay's configuration. Your key for the relay is in order."),
    Rule("key-upstream-by-words", lambda f: _key_refused(f) and _keeps_vendors_words(f),
        "A vendor behind {host:or the endpoint} refuses a key, probably the relay's own: {message:quoted no message}. Of a key"
        " that it does not know itself, a relay says so in words of its own.",
        "Tell the relay's operator. Where the relay passes your own key on, enter a key of that vendor.",
        actions=offers.KEY),
    Rule("key-upstream-missing", lambda f: f.refused and (f.error.says(*phrases.NO_UPSTREAM_KEY)
        or (f.request.sends_key and f.error.says(*phrases.NO_KEY_OF_ITS_OWN))),
        "{host:or The endpoint} has no key for the vendor that it would pass this request on to: {message:quoted no message}.",
        "The relay's operator has to set that key.{pass_through:if  Other paths of the relay may do without it: the base URL"
        " ends in a vendor's name, which LiteLLM takes as the wish to reach that vendor directly.}",
        actions=offers.EDIT_PASS_THROUGH),
    Rule("key-no-database", lambda f: f.refused and f.error.says("no_db_connection", "no connected db"),
        "{host:or The endpoint} does not know the key, and has no database in which it could look it up:"
        " {message:quoted no message}.",
        "Enter the relay's master key. Keys of its users work once it has a database (LiteLLM: DATABASE_URL).",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-not-for-model", lambda f: f.refused and f.error.says("model_access_denied"),
        "The key is in order, but may not use the model{model:if  {model}}: {message:quoted no message}.",
        "Choose a model that the key may use, or have the relay's operator allow this one.",
        actions=offers.MODEL),
    Rule("header-missing", lambda f: f.refused and _wants_own_header(f),
        "{host:or The endpoint} wants a header of its own{request_headers_known:if  that the request does not have}:"
        " {message:quoted no message}.",
        "Add it to the profile's headers, with the value that the gateway gave you.",
        actions=offers.EDIT),
    Rule("key-missing", lambda f: _key_refused(f) and not f.request.sends_key,
        "{host:or The endpoint} wants a key, and none was sent.",
        "Enter the key of this endpoint.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-placeholder", lambda f: _key_refused(f) and f.context.key_oddity == "placeholder",
        "What was sent as key is a placeholder out of an example, not a key.",
        "Enter the real key.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-pasted-with-more", lambda f: _key_refused(f) and f.context.key_oddity,
        "The key was pasted with something around it (quotation marks, “Bearer”, spaces or characters that no key has).",
        "Enter the key alone.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-both-headers", lambda f: _key_refused(f) and f.request.sends_bearer and f.request.sends_x_api_key,
        "The key was sent twice, as Authorization and as x-api-key; Anthropic and some relays refuse that.",
        "Send it in one header only: take the extra one out of the profile.",
        changes.header(lambda f: "x-api-key=" if f.request.auth == "bearer" else "Authorization=", "Send one header only")),
    Rule("key-both-headers-of-relay", lambda f: _key_refused(f) and f.request.sends_one_key and _refuses_two_keys(f)
        and not f.server.is_official,
        "{host:or The endpoint} refuses a request that has two keys, and yours had one: {message:quoted no message}.",
        "A relay that asks its upstream sends its own key in both headers: its operator has to take one out. Nothing in your"
        " request is wrong."),
    Rule("key-of-browser", lambda f: f.status in (401, 403) and f.error.says("cors"),
        "The request looks like one from a browser (it has an Origin header), which this endpoint refuses.",
        "Take the Origin header out of the profile.",
        changes.header(lambda _: "Origin=", "Take Origin out")),
    Rule("key-foreign-official", lambda f: _key_refused(f) and f.request.key_vendor and f.server.is_official
        and f.request.key_vendor != f.server.vendor,
        "The key looks like one of {key_vendor}, but the endpoint is {vendor}'s.",
        "Enter a key of {vendor}.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-foreign-relay", lambda f: _key_refused(f) and f.request.key_vendor and not f.address.is_local
        and f.request.key_vendor != f.server.vendor,
        "{host:or The endpoint} refused the key. It looks like one of {key_vendor}; a relay usually wants a key of its own.",
        "Enter the key that this relay gave you, or use {key_vendor}'s own address.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-oauth-in-x-api-key", lambda f: _key_refused(f) and f.context.key_shape == "sk-ant-oat"
        and f.request.auth == "x-api-key",
        "The key is a login token (sk-ant-oat…), which Anthropic takes as Bearer only.",
        "Send it as Bearer, with the beta oauth-2025-04-20, or use an API key.",
        changes.auth("bearer")),
    Rule("key-login-token-refused", _login_token_refused,
        "{host:or The endpoint} takes no login token (OAuth), and what came as Bearer counts as one:"
        " {message:quoted no message}.",
        "Send an API key as x-api-key. Anthropic takes a login token only as Bearer, together with the beta oauth-2025-04-20.",
        changes.auth("x-api-key"),
        actions=offers.KEY),
    Rule("key-google-token", lambda f: _key_refused(f) and f.error.says("expected oauth 2 access token"),
        "{host:or The endpoint} wants an access token of a Google login, and what came is none that is valid:"
        " {message:quoted no message}.",
        "Enter a new one as Bearer (`gcloud auth print-access-token` prints one, good for an hour). An API key is none.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-wants-x-api-key", lambda f: _key_refused(f) and f.request.headers_known and f.request.auth == "bearer"
        and f.error.says("x-api-key")
        and f.error.says(*phrases.NO_KEY_SEEN),
        "{host:or The endpoint} looks for the key in the x-api-key header, but it was sent as Bearer.",
        "Send the key as x-api-key.",
        changes.auth("x-api-key")),
    Rule("key-wants-bearer", lambda f: _key_refused(f) and f.request.headers_known and f.request.auth == "x-api-key"
        and (f.error.says(*phrases.NO_KEY_SEEN) or (f.error.says("bearer") and not f.request.sends_bearer)),
        "{host:or The endpoint} did not find a key: it was sent as x-api-key, and the endpoint seems to look for a Bearer"
        " token.",
        "Send the key as Bearer.",
        changes.auth("bearer")),
    Rule("key-not-seen", lambda f: _key_refused(f) and f.error.says(*phrases.NO_KEY_SEEN),
        "{host:or The endpoint} says that it found no key{headers_known:if , though one was sent as Bearer}:"
        " {message:quoted no message}.",
        "{headers_known:if Send the key in the other header|Enter a key, or send it in the other header}; a proxy may also have"
        " taken the Authorization header out.",
        lambda f: changes.auth("x-api-key")(f) if f.request.headers_known else None,
        actions=offers.KEY_WHERE_NOT_KNOWN),
    Rule("key-off", lambda f: _key_refused(f) and f.error.says(*phrases.KEY_OFF)
        and not f.error.matches(_WRONG_OR_OFF),
        "The key is known, but no longer valid: {message:quoted no message}.",
        "Make a new key in the account's settings and enter it.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-ip", lambda f: f.status in (401, 403) and f.error.says(*phrases.ADDRESS_BANNED),
        "The endpoint does not take requests from this machine's address: {message:quoted no message}.",
        "Add the address of this network to the key's list of allowed addresses.",
        actions=offers.EDIT),
    Rule("key-organization", lambda f: f.status == 401 and f.error.says("organization", "workspace", "project"),
        "The key does not fit the organization, workspace or project of the request: {message:quoted no message}.",
        "Check the organization and project headers of the profile, and where the key was made.",
        actions=offers.EDIT),
    Rule("key-wrong-official", lambda f: _key_refused(f) and f.server.is_official,
        "{vendor} does not know this key: {message:quoted no message}.",
        "Enter the key again, whole; make a new one if it was deleted.",
        changes.ask_key,
        actions=offers.KEY),
    Rule("key-wrong-or-upstream", lambda f: _key_refused(f) and _either_key_refused(f),
        "{host:or The endpoint} refuses a key, and its answer looks like a vendor's: {message:quoted no message}. Whether it is"
        " yours, or the one that a relay has for its upstream, can't be told from that.",
        "Enter your key again, whole; the endpoint may also want it in the other header. If it is right, tell the relay's"
        " operator: the vendor behind the relay may refuse the relay's own key.",
        changes.other_auth,
        actions=offers.KEY),
    Rule("key-wrong", lambda f: _key_refused(f) and f.error.message,
        "{host:or The endpoint} does not accept the key: {message:quoted no message}.",
        "Enter the key again, whole. If it is right, the endpoint may want it in the other header.",
        changes.other_auth,
        actions=offers.KEY),
    Rule("key-wrong-silent", _key_refused,
        "{host:or The endpoint} does not accept the key and says no more (status {status}).",
        "Enter the key again, whole. If it is right, the endpoint may want it in the other header.",
        changes.other_auth,
        actions=offers.KEY),
)  # fmt: skip

FORBIDDEN = (
    Rule("forbidden-upstream", lambda f: f.from_behind and (f.class_of_error in (403, 451) or f.error.says(*phrases.DENIED)
        or (f.class_of_error == 400 and f.error.says(*phrases.REGION))),
        "{host:or The endpoint} passed the request on, and its upstream refuses it: {message:quoted no message}.",
        "It is about the relay's own key, account or region at that upstream: tell the operator. Your key for the relay is in"
        " order."),
    Rule("account-off", lambda f: f.refused and f.error.says(*phrases.ACCOUNT_OFF),
        "The account that the key belongs to is switched off: {message:quoted no message}.",
        "Ask the vendor or the relay's operator why; another account's key works meanwhile. Trying again is of no use."),
    Rule("region", lambda f: f.status in (400, 403, 451) and f.error.says(*phrases.REGION),
        "The endpoint does not serve the region this request came from: {message:quoted no message}.",
        "Send it from a region that is served, or use a relay that you trust."),
    Rule("legal", lambda f: f.status == 451,
        "The endpoint refuses for legal reasons (451)." + SAYS,
        "Ask its operator; it often depends on the region the request comes from."),
    Rule("client-only", lambda f: f.refused and f.error.says(*phrases.CLIENT),
        "The key or relay is meant for one program only: {message:quoted no message}.",
        "Use a key that is made for API use."),
    Rule("user-agent", lambda f: f.status in (403, 406) and (f.error.says(*phrases.AGENT) or f.body.shows(*phrases.AGENT)),
        "A firewall in front of {host:or the endpoint} refuses the program that asks, by its User-Agent.",
        "Send the official SDK's User-Agent, as your program will, or ask the operator to let it through.",
        changes.header(_sdk_agent, "Send the SDK's User-Agent")),
    Rule("challenge", lambda f: f.status in (403, 429, 503) and (f.head.header("cf-mitigated") == "challenge"
        or f.body.shows(*phrases.CHALLENGE)),
        "A check for browsers stands in front of {host:or the endpoint} (status {status}): programs don't get past it.",
        "Use an address of the API that has no such check, or ask the operator to let API paths through.",
        actions=offers.EDIT),
    Rule("firewall", lambda f: f.status in (403, 405, 406) and ((f.body.page and (f.body.shows(*phrases.BLOCKED)
        or f.head.header("cf-ray"))) or f.server.cloudflare_code),
        "{edge:or The server in front} blocked the request before it reached the API (status {status}"
        "{cloudflare_code:if , error {cloudflare_code}|, a page " + PAGE_TITLE + "}).",
        "Ask the operator to let this address through; words in the prompt, the network's address or the User-Agent may be"
        " the reason.",
        actions=offers.EDIT),
    Rule("api-off", lambda f: f.refused and f.error.says(*phrases.API_OFF),
        "The project that the key belongs to has not switched on this API: {message:quoted no message}.",
        "Enable it in the cloud's console, wait some minutes, then run it again.",
        actions=offers.RUN),
    Rule("group-refused", lambda f: f.refused and f.error.matches(phrases.GROUP_REFUSED),
        "The key is set to a group of the relay that it may not use: {message:quoted no message}.",
        "Choose another group for the key in the relay's panel, or use another key. The request is in order."),
    Rule("model-not-allowed", lambda f: f.status == 403 and f.error.matches(_MODEL_NOT_ALLOWED),
        "The key may not use the model{model:if  {model}}: {message:quoted no message}.",
        "Choose a model that the key may use, or allow this one in the account or the relay's panel.",
        actions=offers.MODEL),
    Rule("permission-scope", lambda f: _forbidden(f) and f.error.says("scope", "permission"),
        "The key is valid, but lacks the permission: {message:quoted no message}.",
        "Give the key the permission in the account's settings, or use another key."),
    Rule("forbidden-page", lambda f: f.status == 403 and f.body.page,
        "{edge:or The server in front} refuses the request with a web page " + PAGE_TITLE + " (403); the API itself did not"
        " answer.",
        "Check the path in the base URL; a firewall or an access list may also be in the way.",
        actions=offers.EDIT),
    Rule("forbidden", lambda f: _forbidden(f) and f.error.message and not f.limited,
        "{message:quoted no message}: with these words {host:or the endpoint} refuses the request (403).",
        "The key is probably valid, but not allowed to do this. Check its permissions, the region and the account's state."),
    Rule("forbidden-silent", lambda f: _forbidden(f) and not f.limited,
        "{host:or The endpoint} refuses the request (403) and says no more.",
        "Check the key's permissions, the region and the account's state."),
)  # fmt: skip
