"""Waiting until something is so, instead of sleeping and hoping."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 10.0) -> None:
    """Return once the condition holds. Raises TimeoutError when it takes too long."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    while not await _holds(condition):
        if clock() > deadline:
            raise TimeoutError(f"not so within {seconds} s: {condition}")
        await asyncio.sleep(0.01)


async def _holds(condition: Callable[[], bool | Awaitable[bool]]) -> bool:
    answer = condition()
    return answer if isinstance(answer, bool) else await answer
