"""HTTP and its arrival times, in a process of its own."""

import sys

# httpx 0.28 imports its command line client wherever that can be had, and with it click, pygments and rich, which others bring:
# a fifth of what the wire process takes to start. So it can't be had here; `httpx.main` is then a function that says so.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # what Python itself means by None there
