"""Rows for errors that a relay passes on: whose key, account, model or address they are about. Bodies as of LiteLLM 1.106."""

from __future__ import annotations

import json

from tests.diagnosis.made import OPENAI, STREAM, C, Case, R, anthropic, asking, made, openai, page

TAIL = "\n\nLiteLLM: model group 'x' failed with the error above. No fallback was attempted."


def _anthropic(name: str, kind: str, message: str) -> str:
    """The upstream's whole document inside LiteLLM's words."""
    inner = f'{{"type":"error","error":{{"type":"{kind}","message":"{message}","details":null}},"request_id":"req_011CSim"}}'
    return f"litellm.{name}: AnthropicException - {inner}{TAIL}"


def _openai(name: str, message: str) -> str:
    """The upstream's words alone."""
    return f"litellm.{name}: OpenAIException - {message}{TAIL}"


_API = "http://127.0.0.1:8901/v1/chat/completions"
REFUSED = "Client error '400 Bad Request'"


def _httpx(error: str) -> str:
    """What httpx says of a status."""
    return f"{error} for url '{_API}'\nFor more information check: https://developer.mozilla.org/en-US/docs/Web/HTTP/Status/400"


CASES = (
    Case(
        "key-upstream",
        made(
            401, openai(_anthropic("AuthenticationError", "authentication_error", "invalid x-api-key"), code="401"), protocol=C
        ),
        "does not accept the key that the relay has for it: “invalid x-api-key”.",
        "Your key for the relay is in order",
    ),
    Case(
        "key-upstream",
        made(401, openai(_openai("BadRequestError", "Incorrect API key provided: sk-up"), code="401"), protocol=R),
        "“Incorrect API key provided: sk-up”",
    ),
    Case(
        "key-no-database",
        made(400, {"error": {"message": "No connected db.", "type": "no_db_connection", "param": None, "code": "400"}}),
        "no database",
        "master key",
        ("key", ""),
    ),
    Case(
        "key-upstream-missing",
        made(401, {"detail": "No Anthropic credential is configured on this proxy and the request carried none."}),
        "has no key for the vendor",
        "operator",
    ),
    Case(
        "key-upstream-missing", made(401, {"detail": "No API key available"}, protocol=R), "", "operator"
    ),  # codex-router-proxy
    Case(
        "key-missing",
        made(401, {"detail": "No API key available"}, protocol=R, sends=(("content-type", "application/json"),)),
        action=("key", ""),
    ),
    Case("forbidden", made(403, openai("HTTP proxy is not configured"), protocol=C)),
    Case(  # ds4codex
        "key-upstream-missing",
        made(
            401,
            openai("No upstream API key configured. Set DS4CODEX_API_KEY, set X, pass --api-key, or put it in ~/.codex"),
            protocol=R,
        ),
        "",
        "operator",
    ),
    Case(  # nim-claude-proxy
        "key-upstream-missing",
        made(503, anthropic("api_error", "Proxy is not configured: NVIDIA_API_KEY is missing. Set NVIDIA_API_KEY")),
        "",
        "operator",
    ),
    Case(  # llm-shield-proxy
        "key-upstream-missing",
        made(500, openai("Upstream provider API Key is missing in proxy configuration. Set OPENAI_API_KEY"), protocol=C),
        "",
        "operator",
    ),
    Case(
        "server-without-key",
        made(500, "Internal Server Error", sends=(("content-type", "application/json"),), protocol=C),
        "the request had no key",
        "needs one",
        ("key", ""),
    ),
    Case(
        "parameter-not-seen",
        made(400, openai(_openai("BadRequestError", "messages: Field required"), code="400"), protocol=C),
        "does not find the field `messages`, though the request has it",
    ),
    Case(
        "key-not-for-model",
        made(
            401,
            openai("key not allowed to access model. This key can only access models=['a']", "key_model_access_denied", "401"),
            protocol=C,
        ),
        "may not use the model claude-sonnet-4-6",
    ),
    Case(
        "money-upstream",
        made(
            400,
            anthropic(
                "invalid_request_error",
                _anthropic("BadRequestError", "invalid_request_error", "Your credit balance is too low to access the API."),
            ),
        ),
        "its own account at the upstream",
        "operator",
    ),
    Case(
        "money-upstream",
        made(
            429, openai(_openai("RateLimitError: RateLimitError", "You exceeded your current quota."), code="429"), protocol=C
        ),
        "“You exceeded your current quota.”",
    ),
    Case(
        "forbidden-upstream",
        made(403, openai(_openai("BadRequestError", "Your API key does not have permission."), code="403"), protocol=C),
        "its upstream refuses it: “Your API key does not have permission.”",
    ),
    Case("forbidden", made(403, openai("Denied. The model group is not one of yours.", "", "403"), protocol=C, base=OPENAI)),
    Case(
        "model-missing-upstream",
        made(404, anthropic("not_found_error", _anthropic("NotFoundError", "not_found_error", "model: no-such-model"))),
        "its upstream does not know the model that it was asked for there: “model: no-such-model”.",
    ),
    Case(
        "path-upstream",
        made(404, openai(_openai("BadRequestError", "Invalid URL (POST /chat/completions)"), code="404"), protocol=C),
        "its upstream has nothing at the address",
        "Your own address is right",
    ),
    Case(
        "no-channel-now",
        made(
            429,
            openai(
                "No deployments available for selected model, Try again in 30 seconds. All deployments for selected model are"
                " in cooldown.",
                "all_deployments_in_cooldown",
                "429",
            ),
            protocol=C,
        ),
        "no upstream free for claude-sonnet-4-6",
        "30 s",
    ),
    Case(
        "timeout-upstream",
        made(
            408,
            anthropic(
                "timeout_error",
                "litellm.Timeout: AnthropicException - litellm.Timeout: Connection timed out. Timeout passed=2.0, time taken="
                f"2.0 seconds{TAIL}",
            ),
        ),
        "gave up waiting for its upstream (408)",
    ),
    Case(
        "server-upstream",
        made(502, openai(f"litellm.BadGatewayError: OpenAIException - {page('502 Bad gateway')}{TAIL}"), protocol=C),
        "“502 Bad gateway” (status 502)",
    ),
    Case(
        "server-relay-software",
        made(500, openai("'NoneType' object has no attribute 'x'"), headers={"x-litellm-call-id": "1"}, protocol=C),
        "own software",
    ),
    Case(  # words that quote an object which is no error's body stay as they are
        "tool-schema",
        made(400, openai('Invalid schema for function: {"message": 1} is not valid under input_schema'), protocol=C),
        '“Invalid schema for function: {"message": 1} is not valid under input_schema”',
    ),
    Case(
        "key-upstream",
        made(401, openai(_httpx("Client error '401 Unauthorized'"), code="401"), protocol=C),
        "does not accept the key that the relay has for it",
    ),
    Case(
        "key-upstream",
        made(500, openai(f"401 Client Error: Unauthorized for url: {_API}"), protocol=C),
        "does not accept the key that the relay has for it",
    ),
    Case(
        "rate-upstream",
        made(500, openai(f"429, message='Too Many Requests', url='{_API}'"), protocol=C),
        "limits the relay",
    ),
    Case(
        "upstream-status",
        made(400, openai(_httpx(REFUSED)), protocol=C),
        "its upstream refused it",
    ),
    Case(
        "upstream-status-in-stream",
        made(
            200,
            f"event: error\ndata: {json.dumps({'type': 'error', 'message': _httpx(REFUSED)})}\n\n",
            protocol=R,
            headers=STREAM,
            streamed=True,
        ),
        "its upstream refused it",
    ),
    Case(
        "server-upstream-silent",
        made(500, openai(f"HTTP status server error (503 Service Unavailable) for url ({_API})"), protocol=C),
        "which keeps its upstream's words to itself",
    ),
    *(
        Case(
            "key-upstream", made(500, openai(words), protocol=C, request=asking()), "does not accept the key that the relay has"
        )
        for words in (
            "up request failed: Request failed with status code 401",
            f'[POST] "{_API}": 401 Unauthorized',
            f"401 Unauthorized from POST {_API}",
            "Response code 401 (Unauthorized)",
            "HTTP Error 401: Unauthorized",
            "Response status code does not indicate success: 401 (Unauthorized).",
            "the server responded with status 401",
            "error, status code: 401, status: 401 Unauthorized, message: ",
            "Error code: 401 - invalid x-api-key",
        )
    ),
    Case(  # what it asks for may be what refused
        "server-local",
        made(
            500,
            openai("Request failed with status code 401"),
            protocol=C,
            base="http://127.0.0.1:3456/v1",
            request=asking(tools=[{"type": "x", "url": "https://pictures.example/a.png"}]),
        ),
        "",
    ),
    *(
        Case(
            rule,
            made(
                200,
                f"event: error\ndata: {json.dumps(anthropic('overloaded_error', words))}\n\n",
                headers=STREAM,
                request=asking(),
                streamed=True,
            ),
            said,
        )
        for rule, words, said in (
            ("key-upstream", "streaming request failed: Request failed with status code 401", "does not accept the key"),
            ("rate-upstream", "streaming request failed: Request failed with status code 429", "limits the relay"),
            (
                "server-upstream-silent",
                "streaming request failed: Request failed with status code 502",
                "Something failed behind",
            ),
            ("upstream-broke-off", "streaming request failed: aborted", "lost the connection to the server"),
            ("upstream-broke-off", "streaming request failed: stream has been aborted", "lost the connection to the server"),
            ("overloaded", "Overloaded", "is overloaded"),
        )
    ),
    Case(
        "server-upstream-silent",
        made(200, 'data: {"error": {"message": "502 Bad gateway"}}\n\n', protocol=C, headers=STREAM, streamed=True),
        "Something failed behind",
    ),
    Case(  # a picture that could not be loaded is not the relay's account
        "server",
        made(500, openai("403, message='Forbidden', url='https://pictures.example/a.png'"), protocol=C),
        "",
    ),
)
