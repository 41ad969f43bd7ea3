"""A process that posts what it reads, so many times to an address, and prints how many a second."""

import sys
import time

import httpx
import uvloop


async def post(url: str, count: int, body: bytes) -> float:
    """Posts per second, one after another over one connection."""
    headers = {"Content-Type": "application/cloudevents+json; charset=UTF-8"}
    async with httpx.AsyncClient() as client:
        await client.post(url, content=body, headers=headers)
        start = time.perf_counter()
        for _ in range(count):
            (await client.post(url, content=body, headers=headers)).raise_for_status()
        return count / (time.perf_counter() - start)


if __name__ == "__main__":
    print(uvloop.run(post(sys.argv[1], int(sys.argv[2]), sys.stdin.buffer.read())))
