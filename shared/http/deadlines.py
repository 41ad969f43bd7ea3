"""Bodies that must be there in time, without a timer for each request.

A timer of the event loop takes 20 µs of a request that needs none: its body came with its head. So
who waits is written down, and one look now and then ends what waits too long.
"""

import asyncio
from asyncio import AbstractEventLoop, Task
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive


class Deadlines:
    """Looks every `seconds` for bodies that are late, as long as somebody waits for one."""

    def __init__(self, seconds: float) -> None:
        self._every = seconds
        self._waiting: dict[Task[Any], float] = {}
        self._late: set[Task[Any]] = set()
        self._looks = False

    def within(self, seconds: float, receive: Receive) -> Receive:
        """Receives a body, all of it within so many seconds. Raises HTTPException 408."""
        until = asyncio.get_running_loop().time() + seconds
        whole = False

        async def received() -> Message:
            nonlocal whole
            if whole:
                # What comes after a body is the end of the connection: waiting for it is no delay.
                return await receive()
            message = await self._by(until, receive)
            whole = not message.get("more_body", False)
            return message

        return received

    async def _by(self, until: float, receive: Receive) -> Message:
        task = asyncio.current_task()
        assert task is not None
        self._waiting[task] = until
        if not self._looks:
            self._look_later(asyncio.get_running_loop())
        try:
            return await receive()
        except asyncio.CancelledError:
            if task not in self._late or task.uncancel() > 0:
                raise
            # Nothing more of this connection can be trusted to come.
            raise HTTPException(
                HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"}
            ) from None
        finally:
            del self._waiting[task]
            self._late.discard(task)

    def _look_later(self, loop: AbstractEventLoop) -> None:
        self._looks = True
        loop.call_later(self._every, self._look, loop)

    def _look(self, loop: AbstractEventLoop) -> None:
        now, self._looks = loop.time(), False
        for task, until in self._waiting.items():
            if until <= now and task not in self._late:
                self._late.add(task)
                task.cancel()
        if self._waiting:
            self._look_later(loop)
