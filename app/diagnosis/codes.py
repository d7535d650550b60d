"""What the machine codes in an error's body say, before its words are looked at: what it is about, and whose status it is."""

from __future__ import annotations

import re
from enum import StrEnum

from app.diagnosis import phrases
from app.protocols.reading import ErrorReading


class About(StrEnum):
    """What an error is about."""

    KEY = "key"
    MONEY = "money"
    TOO_LONG = "too_long"
    FILTER = "filter"
    OVERLOADED = "overloaded"
    UPSTREAM_ANSWER = "upstream_answer"  # a relay could not use what its upstream answered
    PRICE = "price"  # a relay has no price for the model
    NO_ACCOUNT = "no_account"  # a relay has no account of its own for the model


# By `code`, then by `type`, in lower case: of OpenAI, Anthropic, Azure, Volcengine, DashScope, Moonshot, new-api and their kin.
# Codes that are numbers mean something else at every vendor (1002 is a rate limit of MiniMax and a wrong key of Zhipu).
_CODES = {
    About.KEY: ("invalid_api_key", "invalidapikey", "authentication_error", "authenticationerror", "api_key_invalid",
        "invalid_authentication_error", "incorrect_api_key_error", "unauthenticated", "token_not_found"),
    About.MONEY: ("accountoverdueerror", "arrearage", "insufficient_user_quota", "insufficient_balance", "billing_error",
        "payment_required", "credit_balance_exhausted", "billing_not_active", "insufficientbalance",
        "exceeded_current_quota_error"),
    About.TOO_LONG: ("context_length_exceeded", "exceed_context_size_error", "contextwindowexceedederror",
        "model_context_window_exceeded"),
    About.FILTER: ("content_filter", "sensitive_words_detected", "data_inspection_failed", "datainspectionfailed",
        "sensitivecontentdetected", "inputtextsensitivecontentdetected", "outputtextsensitivecontentdetected",
        "content_policy_violation", "responsibleaipolicyviolation", "prompt_blocked"),
    About.OVERLOADED: ("overloaded_error", "server_is_overloaded", "serveroverloaded", "engine_overloaded_error",
        "engine_overloaded"),
    About.UPSTREAM_ANSWER: ("bad_response_body", "read_response_body_failed"),
    About.PRICE: ("model_price_error",),
    About.NO_ACCOUNT: ("no_accounts", "no_available_accounts", "no_account"),
}  # fmt: skip
_ABOUT = {code: about for about, codes in _CODES.items() for code in codes}
_PHRASES = {
    About.KEY: phrases.KEY_REFUSED,
    About.MONEY: phrases.BALANCE,
    About.TOO_LONG: phrases.TOO_LONG,
    About.FILTER: phrases.FILTERED,
    About.OVERLOADED: phrases.OVERLOADED,
    About.UPSTREAM_ANSWER: phrases.NOT_JSON,
    About.PRICE: phrases.NO_PRICE,
    About.NO_ACCOUNT: phrases.NO_ACCOUNT,
}
_STATUS_OF_TYPE = {
    "invalid_request_error": 400, "badrequesterror": 400, "bad_request": 400, "invalid_argument": 400,
    "authentication_error": 401, "authenticationerror": 401, "invalid_api_key": 401, "unauthenticated": 401,
    "billing_error": 402, "insufficient_quota": 402, "permission_error": 403, "permission_denied": 403,
    "not_found_error": 404, "model_not_found": 404, "request_too_large": 413,
    "rate_limit_error": 429, "rate_limit_exceeded": 429, "resource_exhausted": 429, "too_many_requests": 429,
    "api_error": 500, "server_error": 500, "internal_error": 500, "internal_server_error": 500, "upstream_error": 502,
    "timeout_error": 504, "overloaded_error": 529, "server_is_overloaded": 529,
}  # fmt: skip
_STATUS = re.compile(r"[45]\d\d")


def about(error: ErrorReading) -> About | None:
    """What the error's code, or its type, says that it is about; None where neither says so."""
    return _ABOUT.get(error.code.lower()) or _ABOUT.get(error.type.lower())


def is_about(error: ErrorReading, text: str, what: About) -> bool:
    """Whether the error is about this: by its codes, and by its words only where these say nothing. `text` is lower case."""
    said = about(error)
    return said is what if said else any(phrase in text for phrase in _PHRASES[what])


def told_number(error: ErrorReading) -> int:
    """The HTTP status that stands in the error as a number; 0 where none does."""
    return next((int(one) for one in (error.code, error.type) if _STATUS.fullmatch(one)), 0)


def told_status(error: ErrorReading) -> int:
    """The HTTP status that the error itself stands for, by a number in it or by its type; 0 where it tells none."""
    return told_number(error) or _STATUS_OF_TYPE.get(error.code.lower(), 0) or _STATUS_OF_TYPE.get(error.type.lower(), 0)
