#!/usr/bin/env bash
# WHAT      qasync runs tasks that are ready whenever Qt handles events, also while its loop does not run.
# VERSIONS  qasync==0.28.0, PySide6-Essentials==6.11.3
# EXPECTED  A task moves only inside run_until_complete or run_forever, where `get_running_loop()` knows the loop.
# SEEN      2026-11-29: a task that is made while the loop stands begins at the next processEvents(), with is_running() False:
#           `asyncio.get_running_loop()` raises RuntimeError "no running event loop" inside it.
# WHY       Whatever handles Qt's events before or behind the loop (a dialog at start-up, a test's teardown, a splash screen)
#           runs coroutines in which asyncio.timeout, TaskGroup and every library that asks for the loop fail.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

expected='before: nothing ran, loop running: False
behind processEvents: RuntimeError: no running event loop, loop running: False
in run_until_complete: found the loop, loop running: False'

python3 -m venv venv
venv/bin/pip install -q --no-compile --disable-pip-version-check qasync==0.28.0 PySide6-Essentials==6.11.3

cat >run.py <<'PY'
import asyncio

from PySide6.QtCore import QCoreApplication, QEventLoop

import qasync

said = "nothing ran"


async def ask():
    global said
    try:
        asyncio.get_running_loop()
        said = "found the loop"
    except RuntimeError as error:
        said = f"RuntimeError: {error}"


application = QCoreApplication([])
loop = qasync.QEventLoop(application)
with loop:
    task = loop.create_task(ask())
    print(f"before: {said}, loop running: {loop.is_running()}")
    application.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 100)
    print(f"behind processEvents: {said}, loop running: {loop.is_running()}")
    loop.run_until_complete(ask())
    print(f"in run_until_complete: {said}, loop running: {loop.is_running()}")
PY
seen=$(venv/bin/python run.py) || true

if [ "$seen" != "$expected" ]; then
    echo "CHANGED: when qasync runs tasks that are ready" >&2
    diff <(echo "$expected") <(echo "$seen") >&2 || true
    exit 1
fi
echo "Still so: qasync 0.28.0 begins tasks while its loop does not run."
