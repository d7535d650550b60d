"""A process in which one of the official SDKs asks an endpoint: a job comes in, what the SDK made of the answers goes out.

One JSON object is read from standard input (`Order`, with the key), and one is written to standard output: the whole answer to
the smallest request as the SDK gives it, its usage that of all requests together, and under `diptych` the report
(`app.checks.client_job.Report`). Neither arguments nor the environment hold the key.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
from collections.abc import Sequence
from typing import Any

MOST_TEXT = 2_000
_MESSAGES, _CHAT = "anthropic-messages", "openai-chat"
_PARAMETERS = {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]}
_ABOUT = "Gives the code of a place."
Did = dict[str, Any]
Counts = tuple[int | None, int | None]


def main(_argv: Sequence[str] | None = None) -> int:
    """Do one job. Always 0: what went wrong is in the report."""
    order = json.load(sys.stdin)
    sys.stdout.write(json.dumps(play(order)))
    return 0


def play(order: dict[str, Any]) -> dict[str, Any]:
    """What came of an order."""
    job = order["job"]
    report: dict[str, Any] = {"package": job["package"], "version": "", "python": platform.python_version(), "did": {}}
    try:
        sdk = importlib.import_module(job["package"])
    except ImportError:
        return {"diptych": report}
    report["version"] = str(getattr(sdk, "__version__", "unknown"))
    if job["protocol"] == _MESSAGES:
        asked: Any = _Anthropic(sdk, order)
    else:
        asked = _OpenAiChat(sdk, order) if job["protocol"] == _CHAT else _OpenAiResponses(sdk, order)
    whole: dict[str, Any] = {}
    with asked.client:
        for kind in job["kinds"]:
            did: Did = {"requests": 0}
            report["did"][kind] = did
            try:
                answer = getattr(asked, kind)(did)
                whole = whole or answer.model_dump(mode="json")
            except Exception as error:  # whatever it is: a client's author would see it too
                said = {"type": type(error).__name__, "message": str(error)[:MOST_TEXT]}
                did["raised"] = {**said, "status": _status(error), "code": _code(error)}
    if whole and isinstance(whole.get("usage"), dict):
        whole["usage"].update(asked.usage())
    return {**whole, "diptych": report}


def _status(error: Exception) -> int | None:
    status = getattr(error, "status_code", None)
    return status if isinstance(status, int) else None


def _code(error: Exception) -> str:
    """The vendor's code in an error's body: `{"error": {"type": …}}`, or what the `openai` package has taken out of it."""
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    told = (inner.get("code") or inner.get("type")) if isinstance(inner, dict) else None
    return told if isinstance(told, str) else ""


class _Sdk:
    """What the three have in common: the client, and the counts of all its answers."""

    names = ("input_tokens", "output_tokens")

    def __init__(self, sdk: Any, order: dict[str, Any]) -> None:
        self.job = order["job"]
        self.model, self.most = self.job["model"], self.job["max_tokens"]
        self.counts: list[Counts] = []
        headers = dict(order["headers"])
        if order["beta"]:
            headers["anthropic-beta"] = order["beta"]
        more: dict[str, Any] = {}
        if order["proxy"] or order["ca_file"] or not order["verify_tls"]:
            more["http_client"] = sdk.DefaultHttpxClient(**_network(order))
        self.client: Any = self.open(
            sdk, order, {"base_url": order["base_url"], "default_headers": headers, "timeout": order["timeout_s"], **more}
        )

    def open(self, sdk: Any, order: dict[str, Any], given: dict[str, Any]) -> Any:
        key = order["key"] or "none"
        if order["auth"] == "x-api-key":
            given["default_headers"]["x-api-key"] = key
        return sdk.OpenAI(api_key=key, **given)

    def count(self, answer: Any, did: Did) -> Any:
        """Note an answer's counts."""
        usage = getattr(answer, "usage", None)
        into, out = (getattr(usage, name, None) for name in self.names)
        self.counts.append((into if isinstance(into, int) else None, out if isinstance(out, int) else None))
        did["requests"] += 1
        return answer

    def usage(self) -> dict[str, int]:
        """The counts of all answers together, those that were there."""
        sums = (sum(one[place] or 0 for one in self.counts) for place in (0, 1))
        return dict(zip(self.names, sums, strict=True))


def _network(order: dict[str, Any]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if order["proxy"] == "none":
        given["trust_env"] = False
    elif order["proxy"]:
        given["proxy"] = order["proxy"]
    if not order["verify_tls"]:
        given["verify"] = False
    elif order["ca_file"]:
        import ssl

        given["verify"] = ssl.create_default_context(cafile=order["ca_file"])
    return given


class _Anthropic(_Sdk):
    def open(self, sdk: Any, order: dict[str, Any], given: dict[str, Any]) -> Any:
        key = order["key"] or "none"
        return sdk.Anthropic(**({"auth_token": key} if order["auth"] == "bearer" else {"api_key": key}), **given)

    def minimal(self, did: Did) -> Any:
        answer = self.count(self.client.messages.create(**self._ask(self._says(self.job["prompt"]))), did)
        did.update(text=self._text(answer), stop=answer.stop_reason)
        return answer

    def streaming(self, did: Did) -> Any:
        with self.client.messages.stream(**self._ask(self._says(self.job["prompt"]))) as stream:
            for piece in stream.text_stream:
                did["pieces"] = did.get("pieces", 0) + bool(piece)
            answer = self.count(stream.get_final_message(), did)
        did.update(text=self._text(answer), stop=answer.stop_reason)
        return answer

    def tools(self, did: Did) -> Any:
        tools = [{"name": self.job["tool"], "description": _ABOUT, "input_schema": _PARAMETERS}]
        said = self._says(self.job["tool_prompt"])
        answer = self.count(self.client.messages.create(tools=tools, **self._ask(said)), did)
        calls = [block for block in answer.content if block.type == "tool_use"]
        did.update(called=bool(calls) and all(isinstance(one.input, dict) for one in calls), stop=answer.stop_reason)
        did.update(text=self._text(answer))
        if calls:
            results = [{"type": "tool_result", "tool_use_id": one.id, "content": self.job["result"]} for one in calls]
            said = [*said, {"role": "assistant", "content": answer.content}, {"role": "user", "content": results}]
            answer = self.count(self.client.messages.create(tools=tools, **self._ask(said)), did)
            did.update(text=self._text(answer), stop=answer.stop_reason)
        return answer

    def _ask(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        return {"model": self.model, "max_tokens": self.most, "messages": messages}

    @staticmethod
    def _says(text: str) -> list[dict[str, Any]]:
        return [{"role": "user", "content": text}]

    @staticmethod
    def _text(answer: Any) -> str:
        return "".join(block.text for block in answer.content if block.type == "text")[:MOST_TEXT]


class _OpenAiChat(_Sdk):
    names = ("prompt_tokens", "completion_tokens")

    def minimal(self, did: Did) -> Any:
        return self._noted(self.client.chat.completions.create(**self._ask(self._says(self.job["prompt"]))), did)

    def streaming(self, did: Did) -> Any:
        options = {"include_usage": True}
        said = self._says(self.job["prompt"])
        with self.client.chat.completions.stream(stream_options=options, **self._ask(said)) as stream:
            for event in stream:
                did["pieces"] = did.get("pieces", 0) + (event.type == "content.delta" and bool(event.delta))
            return self._noted(stream.get_final_completion(), did)

    def tools(self, did: Did) -> Any:
        function = {"name": self.job["tool"], "description": _ABOUT, "parameters": _PARAMETERS}
        tools = [{"type": "function", "function": function}]
        said = self._says(self.job["tool_prompt"])
        answer = self._noted(self.client.chat.completions.create(tools=tools, **self._ask(said)), did)
        message = answer.choices[0].message
        calls = message.tool_calls or []
        did["called"] = bool(calls) and all(isinstance(json.loads(one.function.arguments), dict) for one in calls)
        if calls:
            results = [{"role": "tool", "tool_call_id": one.id, "content": self.job["result"]} for one in calls]
            said = [*said, message, *results]
            answer = self._noted(self.client.chat.completions.create(tools=tools, **self._ask(said)), did)
        return answer

    def _noted(self, answer: Any, did: Did) -> Any:
        choice = self.count(answer, did).choices[0]
        did.update(text=(choice.message.content or "")[:MOST_TEXT], stop=choice.finish_reason)
        return answer

    def _ask(self, messages: list[Any]) -> dict[str, Any]:
        return {"model": self.model, "max_completion_tokens": self.most, "messages": messages}

    @staticmethod
    def _says(text: str) -> list[Any]:
        return [{"role": "user", "content": text}]


class _OpenAiResponses(_Sdk):
    def minimal(self, did: Did) -> Any:
        return self._noted(self.client.responses.create(**self._ask(self.job["prompt"])), did)

    def streaming(self, did: Did) -> Any:
        with self.client.responses.stream(**self._ask(self.job["prompt"])) as stream:
            for event in stream:
                did["pieces"] = did.get("pieces", 0) + (event.type == "response.output_text.delta" and bool(event.delta))
            return self._noted(stream.get_final_response(), did)

    def tools(self, did: Did) -> Any:
        tools = [
            {"type": "function", "name": self.job["tool"], "description": _ABOUT, "parameters": _PARAMETERS, "strict": False}
        ]
        said: list[Any] = [{"role": "user", "content": self.job["tool_prompt"]}]
        answer = self._noted(self.client.responses.create(tools=tools, **self._ask(said)), did)
        calls = [one for one in answer.output if one.type == "function_call"]
        did["called"] = bool(calls) and all(isinstance(json.loads(one.arguments), dict) for one in calls)
        if calls:
            results = [{"type": "function_call_output", "call_id": one.call_id, "output": self.job["result"]} for one in calls]
            answer = self._noted(self.client.responses.create(tools=tools, **self._ask([*said, *answer.output, *results])), did)
        return answer

    def _noted(self, answer: Any, did: Did) -> Any:
        self.count(answer, did)
        did.update(text=answer.output_text[:MOST_TEXT], stop=answer.status)
        return answer

    def _ask(self, said: Any) -> dict[str, Any]:
        return {"model": self.model, "max_output_tokens": self.most, "input": said}


if __name__ == "__main__":
    sys.exit(main())
