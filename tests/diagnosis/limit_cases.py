"""Rows for limits: which one it was, when it opens again, and whether waiting is of use."""

from __future__ import annotations

from typing import Any

from tests.diagnosis.made import ANTHROPIC, OPENAI, STREAM, A, C, Case, R, anthropic, made, openai

GOOGLE = "https://generativelanguage.googleapis.com/v1beta/openai"
DATE = {"date": "Sat, 21 Nov 2026 12:00:00 GMT"}
NOON = 1795262400  # the same moment
ALONE = "Request too large for m in organization org-x on tokens per min (TPM): Limit 30000, Requested 45210."
EXCEEDED = "You exceeded your current quota, please check your plan and billing details."
USAGE = {"type": "usage_limit_reached", "message": "The usage limit has been reached"}
UNTOUCHED = {
    "anthropic-ratelimit-input-tokens-limit": "30000",
    "anthropic-ratelimit-input-tokens-remaining": "30000",
    "anthropic-ratelimit-input-tokens-reset": "2026-11-21T12:00:00Z",
}


def unified(claim: str, **windows: tuple[str, int]) -> dict[str, str]:
    """Headers of a subscription's limits: each window's status, and its reset in seconds from the answer on."""
    headers = {f"anthropic-ratelimit-unified-{name}-status": status for name, (status, _) in windows.items()}
    headers |= {f"anthropic-ratelimit-unified-{name}-reset": str(NOON + after) for name, (_, after) in windows.items()}
    reset = str(NOON + max(after for status, after in windows.values() if status == "rejected"))
    whole = {"status": "rejected", "representative-claim": claim, "reset": reset}
    return {**DATE, **headers, **{f"anthropic-ratelimit-unified-{name}": value for name, value in whole.items()}}


def google(limit: str, quota_id: str, delay: str, words: str = EXCEEDED) -> list[Any]:
    """Google's error, in a list of one as its OpenAI form sends it."""
    violation = {"quotaMetric": "generativelanguage.googleapis.com/x", "quotaId": quota_id, "quotaValue": limit}
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]
    return [{"error": {"code": 429, "message": words, "status": "RESOURCE_EXHAUSTED", "details": details}}]


def event(value: str) -> bytes:
    """An error inside a stream."""
    return f"event: error\ndata: {value}\n\n".encode()


REFUSED = anthropic("rate_limit_error", "This request would exceed your account's rate limit. Please try again later.")

CASES = (
    # -- windows of a subscription
    Case(
        "plan-limit",
        made(429, REFUSED, headers=unified("five_hour", **{"5h": ("rejected", 10228), "7d": ("allowed", 400_000)})),
        "The five-hour limit of the subscription is used up",
        "It opens again in 2 h 50 min (14:50 UTC); before that, trying again is of no use.",
    ),
    Case(
        "plan-limit",
        made(429, REFUSED, headers=unified("seven_day_opus", **{"7d": ("allowed", 400_000), "7d_opus": ("rejected", 7200)})),
        "The weekly limit for Opus of the subscription",
        "in 2 h (14:00 UTC)",
    ),
    Case(  # both are closed: the one that opens last counts, and is the one that is named
        "plan-limit",
        made(429, REFUSED, headers=unified("five_hour", **{"5h": ("rejected", 10228), "7d": ("rejected", 400_000)})),
        "The weekly limit of the subscription",
        "in 4 days 15 h (2026-11-26 03:06 UTC)",
    ),
    *(
        Case("plan-limit", made(429, {"error": {**USAGE, **fields}}, protocol=protocol, headers=DATE), cause, fix)
        for protocol in (A, C, R)
        for fields, cause, fix in (
            ({"plan_type": "plus", "resets_in_seconds": 9568}, "(plan plus)", "in 2 h 39 min (14:39 UTC)"),
            ({"resets_at": NOON + 9568}, "The limit of the subscription is used up", "in 2 h 39 min (14:39 UTC)"),
            ({}, "", "It does not say when it opens again"),
        )
    ),
    Case(
        "plan-limit",
        made(
            200,
            event('{"type":"error","status_code":429,"error":{"message":"no","resets_in_seconds":60},"headers":{'
            '"x-codex-primary-used-percent":"100","x-codex-primary-window-minutes":"300",'
            '"x-codex-primary-reset-after-seconds":"9000"}}'),
            protocol=R,
            headers=STREAM,
            streamed=True,
        ),
        "The five-hour limit",
        "It opens again in 2 h 30 min (14:30 UTC)",
    ),
    Case(  # the moment alone: when the answer came is not known
        "plan-limit",
        made(429, {"error": {**USAGE, "resets_at": NOON + 9568}}, headers={"date": "?"}, started_utc=""),
        "",
        "It opens again at 2026-11-21 14:39 UTC; before that",
    ),
    Case(
        "plan-limit",
        made(429, REFUSED, headers=unified("five_hour", **{"5h": ("rejected", -50)})),
        "The five-hour limit",
        "By what it says it is open again by now: try again.",
    ),
    # -- money
    Case(  # a header that asks each refused request to wait says nothing of when a limit of money starts anew
        "spend-limit",
        made(429, openai("Billing hard limit has been reached"), protocol=C, base=OPENAI, headers={"retry-after": "5"}),
        "",
        "settings. Trying again before it starts anew is of no use.",
    ),
    *(
        Case("extra-usage", made(status, anthropic("invalid_request_error", "You're out of extra usage.")), "about money", fix)
        for status, fix in ((400, "Waiting is of no use."), (429, "Waiting is of no use."))
    ),
    Case(
        "account-overdue",
        made(403, {"code": "AccountOverdueError", "message": "Your account has an overdue balance."}, protocol=C),
        "owes money",
        "Pay what is due",
    ),
    Case("account-overdue", made(400, openai("Access denied.", "Arrearage", "Arrearage"), protocol=R), "owes money"),
    Case(
        "balance",
        made(429, openai("You exceeded your current token quota: 0", "exceeded_current_quota_error")),
        "too little credit",
    ),
    Case(
        "spend-limit",
        made(429, openai("Your account has reached the set inference limit", "", "SetLimitExceeded"), protocol=C),
        "limit of the account is reached",
        "is of no use",
    ),
    # -- quotas
    Case("quota-zero", made(429, google("0", "RequestsPerDay-FreeTier", "34s"), protocol=C), "its limit is 0", "of no use"),
    Case("quota-zero", made(429, openai("Rate limit on RPM: Limit 0, Used 0, Requested 1"), protocol=R), "its limit is 0"),
    Case(
        "rate-quota",
        made(429, google("10", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "34s"), protocol=C, base=GOOGLE),
        "The free quota of 10 requests a minute is used up",
        "Try again in 34 s.",
    ),
    Case(
        "rate-quota",
        made(429, openai("Quota exceeded for metric: g.com/x_input_token_count, limit: 250 Please retry in 9s."), protocol=C),
        "The quota of 250 tokens is used up",
        "Try again in 9 s.",
    ),
    Case(
        "rate-quota-day",
        made(429, google("50", "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "34s"), protocol=C, base=GOOGLE),
        "The free quota of a day, 50 requests, is used up",
        "midnight Pacific time",
    ),
    Case(
        "rate-quota-increase",
        made(429, openai("Quota exceeded for x_per_base_model. Please submit a quota increase request."), protocol=C),
        "The project's quota for claude-sonnet-4-6 is used up",
        "Waiting rarely helps.",
    ),
    Case(  # the code says so, and no time in the answer changes that
        "insufficient-quota",
        made(429, openai(f"{EXCEEDED} Try again in 20s", "insufficient_quota", "insufficient_quota"), protocol=C, base=OPENAI),
        "quota is used up",
        "of no use",
    ),
    Case("rate", made(429, openai("Over your limit: 0 remaining"), protocol=C), "asked too often"),  # no quota of 0
    Case(
        "quota-zero",
        made(429, openai("no"), protocol=R, headers={"ratelimit": '"a";r=0;t=5', "ratelimit-policy": '"a";q=0;w=10'}),
        "its limit is 0",
    ),
    Case(  # with the status of a refusal, and about a limit all the same
        "rate",
        made(403, {"message": "API rate limit exceeded."}, protocol=C, headers={**DATE, "retry-after": "90"}),
        "asked too often",
        "Try again in 90 s.",
    ),
    # -- a request that is larger than the limit
    *(
        Case(
            "request-above-rate",
            made(429, body, protocol=protocol, headers={"retry-after": "7"}),
            "The request alone counts more tokens (45 210) than the rate limit for tokens allows (30 000)",
            "to stay below 30 000 together, or take a larger plan. Waiting is of no use.",
        )
        for protocol, body in ((A, anthropic("rate_limit_error", ALONE)), (C, openai(ALONE)), (R, openai(ALONE)))
    ),
    Case(  # nothing of the limit was in use
        "request-above-rate",
        made(
            429,
            anthropic("rate_limit_error", "This would exceed your rate limit of 30,000 input tokens per minute."),
            base=ANTHROPIC,
            headers={**DATE, **UNTOUCHED},
        ),
        "more tokens than the rate limit for tokens allows (30 000)",
    ),
    Case(
        "rate-tokens",
        made(429, openai("On tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Try again in 2s."), protocol=C),
        "rate limit for tokens",
        "Try again in 2 s.",
    ),
    # -- relays with several accounts
    *(
        Case("rate-accounts", made(status, openai(words, "overloaded_error"), protocol=protocol), "All accounts behind", fix)
        for status, protocol, words, fix in (
            (503, A, "No available accounts: All accounts limited. Wait 475s.", "Try again in 7 min 55 s (at 12:07 UTC)."),
            (429, C, "All credentials for model m are cooling down", "It does not say when"),
            (503, R, "没有可用的账号，请在 2 分钟后重试", "Try again in 2 min (at 12:02 UTC)."),
        )
    ),
    Case("no-account-free", made(503, openai("No available accounts for m"), protocol=C), "no account of its own free"),
    Case("no-channel-now", made(503, openai("No available channel, retry in 30 s"), protocol=C), "", "Try again in 30 s."),
    Case("no-channel-now", made(503, openai("no target selected", "overloaded_error"), protocol=C), "set aside"),  # rolter 0.1
)  # fmt: skip
