"""Phrases by which endpoints say one and the same thing, in lower case: looked for in an error's text or a page."""

from __future__ import annotations

SPEND = (
    "spend limit",
    "spending limit",
    "spend_limit",
    "usage limits",
    "hard limit",
    "budget has been exceeded",
    "exceededbudget",
    "budget_exceeded",
    "monthly limit",
    "set inference limit",
    "daily limit",
    "cost limit",
    "费用限制",
    "setlimitexceeded",
)
EXTRA_USAGE = ("out of extra usage", "extra usage is used up")
PLAN = (
    "usage_limit_reached",
    "usage_limit_exceeded",
    "usage limit has been reached",
    "usage limit reached",
    "hit your usage limit",
    "you've hit your limit",
    "you’ve hit your limit",
    "5-hour limit",
    "5 hour limit",
    "five-hour limit",
    "weekly limit",
    "session limit",
    "使用上限",
    "usage limit exceeded",
)
PLAN_WINDOW = (
    r"\b(?:\d+|five|seven)[ -](?:hours?|days?) (?:usage )?(?:limit|quota)\b"
    r"|\b(?:weekly|session|monthly) usage (?:limit|quota)\b|\breached your usage limit\b"
)
SATURATED = (
    "上游负载",
    "负载已饱和",
    "负载已满",
    "上游負載",
    "upstream load is saturated",
    "upstream load of the current group",
)
OVERDUE = (
    "accountoverdue",
    "overdue balance",
    "overdue payment",
    "overdue-payment",
    "payment overdue",
    "past due",
    "arrearage",
    "in arrears",
    "unpaid invoice",
    "outstanding balance",
    "欠费",
    "欠費",
)
ACCOUNTS = (
    "all accounts",
    "no available account",
    "no available claude account",
    "all credentials",
    "all api keys",
    "all keys",
    "所有账号",
    "所有账户",
    "所有帐号",
    "没有可用的账号",
    "没有可用账号",
    "无可用账号",
    "无可用账户",
)
AT_LIMIT = ("limited", "rate limit", "rate_limit", "cooling down", "cooldown", "exhausted", "限流", "冷却", "限制")
KEY_QUOTA = (
    "令牌额度",
    "token quota",
    "key limit exceeded",
    "tokenstatusexhausted",
    "pre_consume_token_quota_failed",
)
BALANCE = (
    "credit balance",
    "insufficient balance",
    "insufficient_user_quota",
    "insufficient credits",
    "insufficient account balance",
    "not enough credits",
    "any credits",
    "out of credits",
    "credits expired",
    "balance is insufficient",
    "exceeded_current_quota_error",
    "credit_balance_exhausted",
    "requires more credits",
    "余额不足",
    "额度不足",
    "quota is not enough",
    "user quota",
    "payment required",
    "billing_error",
    "linked_organization_billing",
    "freetieronly",
    "overdue",
    "out of extra usage",
    "账户余额",
    "可用余额",
)
KEY_REFUSED = (
    "invalid x-api-key",
    "invalid bearer token",
    "invalid api key",
    "incorrect api key",
    "invalid_api_key",
    "api key not valid",
    "api_key_invalid",
    "authentication_error",
    "invalid authentication",
    "invalid access token",
    "security token included",
    "request signature we calculated",
    "login fail",
    "无效的令牌",
    "无效的api",
    "无效的 api",
    "no api key",
    "unauthenticated",
    "令牌无效",
    "无效令牌",
    "token无效",
    "api key 无效",
    "apikey无效",
    "key无效",
    "密钥无效",
    "无效的密钥",
    "令牌验证失败",
    "身份验证失败",
    "鉴权失败",
    "token is invalid",
    "token expired",
    "token has expired",
    "not authenticated",
    "api key is invalid",
    "apikey is invalid",
    "令牌已过期",
    "令牌状态不可用",
    "key was reported as leaked",
    "permission denied: consumer 'api_key",
)
KEY_OFF = ("expired", "disabled", "revoked", "deactivated", "suspended", "leaked", "过期", "禁用", "状态不可用")
NO_UPSTREAM_KEY = (
    "credential is configured on this proxy",
    "in environment to make pass-through calls",
    "no upstream api key",
    "api key is missing in proxy configuration",
    "proxy is not configured:",
)
NO_KEY_OF_ITS_OWN = ("no api key available", "no api key configured")  # where one was sent
NO_KEY_SEEN = (
    "header is required",
    "provide an api key",
    "missing api key",
    "missing authentication",
    "missing authorization",
    "no auth",
    "no api key",
    "no cookie auth",
    "not provided",
    "missing bearer",
    "authorization header",
    "未提供",
    "no key",
    "缺少",
)
REGION = (
    "unsupported_country",
    "country, region",
    "location is not supported",
    "not available in your",
    "your region",
    "your country",
    "region not supported",
    "unsupported region",
    "request not allowed",
    "地区",
)
ADDRESS_BANNED = (
    "ip address",
    "ip_not",
    "your ip",
    "ip not allowed",
    "not in whitelist",
    "ip whitelist",
    "allowlist",
    "不在白名单",
    "ip 不在",
    "ip限制",
    "virtual network/firewall rules",
)
AGENT = (
    "user-agent",
    "user agent",
    "browser_signature",
    "browser's signature",
    "error code: 1010",
)
CLIENT = (
    "only authorized for use with claude code",
    "claude code client",
    "only supports claude code",
    "coding agents",
    "client is not authorized",
    "client not allowed",
    "仅支持 claude code",
    "instructions are not valid",
    "only allows claude code",
    "仅允许 claude code",
)
LOGIN = (
    "login",
    "signin",
    "sign-in",
    "/auth",
    "oauth",
    "sso",
    "passport",
)
CHALLENGE = (
    "just a moment",
    "cf-chl",
    "challenge-platform",
    "ddos protection",
    "checking your browser",
    "aliyun_waf",
    "_incapsula_",
    "captcha",
    "verify you are human",
)
LOGIN_PAGE = (
    'type="password"',
    "type='password'",
    "type=password",
)
LOGIN_TITLE = r"\b(?:log ?in|sign ?in|captive portal)\b|登录"
NO_CHANNEL = (
    "no available channel",
    "no channel",
    "无可用渠道",
    "无可用的渠道",
    "没有可用渠道",
    "没有可用的渠道",
    "可用渠道不存在",
    "渠道不存在",
    "no healthy deployment",
    "no deployments available",
    "no available provider",
    "no endpoints found",
    "no target selected",
    "provider_not_found",
    "get_channel_failed",
    "no allowed providers",
)
NO_FREE_ACCOUNT = (
    "no available account",
    "no available claude",
    "无可用账号",
    "无可用账户",
    "没有可用账户",
)  # of a relay's own
NO_PRICE = (  # new-api and one-api, of a model that has no price or ratio in their settings
    "ratio or price not set",
    "price not set",
    "model ratio not",
    "倍率或价格",
    "价格未配置",
    "倍率未配置",
)
NO_ACCOUNT = (  # a relay that has accounts of its own at the vendor, none of which may use the model
    "no accounts with",
    "no account with",
    "no account available for model",
    "no accounts available for model",
    "no accounts support",
    "没有可用的账号",
    "没有可用账号",
)
TOO_LONG = (
    "prompt is too long",
    "context_length_exceeded",
    "maximum context length",
    "context window",
    "input is too long",
    "available context size",
    "exceed_context_size",
    "tokens_limit_reached",
    "`max_new_tokens` must be",
    "exceed context limit",
    "input length",
    "exceeds the model's maximum",
    "too many input tokens",
    "maximum prompt length",
    "max_seq_len",
    "loaded with context length of only",
    "model token limit",
    "maximum number of tokens allowed",
    "上下文长度",
    "请求过长",
    "longer than the model's context length",
    "prompt 超长",
)
FILTERED = (
    "content_policy",
    "content policy",
    "content_filter",
    "content management policy",
    "content filtering policy",
    "data_inspection_failed",
    "sensitive_words",
    "敏感",
    "moderation",
    "flagged",
    "inappropriate content",
    "policy violation",
    "usage policy",
    "safety_check",
)
BAD_JSON = (
    "could not parse the json",
    "not valid json",
    "invalid json",
    "json decode",
    "json_invalid",
    "malformed json",
    "unexpected end of json",
    "invalid character",
    "jsondecodeerror",
    "failed to parse request",
    "failed to decode json",
    "json parse error",
    "bad json",
    "error parsing the body",
    "unable to parse request body",
)
OVERLOADED = (
    "overloaded",
    "server_is_overloaded",
    "slow_down",
    "at capacity",
    "high demand",
    "负载",
    "engine is currently overloaded",
    "访问量过大",
    "high traffic",
    "system is too busy",
    "server is busy",
)
LIMITED = (
    "resource_exhausted",
    "resource exhausted",
    "quota exceeded",
    "quota_exceeded",
    "throttling",
    "throttled",
    "rate limit",
    "rate_limit",
    "too many requests",
    "ratelimit",
    "限流",
    "请求过于频繁",
    "频率",
    "out of call volume quota",  # Azure API Management's
)
# DashScope's, of tokens a minute (help.aliyun.com/en/model-studio/rate-limit), under the code insufficient_quota
TOKENS_OF_TIME = ("allocated quota exceeded, please increase", "error-code#token-limit")
QUEUE_FULL = ("maximum pending requests", "queue is full")  # of a server that runs the model itself
CONCURRENT = (
    "concurrent",
    "concurrency",
    "并发",
    "too many connections",
)
BLOCKED = (
    "attention required",
    "you have been blocked",
    "access denied",
    "request blocked",
    "error 1020",
    "waf",
    "web application firewall",
    "incident id",
)
UNREACHABLE = (  # a relay's own connection failed, in the words of Node, Python, Go, Java and Rust
    "econnrefused",
    "enotfound",
    "eai_again",
    "ehostunreach",
    "connection refused",
    "fetch failed",
    "getaddrinfo",
    "name or service not known",
    "no such host",
    "all connection attempts failed",
    "cannot connect to host",
    "connect call failed",
    "failed to establish a new connection",
    "error trying to connect",
    "tcp connect error",
    "error sending request",
    "no healthy upstream",
    "no available server",
    "cannot connect",
    "failure to get a peer",
)
TIMED_OUT = (  # the same, where it waited in vain
    "client.timeout exceeded",
    "context deadline exceeded",
    "timeout awaiting response headers",
    "i/o timeout",
    "readtimeout",
    "etimedout",
    "headers timeout",
)
BROKE_OFF = (  # the same, once the upstream had taken the request
    "socket hang up",
    "other side closed",
    "premature close",
    "server disconnected",
    "incomplete chunked read",
    "peer closed connection",
    "connection reset by peer",
    "econnreset",
    "reset reason: connection termination",  # Envoy's, of a connection that stood
    "reset reason: remote reset",
    "stream has been aborted",  # axios
)
NO_MEMORY = (  # of a server that runs the model itself
    "more system memory",
    "out of memory",
    "outofmemory",
    "insufficient memory",
    "not enough memory",
    "failed to allocate",
    "insufficient system resources",
)
CRASHED = (
    "model has crashed",
    "model has unexpectedly stopped",
    "enginecore encountered an issue",
    "enginedeaderror",
    "background loop has errored",
    "runner process has terminated",
    "runner process no longer running",
)
NOT_JSON = (  # what a parser says of a web page or of nothing, in JavaScript, Go, Python and Rust
    "unexpected token '<'",
    "unexpected token <",
    "invalid character '<'",
    "unexpected end of json input",
    "expecting value: line 1 column 1 (char 0)",
    "expected value at line 1 column 1",
)
# Programs that fell over a value they did not expect, in Python, JavaScript, Go and Rust.
CRASH = (
    r"traceback \(most recent call|'nonetype' object|\b(?:key|type|attribute|index|name)error\b|cannot read propert"
    r"|(?:undefined|null) is not an? |is not a function|nil pointer|invalid memory address|index out of range|\bpanic(?:ked)?\b"
    r"|validation errors? for \w+|cannot unmarshal|has no attribute '|^'\w+' \|"
)
# The words of a status alone, which say no more than its number does.
NO_WORDS = (  # all of a message: the status's own name, or what a host of programs says of one that does not answer
    r"error code: 50[234]"
    r"|(?:50[234] )?(?:bad gateway|service (?:temporarily )?unavailable|gateway time-?out)\.?"
    r"|application failed to respond\.?"
)
_API = r"[^\s|]{0,300}?/(?:chat/completions|completions|messages|responses)\b"
# What an HTTP library says of the status that it was given by an API for models, with the number: httpx, requests, aiohttp,
# reqwest. Who asked another server has such words; the address has to be an API's, as a picture's may fail to load as well.
ASKED_ANOTHER = (
    rf"(?:client|server) error '(\d{{3}})[^'|]{{0,40}}' for url '{_API}"
    rf"|\b(\d{{3}}) (?:client|server) error: [^|]{{0,60}}? for url: {_API}"
    rf"|\b(\d{{3}}), message='[^'|]{{0,80}}', url=(?:url\()?'{_API}"
    rf"|http status (?:client|server) error \((\d{{3}})[^)|]{{0,40}}\) for url \({_API}"
    rf"|\[post\] [\"']?{_API}[\"']?: (\d{{3}})\b"  # ofetch
    rf"|\b(\d{{3}}) [a-z ]{{2,40}} from post {_API}"  # Spring's WebClient
)
# The same of those that name no address: axios and ky, got, urllib, .NET's, Faraday, go-openai, the vendors' SDKs for Python.
ASKED_SOMETHING = (
    r"\brequest failed with status code (\d{3})\b|\bresponse code (\d{3}) \(|\bhttp error (\d{3}): "
    r"|\bdoes not indicate success: (\d{3})\b|\bthe server responded with status (\d{3})\b|\berror, status code: (\d{3}), "
    r"|\berror code: (\d{3}) - "
)
DENIED = (  # AWS's words for an account that may not do this
    "is not authorized to perform",
    "model access is denied",
    "accessdeniedexception",
    "don't have access to the model",
    "does not have access to",
)
ACCOUNT_OFF = (
    "organization has been disabled",
    "account has been disabled",
    "account has been suspended",
    "account is suspended",
    "is suspended, possibly due to",
    "account has been deactivated",
    "account is deactivated",
    "account has been banned",
    "account_deactivated",
    "账号已被封禁",
    "用户已被封禁",
    "账户已被禁用",
    "organization has been restricted",
)
NOT_ACTIVATED = (  # a model that the account may have, after a step of its own: terms, a form, an endpoint of its own
    "has not activated the model",
    "modelnotopen",
    "model is not activated",
    "未开通",
    "requires terms acceptance",
    "use case details have not been submitted",
    "is not allowed to use publisher model",
    "non-serverless model",
    "dedicated_endpoint_not_running",
)
API_OFF = ("api has not been used in project", "service_disabled")  # Google's, of a project
GROUP_REFUSED = (  # one-api and its kin, of the group of channels that a key is set to
    r"无权(?:访问|使用).{0,40}分组|分组.{0,40}(?:已被?弃用|已被?禁用)"
    r"|no (?:permission|access) to (?:(?:access|use) )?(?:this |the )?group\b"
    r"|\bgroup\b.{0,40} (?:is|has been) (?:deprecated|disabled)"
)
# Of an earlier answer or item that Responses was asked to go on from.
NOT_STORED = r"previous response with id|previous_response_not_found|item with id .{1,80} not found|no response found with id"
CIRCUIT_OPEN = ("circuit breaker", "circuit_breaker", "circuit_open", "circuit open", "circuit is open", "熔断")  # of a relay
NOT_KEPT = (  # by a relay that stores the answers it passes on
    r"(?:failed to|unable to|could not|couldn't|cannot|can't) (?:persist|store|save) (?:the |this )?"
    r"(?:response|answer|conversation|history|session|turn|output)"
)
ASKS_TO_RETRY = ("you can retry your request", "please try again", "please retry", "try again later", "请重试", "请稍后")
NOT_BUILT = ("not implemented", "not_implemented", "is not supported by", "not supported for provider")
PROVIDER_MISSING = r"\bprovider ['\"`]?[\w./-]+['\"`]? (?:was |is )?not found\b"
# What stands in place of a name that nobody gave: the server does not route this path (claude-code-router).
PROVIDER_UNNAMED = r"\bprovider ['\"`]?(?:undefined|null|none|nan|)['\"`]? (?:was |is )?not found\b"
NO_ROUTE = (
    r"\bdial tcp\b|\bconnection error\b"
    r"|\bupstream connect error\b(?!.*reset reason: (?:connection termination|remote reset|overflow))"  # Envoy's
)
PROVIDER = (
    "invalid provider",
    "unknown provider",
    "unsupported provider",
    "provider not provided",
    "provider not found",
    "no such provider",
)
WANTS_TLS = ("http request was sent to https", "http request to an https server")
NO_SUCH_PATH = (
    "invalid url",
    "cannot post /",
    "no route",
    "route not found",
    "path not found",
    "url not found",
    "endpoint not found",
    "page not found",
    "unknown path",
    "unknown url",
    "unknown request url",
    "unknown endpoint",
    "unsupported path",
    "no handler",
    "no static resource",
    "url error, please check url",
)
