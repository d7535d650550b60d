"""The checks, a file a topic: each is data, a small coroutine that asks, and a pure function that judges what came."""
