"""Runs a client in a process of its own (`app.asking.client_driver`), and keeps what it reports as an exchange."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys

import msgspec

from app.asking.caller import Caller, Purpose
from app.checks.client_job import REPORT_KEY, Job, Report, report_of
from app.clock import now_ns
from app.exchange.exchange import Exchange
from app.recording.body import pack_chunks
from app.recording.recording import Recording
from app.recording.records import Ended, EndKind, Headed, Marked, MarkName, Request
from app.secrets.masking import Masker
from app.text.sentences import tr
from app.wire.child import child_environment

HIDDEN_SUBCOMMAND = "_client"
STARTING_S = 20.0  # Python and the SDK, on a slow machine
LONGEST_S = 180.0  # all kinds together: an SDK itself waits for ten minutes, and asks again
MOST_BYTES = 8 << 20


async def drive(caller: Caller, request: Request, purpose: Purpose) -> Exchange:
    """Have the job of this request done. Never raises for what a client or an endpoint does; cancelling ends the process."""
    masker = Masker(caller.secrets)
    job = msgspec.json.decode(request.body, type=Job)
    recording = Recording(caller.envelope(purpose), msgspec.structs.replace(request, url=masker.mask_url(request.url)))
    recording.apply(Marked(MarkName.SEND_BEGIN, now_ns()))
    body, _ = masker.mask(await _answer(caller, job))
    ended = now_ns()
    status = _status(report_of(body))
    if status is not None:
        recording.apply(Headed(status, "", "", (("content-type", "application/json"),)))
    recording.apply(pack_chunks([(ended, body)]))
    recording.apply(Ended(EndKind.WHOLE, ended))
    return Exchange(recording).finish()


def _status(report: Report) -> int | None:
    """The status of the answer that the recording stands for: that of the error, 200 where there was none."""
    raised = next((one.raised for one in report.did.values() if one.raised is not None), None)
    if raised is not None:
        return raised.status
    return 200 if report.did else None


async def _answer(caller: Caller, job: Job) -> bytes:
    profile, limits = caller.profile, caller.profile.limits
    order = {
        "job": msgspec.to_builtins(job),
        "base_url": profile.base_url,
        "key": caller.key,
        "auth": profile.auth,
        "headers": profile.headers,
        "beta": profile.anthropic_beta,
        "proxy": profile.proxy,
        "ca_file": profile.ca_file,
        "verify_tls": profile.verify_tls,
        "timeout_s": limits.first_byte_s,
    }
    process = _start()
    seconds = STARTING_S + min(limits.total_s, LONGEST_S)
    try:
        out = await asyncio.to_thread(_talk, process, json.dumps(order).encode(), seconds)
    finally:
        process.kill()  # where it was cancelled; one that has ended takes no notice
    if out is None:
        return _broken(job, tr("it was ended after {seconds:.0f} s", seconds=seconds))
    return (
        out
        if report_of(out).package
        else _broken(job, tr("its process ended with {returncode}", returncode=process.returncode))
    )


def _start() -> subprocess.Popen[bytes]:
    pipe, environment = subprocess.PIPE, child_environment(os.environ)
    return subprocess.Popen(_command(), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env=environment)


def _talk(process: subprocess.Popen[bytes], order: bytes, seconds: float) -> bytes | None:
    """What it writes; None where it took too long. In a thread: no loop of Qt can watch a child."""
    try:
        return process.communicate(order, seconds)[0][:MOST_BYTES]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None


def _broken(job: Job, why: str) -> bytes:
    return msgspec.json.encode({REPORT_KEY: Report(job.package, "unknown", broken=why)})


def _command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, HIDDEN_SUBCOMMAND]
    return [sys.executable, "-P", "-m", "app.asking.client_driver"]
