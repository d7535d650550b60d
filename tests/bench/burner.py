"""A process that does nothing but keep a core busy, until its parent ends."""

from __future__ import annotations

import threading

from tests.bench.children import end_with_parent, tell

if __name__ == "__main__":
    threading.Thread(target=end_with_parent, daemon=True).start()
    tell(busy=True)
    while True:
        pass
