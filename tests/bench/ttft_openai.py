"""The plain script that many measure with: the openai SDK under asyncio. Runs in an environment of its own, without Diptych.

`python ttft_openai.py PORT AT_A_TIME REQUESTS` prints the first tokens in milliseconds by the request's number, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from typing import Any


async def main(port: int, at_a_time: int, requests: int) -> dict[int, float]:
    from openai import AsyncOpenAI

    found: dict[int, float] = {}
    numbers = iter(range(1, requests + 1))
    async with AsyncOpenAI(base_url=f"http://127.0.0.1:{port}/v1", api_key="sk-bench", max_retries=0) as client:
        await asyncio.gather(*(_asker(client, numbers, found) for _ in range(at_a_time)))
    return found


async def _asker(client: Any, numbers: Iterator[int], found: dict[int, float]) -> None:
    for number in numbers:
        words = [{"role": "user", "content": f"Request {number:06d}. Say forty words."}]
        begun = time.perf_counter()
        stream = await client.chat.completions.create(model="bench", messages=words, stream=True)
        async for chunk in stream:
            if number not in found and chunk.choices and chunk.choices[0].delta.content:
                found[number] = (time.perf_counter() - begun) * 1e3


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(*map(int, sys.argv[1:])))))
