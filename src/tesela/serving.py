"""The server process: uvicorn around the application, and a stop that lets requests finish."""

from __future__ import annotations

import signal
import socket

import click
import uvicorn

from tesela.app import build_app
from tesela.connections import Connection
from tesela.errors import TeselaError
from tesela.settings import Settings


class CannotListen(TeselaError):
    """The address is taken or not ours."""


def serve(settings: Settings) -> None:
    """Serve until a signal; requests in flight get `shutdown_grace_seconds` to finish."""
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    config = uvicorn.Config(
        build_app(settings),
        http=Connection,
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.shutdown_grace_seconds,
        backlog=2048,
    )
    here = settings.model_copy(update={"host": host, "port": port})
    server = _Server(config, f"Tesela is at {here.base_url}")
    for number in (signal.SIGINT, signal.SIGTERM):
        # The server answers these itself while it runs, and sends them again when it has stopped in good order.
        signal.signal(number, lambda *_: None)
    server.run(sockets=[listener])
    if not server.started:
        raise CannotListen("The server could not start; the lines above say why")


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    def __init__(self, config: uvicorn.Config, ready: str) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            click.echo(self._ready)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket. Raises CannotListen with one sentence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListen(
            f"Port {port} on {host} cannot be used: {error.strerror}; choose another with --port"
        ) from error
    listener.setblocking(False)
    return listener
