"""`diptych check`: what is said before anything is sent, the exit code, baselines, saved checks, reports; no key in any."""

from __future__ import annotations

import csv
import io
import json
import signal
import socket
import subprocess
import xml.etree.ElementTree as ET
from html import unescape
from pathlib import Path

import msgspec
import pytest

from app.protocols.ids import CHAT, MESSAGES
from app.recording.run_format import load_run
from app.report.baseline import FailOn, counting
from app.report.schema import load
from app.report.write import SUFFIXES
from app.simulator.server.urls import base_url, fault_endpoint
from app.store.files import config_folder, data_folder
from tests.report.reports import full_report
from tests.terminal.program import CANARY, called, running

MODELS = {MESSAGES: "claude-sonnet-4-6", CHAT: "gpt-5.4-mini"}
HONEST = fault_endpoint("key_required")
BREAKING = fault_endpoint("key_required", "other_json")  # no smallest request is answered


def options(
    root: str, endpoint: str = HONEST, prefix: str = "", protocol: str = MESSAGES, key: str = "CANARY_KEY"
) -> list[str]:
    url = base_url(root, endpoint, protocol)
    model = ["--model", MODELS[protocol]] if not prefix else []
    return [f"--{prefix}url", url, f"--{prefix}protocol", protocol, f"--{prefix}key-env", key, *model]


def check(*more: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return called("check", *more, CANARY_KEY=CANARY, **environment)


# -- one and two endpoints ----------------------------------------------------------------------------------------------


def test_one_endpoint(simulator: str) -> None:
    done = check(*options(simulator), "--check", "completes", "--seed", "5")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "✓ Works as it should."
    assert "✓ pass" in done.stdout
    assert done.stdout.splitlines()[-1] == "Text works."
    before, *progress = done.stderr.splitlines()[1:]  # what it costs, before the first check is done
    assert before.startswith("3 checks: at most ")
    assert [line.split("]")[0] for line in progress] == ["[1/3", "[2/3", "[3/3"]


def test_two_endpoints_of_which_one_fails(simulator: str) -> None:
    both = [*options(simulator, BREAKING), *options(simulator, prefix="against-")]
    done = check(*both, "--check", "completes", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["schema"], report["version"], report["verdict"]["overall"]) == ("diptych-report", 1, "breaks")
    found = {one["id"]: (one["a"]["verdict"], one["b"]["verdict"]) for one in report["checks"]}
    assert found["completes"] == ("pass", "fail")
    assert [one["model_asked"] for one in report["endpoints"]] == [MODELS[MESSAGES]] * 2


def test_a_dead_host_ends_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        done = check("--url", url, "--protocol", MESSAGES, "--model", "m", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["verdict"]["overall"] == "breaks"
    counts = report["verdict"]["counts"]
    assert counts["fail"] == 1
    assert counts["skipped"] == len(report["checks"]) - 1
    assert report["spent"]["requests"] <= 3
    assert (report["spent"]["input_tokens"], report["spent"]["usd"]) == (None, None)


def test_groups(simulator: str) -> None:
    done = check(*options(simulator), "--group", "gate", "--json")
    assert {one["group"] for one in json.loads(done.stdout)["checks"]} == {"reach", "gate", "minimal"}  # what they rest on too
    assert check(*options(simulator), "--check", "reached").returncode == 0  # no answer was asked for


# -- what it costs ------------------------------------------------------------------------------------------------------


def test_nothing_is_sent_by_a_dry_run(tmp_path: Path) -> None:
    saved = tmp_path / "x.diptych"
    done = check(
        "--url", "http://127.0.0.1:9", "--protocol", MESSAGES, "--model", "claude-sonnet-4-6", "--dry-run", "--save", str(saved)
    )
    assert (done.returncode, done.stdout, saved.exists()) == (0, "", False)
    assert "checks: at most " in done.stderr
    assert "$" in done.stderr


def test_the_cap_is_held(simulator: str) -> None:
    done = check(*options(simulator), "--check", "completes", "--max-tokens-total", "1", "--json")
    report = json.loads(done.stdout)
    assert report["plan"]["cap_tokens"] == 1
    assert {one["id"]: one["b"]["reason_code"] for one in report["checks"]}["admitted"] == "cap"
    assert report["verdict"]["overall"] == "unknown"
    assert done.returncode == 1  # whether it answers was asked, and is not known


def test_a_cap_on_money_needs_a_price() -> None:
    done = check("--url", "http://127.0.0.1:9", "--protocol", CHAT, "--model", "nobody-knows", "--max-cost", "1")
    assert done.returncode == 2
    assert "--max-cost can't be held: no price is known" in done.stderr


def test_the_list_names_what_each_costs() -> None:
    done = check("--list")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["id", "group", "check", "requests", "tokens"]
    assert any(line.startswith("completes ") for line in lines)
    assert not any(line.startswith("tool_call ") for line in check("--list", "--group", "reach").stdout.splitlines())


# -- wrong use ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "name a PROFILE, or give --url and --protocol"),
        (["nobody"], "there is no profile “nobody”"),
        (["--against", "x"], "name a PROFILE"),
        (["Demo official", "--check", "nosuch"], "there is no check “nosuch”"),
        (["Demo official", "--check", "all"], "there is no check “all”"),
        (["Demo official", "--with", "completes"], "“completes” is on anyway"),
        (["Demo official", "--client", "nosuch"], "there is no client “nosuch”"),
        (["Demo official", "--report", "x.pdf"], "the name must end with one of .html, .md, .json, .xml, .csv"),
        (["Demo official", "--report", "/nowhere/x.html"], "there is no folder"),
        (["Demo official", "--save", "/nowhere/x.diptych"], "there is no folder"),
        (["Demo official", "--baseline", "/nowhere/x.json"], "can't be read: No such file"),
        (["Demo official", "--baseline", __file__], "it is no JSON report of Diptych"),
        (["/nowhere/x.diptych"], "can't be read"),
        (["x.diptych", "--group", "reach"], "--group has no meaning there"),
        (["Demo official", "--against-model", "m"], "the control needs --against PROFILE or --against-url URL"),
    ],
)
def test_wrong_use(given: list[str], said: str) -> None:
    done = check(*given)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr


# -- what counts --------------------------------------------------------------------------------------------------------


async def test_from_which_verdict_on_a_check_counts() -> None:
    report = await full_report()
    ids = {level: [one.id for one in counting(report, level)] for level in FailOn}
    assert ids == {
        FailOn.FAIL: ["stops"],
        FailOn.DIFFERS: ["stops", "pace"],
        FailOn.INCONCLUSIVE: ["stops", "pace", "offset", "later"],
    }


async def test_since_a_baseline_only_what_is_new_counts() -> None:
    report = await full_report()
    assert counting(report, FailOn.INCONCLUSIVE, report) == []
    plain = msgspec.to_builtins(report)
    by_id = {one["id"]: one for one in plain["checks"]}
    by_id["stops"]["b"]["reason_code"] = "another"  # bad before, for another reason
    by_id["pace"].update(harm=None)  # it did not count before
    plain["checks"].remove(by_id["offset"])  # it was not asked before
    before = msgspec.convert(plain, type(report))
    assert [one.id for one in counting(report, FailOn.INCONCLUSIVE, before)] == ["stops", "pace", "offset"]


def test_a_baseline_and_strictness(simulator: str, tmp_path: Path) -> None:
    broken = [*options(simulator, BREAKING), "--check", "completes"]
    report = tmp_path / "before.json"
    assert check(*broken, "--report", str(report)).returncode == 1
    again = check(*broken, "--baseline", str(report))
    assert again.returncode == 0
    assert "Nothing is new since the baseline." in again.stdout
    good = tmp_path / "good.json"
    check(*options(simulator), "--check", "completes", "--report", str(good))
    worse = check(*broken, "--baseline", str(good))
    assert worse.returncode == 1
    assert "New since the baseline: completes." in worse.stdout


# -- what is kept -------------------------------------------------------------------------------------------------------


def test_a_saved_check_is_judged_again_without_sending(simulator: str, tmp_path: Path) -> None:
    saved, first, again = tmp_path / "x.diptych", tmp_path / "first.json", tmp_path / "again.json"
    asked = [*options(simulator, BREAKING), *options(simulator, prefix="against-")]
    done = check(*asked, "--check", "completes", "--save", str(saved), "--report", str(first))
    opened, recordings = load_run([saved.read_bytes()])
    assert (opened.scenario, len(recordings)) == ("checks", len(load(first.read_bytes()).recordings))
    judged = check(str(saved), "--report", str(again))
    assert judged.stdout == done.stdout
    assert again.read_bytes() == first.read_bytes()


def test_a_file_of_a_run_is_no_check(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "run.diptych"
    root = base_url(simulator, HONEST, MESSAGES)
    a = ["--a-url", root, "--a-protocol", MESSAGES, "--a-model", "m", "--a-key-env", "CANARY_KEY"]
    called("run", *a, "--save", str(saved), CANARY_KEY=CANARY)
    done = check(str(saved))
    assert done.returncode == 2
    assert "holds no checks" in done.stderr


def test_every_report_and_the_summary_of_a_job(simulator: str, tmp_path: Path) -> None:
    """And the key, which the endpoint sends back in its answers and headers, stands in nothing that is kept or said."""
    echoing = fault_endpoint("key_required", "echo_key")
    files = [tmp_path / f"r{suffix}" for suffix in SUFFIXES]
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    reports = [word for path in files for word in ("--report", str(path))]
    asked = [
        *options(simulator, echoing),
        *options(simulator, echoing, "against-"),
        "--check",
        "completes",
        "--fail-on",
        "inconclusive",
    ]
    done = check(*asked, *reports, "--save", str(tmp_path / "x.diptych"), "--seed", "3", GITHUB_STEP_SUMMARY=str(summary))
    report = load((tmp_path / "r.json").read_bytes())
    assert report.masks
    assert report.run.seed == 3
    assert report.endpoints[1].key_hint == f"{CANARY[:4]}…{CANARY[-2:]}"
    assert "<!doctype html>" in (tmp_path / "r.html").read_text()
    assert ET.fromstring((tmp_path / "r.xml").read_bytes()).tag == "testsuites"
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"))))) == 6
    assert summary.read_text() == "before\n" + (tmp_path / "r.md").read_text()
    for text in (CANARY, CANARY[7:], CANARY[10:-4]):
        assert text not in done.stdout + done.stderr
        kept = [path for folder in (tmp_path, config_folder(), data_folder()) for path in folder.rglob("*") if path.is_file()]
        assert len(kept) > len(files)
        assert not [path for path in kept if text.encode() in path.read_bytes()]


def test_a_run_can_be_reported_too(simulator: str, tmp_path: Path) -> None:
    url = base_url(simulator, fault_endpoint("key_required", "stop_token"), MESSAGES)
    sides = [
        word
        for side in "ab"
        for word in (f"--{side}-url", url, f"--{side}-protocol", MESSAGES, f"--{side}-model", MODELS[MESSAGES])
    ]
    keys = ["--a-key-env", "CANARY_KEY", "--b-key-env", "CANARY_KEY"]
    files = [tmp_path / f"r{suffix}" for suffix in SUFFIXES]
    reports = [word for path in files for word in ("--report", str(path))]
    done = called("run", *sides, *keys, "--prompt", "hello there", *reports, CANARY_KEY=CANARY)
    report = load((tmp_path / "r.json").read_bytes())
    assert (report.run.kind, report.verdict, report.checks) == ("compare", None, [])
    assert report.sentence == done.stdout.splitlines()[-1]
    assert report.compare is not None
    assert set(report.compare["sides"]) == {"a", "b"}
    assert report.findings
    assert report.findings[0].sentence in unescape((tmp_path / "r.html").read_text())
    suites = ET.fromstring((tmp_path / "r.xml").read_bytes())
    assert [one.get("name") for one in suites] == ["diptych.compare.A", "diptych.compare.B"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "r.csv").read_text("utf-8-sig"))))
    assert [one["id"] for one in rows] == [one.id for one in report.findings]
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


def test_ctrl_c_keeps_and_judges_what_there_is(simulator: str, tmp_path: Path) -> None:
    saved = tmp_path / "x.diptych"
    command = ("check", *options(simulator), "--save", str(saved), "--json")
    with running("-m", "app", *command, CANARY_KEY=CANARY) as process:
        assert process.stderr is not None
        while "Reached" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    report = json.loads(out)
    reasons = {one["b"]["reason_code"] for one in report["checks"]}
    assert "stopped" in reasons
    assert "stopped" in [one["code"] for one in report["limits"]]
    assert len(load_run([saved.read_bytes()])[1]) == len(report["recordings"])
