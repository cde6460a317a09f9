"""A real HTTP server that speaks the protocols of OpenAI and Anthropic; what it says is given to it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Said:
    """One answer. text: the model's words, JSON or not; a mapping is written as JSON."""

    text: str | Mapping[str, Any] = ""
    status: int = 200
    seconds: float = 0.0
    finish: str = "stop"
    raw: bytes | None = None
    tokens: tuple[int, int] = (100, 20)


@dataclass
class ModelServer:
    """says: what is answered, in order; the last one again and again. A function gets the request's body."""

    port: int = 0
    says: list[Said | Callable[[dict[str, Any]], Said]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    was_asked: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prompts(self) -> str:
        """Return everything that was ever sent to the model."""
        return "\n".join(json.dumps(body, ensure_ascii=False) for body in self.asked)

    def answer(self, body: dict[str, Any]) -> Said:
        self.asked.append(body)
        self.was_asked.set()
        said = self.says[min(len(self.asked), len(self.says)) - 1]
        return said(body) if callable(said) else said


@contextmanager
def model_server(*says: Said | Callable[[dict[str, Any]], Said]) -> Iterator[ModelServer]:
    """Yield a running server."""
    kept = ModelServer(says=list(says))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.headers.append({name.lower(): value for name, value in self.headers.items()})
            said = kept.answer(body)
            time.sleep(said.seconds)
            is_anthropic = self.path.endswith("/messages")
            made = _anthropic(body, said) if is_anthropic else _openai(body, said)
            data = said.raw if said.raw is not None else json.dumps(made).encode()
            self.send_response(said.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            try:
                self.wfile.write(data)
            except ConnectionError:
                return  # the client did not wait

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _openai(body: dict[str, Any], said: Said) -> dict[str, Any]:
    if said.status != 200:
        return {"error": {"message": said.text, "type": "error", "code": None}}
    text = said.text if isinstance(said.text, str) else json.dumps(said.text)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": body["model"],
        "choices": [
            {"index": 0, "finish_reason": said.finish, "message": {"role": "assistant", "content": text}}
        ],
        "usage": {
            "prompt_tokens": said.tokens[0],
            "completion_tokens": said.tokens[1],
            "total_tokens": sum(said.tokens),
        },
    }


def _anthropic(body: dict[str, Any], said: Said) -> dict[str, Any]:
    if said.status != 200:
        return {"type": "error", "error": {"type": "error", "message": said.text}}
    tools = body.get("tools") or [{"name": "none"}]
    content: list[dict[str, Any]] = (
        [{"type": "text", "text": said.text}]
        if isinstance(said.text, str)
        else [{"type": "tool_use", "id": "toolu_1", "name": tools[0]["name"], "input": dict(said.text)}]
    )
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": content,
        "stop_reason": "tool_use" if not isinstance(said.text, str) else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": said.tokens[0], "output_tokens": said.tokens[1]},
    }
