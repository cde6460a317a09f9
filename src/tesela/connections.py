"""One client's connection: uvicorn's own, with bounds on what a stranger may send before a request has begun.

Without them a head without end is kept in memory, and joined again with every piece that arrives.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connection(HttpToolsProtocol):
    """Closes on a head (request line and headers) that is too large, or does not arrive in time."""

    HEAD_BYTES = 65_536
    HEAD_SECONDS = 30.0

    _heads = 0
    """Heads that have come whole."""
    _head_bytes = 0
    _is_in_body = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        heads, was_in_body = self._heads, self._is_in_body
        super().data_received(data)
        if was_in_body or self._heads > heads or self.transport.is_closing():
            return
        if self._deadline is None:
            self._await_head()
        self._head_bytes += len(data)
        if self._head_bytes > self.HEAD_BYTES:
            self._refuse(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                f"The request's headers must be at most {self.HEAD_BYTES} bytes",
            )

    def on_headers_complete(self) -> None:
        self._heads, self._head_bytes, self._is_in_body = self._heads + 1, 0, True
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._is_in_body = False
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._stop_waiting()
        self._refuse(HTTPStatus.BAD_REQUEST, "The request is not valid HTTP")

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(self.HEAD_SECONDS, self._head_is_late)

    def _head_is_late(self) -> None:
        """Give up on a head; one that began while an earlier answer is on its way waits for the end of that."""
        if self._is_answering():
            self._await_head()
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request takes too long to arrive")

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        """Say why and close; in the middle of an answer to an earlier request only close."""
        self._deadline = None
        if not self._is_answering():
            body = orjson.dumps({"detail": sentence})
            self.transport.write(
                f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n".encode()
                + body
            )
        self.transport.close()
