"""Curl commands in the dialects that vendors' pages, browsers and terminals write, and what stands where a key belongs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.formats.curl import is_curl, read_curl
from app.formats.curl_options import given_by

KEY = "sk-canary-y7xU0123456789abcdefghij0h"
MESSAGES, CHAT = "anthropic-messages", "openai-chat"
URL = "https://relay.example/v1/chat/completions"
AUTH = f"-H 'Authorization: Bearer {KEY}'"
BODY = {"model": "gpt-5.5", "messages": [{"role": "user", "content": 'Say "hi", it\'s\nGrüße & 50% | <b> $5'}]}
TEXT = json.dumps(BODY)
SIMPLE = {"model": "gpt-5.5", "stream": True}
QUOTED = "'" + TEXT.replace("'", "'\"'\"'") + "'"
ANSI = TEXT.replace("\\", "\\\\").replace("'", "\\'")
DOUBLED = TEXT.replace("'", "''")
IN_HERE = TEXT.replace("\\", "\\\\").replace("$", "\\$")

POSIX = {
    "one line": f"curl {URL} {AUTH} -d {QUOTED}",
    "backslashes": f'curl {URL} \\\n  -H "Authorization: Bearer {KEY}" \\\n  -d {QUOTED}',
    "a bash string": f"curl '{URL}' --data-raw $'{ANSI}' {AUTH}",
    "numbers in a bash string": rf"curl '{URL}' {AUTH} --data-raw $'{{\u0022model\x22:\42gpt-5.5\042,"
    r'"stream":true\u007d' + "'",
    "double quotation marks": rf'curl {URL} {AUTH} -d "{{\"model\": \"gpt-5.5\", \"stream\": true}}"',
    "a here-document": f"curl {URL} {AUTH} -d @- <<'EOF'\n{TEXT}\nEOF",
    "a here-document with variables": f"curl {URL} {AUTH} --json @- <<EOF\n{IN_HERE}\nEOF\n",
    "an indented here-document": f"curl -d @- {URL} {AUTH} <<-'JSON'\n\t{TEXT}\n\tJSON\n",
    "a here-string": f"curl {URL} {AUTH} --data-binary @- <<< {QUOTED}",
    "cat in a substitution": f"curl {URL} {AUTH} -d \"$(cat <<'EOF'\n{TEXT}\nEOF\n)\"",
    "a pipe": f"echo '{json.dumps(SIMPLE)}' | curl {URL} {AUTH} -d @-",
    "a pipe behind a here-document": f"cat <<'EOF' | curl {URL} {AUTH} -d @-\n{TEXT}\nEOF\n",
    "variables of the text": f'export KEY={KEY}\nBODY={QUOTED}\n# ask\ncurl {URL} -H "Authorization: Bearer $KEY" -d "$BODY"',
    "the default of a variable": f'curl "${{BASE:-https://relay.example/v1}}/chat/completions" {AUTH} -d {QUOTED}',
    "json, glued and long": f"curl -sS --json={QUOTED} --url {URL} -HAuthorization:\\ Bearer\\ {KEY}",
    "redirections": f"curl -sN -XPOST -H'Authorization: Bearer {KEY}' -d{QUOTED} {URL} 2>&1 | cat >/dev/stdout",
    "all quoted apart": f"curl https://'relay.example'/v1/\"chat\"/completions "
    f"-H \"Authorization: Bearer \"'{KEY}' -d {QUOTED}",
    "another command behind": f"curl {URL} {AUTH} -d {QUOTED} && true done",
    "json in pieces": f"""curl {URL} {AUTH} --json '{{"model": "gpt-5.5",' --json ' "stream": true}}'""",
    "short beginnings": f"curl --silen {URL} --heade 'Authorization: Bearer {KEY}' --data-ra {QUOTED}",
}
# As they stand on pages, and no shell takes them.
LENIENT = {
    "in Markdown": f"```bash\ncurl {URL} {AUTH} -d {QUOTED}\n```\n",
    "into a variable": f'answer="$(curl {URL} {AUTH} -d {QUOTED})"\necho "$answer"',
    "in a loop": f"for n in 1 2; do curl {URL} {AUTH} -d {QUOTED}; done",
    "in a container": f"docker run --rm curlimages/curl curl {URL} {AUTH} -d {QUOTED}",
    "at root's prompt": f"root@host:~# curl {URL} {AUTH} -d {QUOTED}",
    "a field of one line": f"curl {URL} \\   {AUTH} \\   -d {QUOTED}",
    "line ends without backslashes": f"curl {URL}\n  {AUTH}\n  -d {QUOTED}",
    "blanks behind the backslashes": f"curl {URL} \\  \n  {AUTH} \\\t\n  -d {QUOTED}",
    "dashes of a web page": f"curl {URL} –header 'Authorization: Bearer {KEY}' —data {QUOTED}",
    "quotation marks of a web page": f"curl “{URL}” -H “Authorization: Bearer {KEY}” -d {QUOTED}",
    "a terminal's prompts": f"$ curl {URL} \\\n> {AUTH} \\\n> -d {QUOTED}\n",
    "a long prompt": f"me@host:~/x$ curl {URL} {AUTH} -d {QUOTED}",
    "no-break spaces": f"curl\u00a0{URL}\u00a0{AUTH}\u00a0-d {QUOTED}",
    "line separators": f"curl {URL} \\\u2028{AUTH} \\\u2028-d {QUOTED}",
    "with sudo": f"sudo -E curl {URL} {AUTH} -d {QUOTED}",
    "a path": f"/usr/bin/curl {URL} {AUTH} -d {QUOTED}",
    "no scheme": f"curl relay.example/v1/chat/completions {AUTH} -d {QUOTED}",
    "curl's own variables": f"curl --variable k={KEY} --expand-header 'Authorization: Bearer {{{{k}}}}' -d {QUOTED} {URL}",
}
FAKE = "#!{python}\nimport json, sys\nprint(json.dumps([sys.argv[1:], sys.stdin.read() if '@-' in sys.argv else None]))\n"


@pytest.mark.parametrize("text", [*POSIX.values(), *LENIENT.values()], ids=[*POSIX, *LENIENT])
def test_a_dialect_of_a_posix_shell(text: str) -> None:
    assert is_curl(text)
    pasted = read_curl(text)
    assert pasted is not None
    assert (pasted.base_url, pasted.protocol, pasted.auth, pasted.key) == ("https://relay.example/v1", CHAT, "bearer", KEY)
    assert json.loads(pasted.body) in (BODY, SIMPLE)
    assert pasted.model == "gpt-5.5"
    assert pasted.notes == ()
    assert KEY not in repr(pasted)


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="needs bash")
def test_bash_splits_them_so_too(tmp_path: Path) -> None:
    """What bash gives to a curl of ours holds the same address, key and body."""
    (tmp_path / "curl").write_text(FAKE.format(python=sys.executable))
    (tmp_path / "curl").chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    script = "\n".join(f"{command}\n" for command in POSIX.values())
    done = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, timeout=60, check=True)
    seen: list[tuple[list[str], str | None]] = [json.loads(line) for line in done.stdout.splitlines()]
    for (how, command), (words, stdin) in zip(POSIX.items(), seen, strict=True):
        again, pasted = given_by(words, stdin), read_curl(command)
        assert pasted is not None
        assert json.loads(again.body() or "") == json.loads(pasted.body), how
        assert (again.url, again.all("header")) == (URL, [f"Authorization: Bearer {KEY}"])


POWERSHELL = {
    "backquotes": f"curl.exe -X POST {URL} `\n  -H \"Authorization: Bearer {KEY}\" `\n  -d '{DOUBLED}'",
    "backslashes in a text": f"curl.exe {URL} {AUTH} `\n" + r"""  -d '{\"model\": \"gpt-5.5\", \"stream\": true}'""",
    "backslashes in double quotation marks": f"curl.exe {URL} {AUTH} `\n"
    + r'''  -d "{\"model\": \"gpt-5.5\", \"stream\": true}"''',
    "a browser's copy": '$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = "M (X)"\n'
    f'Invoke-WebRequest -UseBasicParsing -Uri "{URL}" `\n-Method "POST" `\n-WebSession $session `\n'
    '-Headers @{\n"accept"="*/*"\n'
    f'  "authorization"="Bearer {KEY}"\n}} `\n-ContentType "application/json" `\n'
    '-Body "{`"model`":`"gpt-5.5`",`"stream`":true}"',
    "tables": f"$headers = @{{\n  'Authorization' = \"Bearer {KEY}\"; 'Content-Type' = 'application/json'\n}}\n"
    '$body = @{\n    model = "gpt-5.5"\n    stream = $true # as events\n} | ConvertTo-Json -Depth 5\n\n'
    f'$r = Invoke-RestMethod -Uri "{URL}" -Method Post -Headers $headers -Body $body\n$r.choices[0].message.content',
    "splatting": f"$params = @{{\n  Uri = '{URL}'\n  Method = 'POST'\n  Headers = @{{ Authorization = 'Bearer ' + '{KEY}' }}\n"
    f"  Body = '{json.dumps(SIMPLE)}'\n}}\nInvoke-RestMethod @params",
    "a here-string": f"$body = @'\n{TEXT}\n'@\nirm {URL} -Method Post -Headers @{{Authorization='Bearer {KEY}'}} -Body $body",
    "a here-string with variables": f'$model = "gpt-5.5"\n$key = "{KEY}"\n'
    f'$body = @"\n{{"model": "$model", "stream": true}}\n"@\n'
    f'iwr -Uri {URL} -Headers @{{"Authorization" = "Bearer $key"}} -Body $body -Method POST',
    "a table in brackets": f"irm -Method Post {URL} -Headers @{{'Authorization'='Bearer {KEY}'}} "
    "-Body (@{model='gpt-5.5'; stream=$true} | ConvertTo-Json)",
    "members": f"$h = @{{}}\n$h['Authorization'] = \"Bearer {KEY}\"\n"
    f"$b = [ordered]@{{ model = 'gpt-5.5' }}\n$b.stream = $true\n"
    f"Invoke-RestMethod {URL} -Headers $h -Body ($b | ConvertTo-Json) -Method Post",
}
CMD = {
    "carets behind the lines": f'curl {URL} ^\r\n  -H "Authorization: Bearer {KEY}" ^\r\n'
    r'  -d "{\"model\": \"gpt-5.5\", \"stream\": true}"',
    "doubled quotation marks": f'curl "{URL}" ^\n-H "Authorization: Bearer {KEY}" ^\n'
    f'-d "{{""model"": ""gpt-5.5"", ""stream"": true}}"',
    "a browser's copy": f'curl ^"{URL}^" ^\r\n  -H ^"authorization: Bearer {KEY}^" ^\r\n'
    r'  --data-raw ^"^{^\^"model^\^":^\^"gpt-5.5^\^",' + "^\n\n" + r'^\^"stream^\^":true^}^"',
    "a prompt": rf'C:\Users\me>curl "{URL}" -H "Authorization: Bearer {KEY}" -d "{{\"model\":\"gpt-5.5\",\"stream\":true}}"',
    "set before it": f'set KEY={KEY}\r\ncurl "{URL}" ^\r\n -H "Authorization: Bearer %KEY%" '
    r'-d "{\"model\":\"gpt-5.5\",\"stream\":true}"',
}
WINDOWS = {
    **{f"PowerShell: {how}": text for how, text in POWERSHELL.items()},
    **{f"cmd: {how}": text for how, text in CMD.items()},
}


@pytest.mark.parametrize("how", WINDOWS)
def test_a_dialect_of_windows(how: str) -> None:
    text = WINDOWS[how]
    assert is_curl(text)
    pasted = read_curl(text)
    assert pasted is not None
    assert (pasted.base_url, pasted.protocol, pasted.auth, pasted.key) == ("https://relay.example/v1", CHAT, "bearer", KEY)
    assert KEY not in repr(pasted)
    assert json.loads(pasted.body) in (BODY, SIMPLE)
    assert (pasted.model, pasted.notes) == ("gpt-5.5", ())


@pytest.mark.parametrize(
    ("login", "variable"),
    [
        ('"Authorization: Bearer $KEY"', "KEY"),
        ('"Authorization: Bearer ${KEY}"', "KEY"),
        ('"Authorization: Bearer ${KEY:-sk-none}"', "KEY"),
        ('"Authorization: Bearer ${KEY:?not set}"', "KEY"),
        ("'Authorization: Bearer $KEY'", "KEY"),
        ('"Authorization: Bearer %KEY%"', "KEY"),
        ("'Authorization: Bearer {{KEY}}'", "KEY"),
        ("'Authorization: Bearer {{ $KEY }}'", "KEY"),
        ("'Authorization: Bearer KEY_OF_RELAY'", "KEY_OF_RELAY"),
        ('"Authorization: $KEY"', "KEY"),
        ('"api-key: $KEY"', "KEY"),
        ('"x-goog-api-key: ${KEY}"', "KEY"),
        ('"Authorization: Bearer $(cat ~/.key)"', ""),
        ('"Authorization: Bearer `pass show relay`"', ""),
        ("'Authorization: Bearer $(pass show relay)'", ""),
        ("'Authorization: Bearer YOUR_API_KEY'", ""),
        ("'Authorization: Bearer your-api-key-here'", ""),
        ("'Authorization: Bearer <your-api-key>'", ""),
        ("'Authorization: Bearer [API key]'", ""),
        ("'Authorization: Bearer sk-...'", ""),
        ("'Authorization: Bearer sk-xxxxxxxxxxxx'", ""),
        ("'Authorization: Bearer 你的密钥'", ""),
        ("'Authorization: Bearer {api_key}'", ""),
        ("'Authorization: Bearer ****'", ""),
        ("'Authorization: Bearer token'", ""),
    ],
)
def test_what_stands_for_a_key_is_never_taken_for_one(login: str, variable: str) -> None:
    pasted = read_curl(f"curl {URL} -H {login} -d '{{}}'")
    assert pasted is not None
    assert (pasted.auth, pasted.key, pasted.key_variable) == ("bearer", "", variable)
    assert variable or pasted.notes


@pytest.mark.parametrize(
    "login",
    [
        "Bearer $env:KEY", "Bearer ${env:KEY}", "Bearer $($env:KEY)", '" -Verbose -Method "Post',
    ],
)  # fmt: skip
def test_a_variable_of_powershell(login: str) -> None:
    headers = f'-Headers @{{"Authorization" = "{login}"}}' if "KEY" in login else ""
    token = "" if headers else "-Authentication Bearer -Token (ConvertTo-SecureString $env:KEY -AsPlainText -Force)"
    pasted = read_curl(f'Invoke-RestMethod -Uri "{URL}" -Method Post {headers} {token} -Body "{{}}"')
    assert pasted is not None
    assert (pasted.key, pasted.key_variable, pasted.auth) == ("", "KEY", "bearer")


@pytest.mark.parametrize(
    "key", ["gsk_Abcdef0123456789", "abcdef0123456789ABCDEF", "eyJhbGciOi.eyJzdWIi.c2ln", "AIzaSyA-0123_x", "1:ab/c+d=="]
)
def test_a_key_of_any_vendor_is_one(key: str) -> None:
    pasted = read_curl(f"curl {URL} -H 'Authorization: Bearer {key}'")
    assert pasted is not None
    assert (pasted.key, pasted.notes) == (key, ())


@pytest.mark.english
@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("'https://h.example/v1/messages?api-version=2025-04-01'", "?api-version=2025-04-01"),
        ("-G https://h.example/v1/messages --data beta=true", "?beta=true"),
        ("https://h.example/v1/messages --url-query beta=true", "?beta=true"),
        ("https://h.example/v1/messages -d @body.json", "the file body.json, which was not read"),
        ('https://h.example/v1/messages -d "@$DATA"', "the file $DATA, which was not read"),
        ("https://h.example/v1/messages -d @-", "its standard input, which was not read"),
        ("https://h.example/v1/messages -d \"$(jq -n '{a: 1}')\"", "makes its body"),
        ("https://h.example/v1/messages -F file=@x", "a form"),
        ("https://h.example/v1/messages -b a=b", "cookies"),
        ("https://h.example/v1/messages -u me:secret1234567", "a user name and a password"),
        ("https://h.example/v1/messages -K file", "in a file (-K)"),
        ("https://h.example/v1/messages -sk", "(-k)"),
        ("https://h.example/v1/messages --insecure", "(-k)"),
        ('https://h.example/v1/messages -H "X-App: $APP"', "X-App was left out"),
        ('"https://$HOST/v1/messages"', "in the variable HOST"),
        ("https://h.example/v1/messages\ncurl https://other.example", "more commands"),
        ("https://h.example/v1/messages --next https://other.example", "more commands or addresses"),
        ("https://h.example/v1/messages https://other.example", "more commands or addresses"),
        ("https://h.example/v1/messages -H @headers.txt", "in the file headers.txt"),
        ("https://h.example/v1/messages?key=secret1234567", "Its key is in the query"),
        ("https://h.example/v1/messages --aws-sigv4 aws:amz -u A:secret1234567", "It signs the request"),
        ("--unix-socket /run/x https://h.example/v1/messages", "Unix socket"),
    ],
)
def test_what_is_left_out_is_named(options: str, said: str) -> None:
    pasted = read_curl(f"curl {options}")
    assert pasted is not None
    assert said in " ".join(pasted.notes)
    assert len(pasted.notes) == 1
    assert pasted.body == b""
    assert pasted.base_url in ("https://h.example", "https://$HOST")
    assert "secret1234567" not in repr(pasted)


def test_a_body_with_a_variable_is_shown_as_it_stands() -> None:
    pasted = read_curl(f'curl {URL} -d "{{\\"model\\": \\"$MODEL\\", \\"max_tokens\\": ${{MAX:-9}}}}"')
    assert pasted is not None
    assert (pasted.model, json.loads(pasted.body)) == ("", {"model": "$MODEL", "max_tokens": 9})


@pytest.mark.parametrize("name", ["cmd-caret", "powershell-env", "command-substitution", "azure-api-version"])
def test_a_command_of_the_cases(shared_folder: Path, name: str) -> None:
    case = shared_folder / "cases" / f"curl-{name}.txt"
    if not case.exists():
        pytest.skip("../shared/cases is not here")
    pasted = read_curl(case.read_text(encoding="utf-8"))
    assert pasted is not None
    azure = "https://res.example.com/openai/deployments/gpt-55"
    google = "https://relay.example.com/v1/projects/p/endpoints/openapi"
    expected: dict[str, tuple[Any, ...]] = {
        "cmd-caret": ("https://relay.example.com/v1", CHAT, "bearer", "gpt-5.5", "sk-test-0123456789abcdef", ""),
        "powershell-env": ("https://relay.example.com", MESSAGES, "x-api-key", "claude-sonnet-4-6", "", "ANTHROPIC_API_KEY"),
        "command-substitution": (google, CHAT, "bearer", "google/gemini-3.1-flash", "", ""),
        "azure-api-version": (azure, CHAT, "bearer", "gpt-55", "", "AZURE_OPENAI_API_KEY"),
    }
    read = (pasted.base_url, pasted.protocol, pasted.auth, pasted.model, pasted.key, pasted.key_variable)
    assert read == expected[name]
    noted = {"command-substitution": "A command (gcloud)", "azure-api-version": "?api-version="}
    assert noted.get(name, "") in " ".join(pasted.notes)
    assert json.loads(pasted.body)


WORDS = ["", "what is curl good for?", "claude-x", "https://h/curl x", "my curl -d", "sk-123 curl", "irm", "{}", "curling -x"]


@pytest.mark.parametrize("text", WORDS)
def test_what_is_no_command(text: str) -> None:
    assert not is_curl(text)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://localhost:11434/api/chat", "Ollama's own API"),
        ("https://h.example/v1beta/models/gemini-3-flash:streamGenerateContent", "Gemini's own API"),
        ("https://h.example/v1/publishers/anthropic/models/m:streamRawPredict", "Vertex AI's own API"),
        ("https://h.example/model/anthropic.claude/invoke-with-response-stream", "Bedrock's own API"),
        ("https://h.example/v1/completions", "the older Completions API"),
        ("https://h.example/v1/embeddings", "another API"),
        ("https://h.example/v1/chat/completions", ""),
        ("https://h.example/v1/messages", ""),
        ("https://h.example/v1/models", ""),
    ],
)
def test_the_address_of_another_api_is_named(address: str, said: str) -> None:
    pasted = read_curl(f"curl {address}")
    assert pasted is not None
    assert [one for one in pasted.notes if "does not speak" in one] == [one for one in pasted.notes if said]
    assert said in " ".join(pasted.notes)
    assert bool(pasted.notes) is bool(said)


@pytest.mark.parametrize(
    ("command", "key", "variable"),
    [
        (f'curl.exe {URL} -H "Authorization: Bearer !MY_KEY!"', "", "MY_KEY"),
        (f"curl {URL} -H \"Authorization: Bearer \"(pass show relay) -d {QUOTED}", "", ""),
        (f"curl {URL} -H &quot;Authorization: Bearer $MY_KEY&quot;", "", "MY_KEY"),
        (
            "$h = @{ 'x-api-key' = [Environment]::GetEnvironmentVariable('MY_KEY') }\nInvoke-RestMethod -Uri "
            f"{URL} -Method Post -Headers $h -Body '{{}}'",
            "",
            "MY_KEY",
        ),
        *((f"curl {URL} -H 'Authorization: Bearer {one}'", "", "") for one in (
            "xxx", "sk-xxx", "sk-00000000", "YOURKEY", "yourApiKey", "REDACTED", "%API_KEY", "REPLACE_ME", "undefined"
        )),
        *((f"curl {URL} -H 'Authorization: Bearer {one}'", one, "") for one in ("sk-1234", "token-abc123", "abc123")),
    ],
)  # fmt: skip
def test_where_a_key_belongs(command: str, key: str, variable: str) -> None:
    pasted = read_curl(command)
    assert pasted is not None
    assert (pasted.base_url, pasted.key, pasted.key_variable) == ("https://relay.example/v1", key, variable)


def test_what_chromium_writes_for_powershell_is_no_header_of_the_endpoint() -> None:
    pasted = read_curl(
        '$session = New-Object X\n$session.Cookies.Add((New-Object System.Net.Cookie("sid", "abc", "/", "h")))\n'
        f'Invoke-WebRequest -Uri "{URL}" `\n-Method "POST" `\n-WebSession $session `\n-Headers @{{\n'
        '"authority"="relay.example"\n"method"="POST"\n"path"="/v1"\n"scheme"="https"\n"x-app"="1"\n} `\n-Body "{}"'
    )
    assert pasted is not None
    assert pasted.headers == (("x-app", "1"),)
    assert "Its cookies (-b) were left out." in pasted.notes


@pytest.mark.parametrize("body", ["x=1", '{"model": "m", // the model\n}'])
def test_a_body_that_is_no_json_is_said(body: str) -> None:
    pasted = read_curl(f"curl {URL} -d '{body}'")
    assert pasted is not None
    assert pasted.notes == ("Its body is no JSON: no model was read out of it.",)
