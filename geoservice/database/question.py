"""A statement that is asked so often that a task and a cursor would take most of the time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import psycopg
from psycopg import pq

from geoservice.database.engine import AsyncConnection

Told = Callable[[str | None], None]


class Question:
    """One statement without parameters, whose answer is one text, `prepare`d once on a connection
    that others may use in between (`left`).

    It is asked by callbacks: the socket is listened to all the time, and nobody is woken before
    the whole answer is there.
    """

    def __init__(self, connection: AsyncConnection, name: bytes, patience_s: float) -> None:
        self._asked_of, self._name, self._patience_s = connection.pgconn, name, patience_s
        self._loop = asyncio.get_running_loop()
        self._socket = connection.pgconn.socket
        self._listening = False
        self._told: Told | None = None  # who waits
        self._late: asyncio.TimerHandle | None = None
        self._result: pq.abc.PGresult | None = None
        self._left: asyncio.Future[None] | None = None
        self.usable = True

    async def prepare(self, statement: bytes) -> None:
        """Have it prepared; if that fails, `ask` does.

        By the protocol, not by PREPARE: poolers of connections know about that alone.
        """
        self._send(lambda: self._asked_of.send_prepare(self._name, statement), lambda _: None)
        await self.left()

    def ask(self, told: Told) -> None:
        """`told` hears the answer; None if it failed. Where it was lost or took too long, the
        connection is of no use any more (`usable`).
        """
        self._send(lambda: self._asked_of.send_query_prepared(self._name, None), told)

    def _send(self, send: Callable[[], None], told: Told) -> None:
        if self._told is not None:
            raise RuntimeError("it is asked once at a time")
        self._told, self._result = told, None
        try:
            send()
            self._asked_of.flush()  # a few bytes, after an answer: there is always room
        except psycopg.Error:
            self.close()
            return
        if not self._listening:
            self._loop.add_reader(self._socket, self._readable)
            self._listening = True
        self._late = self._loop.call_later(self._patience_s, self.close)

    async def left(self) -> None:
        """Wait for the answer that is on its way, and leave the connection to others."""
        while self._told is not None:
            if self._left is None:
                self._left = self._loop.create_future()
            await asyncio.shield(self._left)
        self._listen_no_more()

    def close(self) -> None:
        """Leave the connection for good; who waits is told None."""
        self.usable = False
        self._listen_no_more()
        self._end(None)

    def _listen_no_more(self) -> None:
        if self._listening:
            self._loop.remove_reader(self._socket)
            self._listening = False

    def _readable(self) -> None:
        try:
            self._asked_of.consume_input()
            while not self._asked_of.is_busy():
                result = self._asked_of.get_result()
                if result is None:
                    self._end(self._text())
                    break
                self._result = result
        except psycopg.Error:
            self.close()

    def _text(self) -> str | None:
        result = self._result
        if result is None or result.status != pq.ExecStatus.TUPLES_OK:
            return None
        value = result.get_value(0, 0)
        return None if value is None else value.decode()

    def _end(self, text: str | None) -> None:
        told, self._told, self._result = self._told, None, None
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if self._left is not None and not self._left.done():
            self._left.set_result(None)
        self._left = None
        if told is None:
            # The server says something that nobody asked: mostly that it leaves.
            self._listen_no_more()
        else:
            told(text)
