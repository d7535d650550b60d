"""What real clients make of the simulator's faults: `python -m tests.clients`."""
