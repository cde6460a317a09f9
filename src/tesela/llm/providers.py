"""Models behind the door, by a library that speaks their protocols; imported when the first one is asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tesela.llm.base import Check, ModelFailed, ModelSettings, Prompt, Reply, Spent, T
from tesela.llm.guarded import check_address, guarded_client

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai import Agent
    from pydantic_ai.models import Model

NOT_INSTALLED = "Models need an extra: install Tesela with pip install 'tesela[ai]'"
ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}
TRIES = 1
"""Repairs of an answer that has the wrong shape or fails its check."""


class ProviderDoor:
    """Asks the model of one provider. hosts: those that the operator allows. `close` it."""

    def __init__(self, settings: ModelSettings, hosts: Iterable[str], *, sends_rows: bool = True) -> None:
        self._settings = settings
        self._hosts = tuple(hosts)
        self._sends_rows = sends_rows
        self._client: httpx2.AsyncClient | None = None
        self._model: Model | None = None
        self._speaks_schema = settings.provider == "openai"

    @property
    def sends_rows(self) -> bool:
        return self._sends_rows

    async def complete(self, prompt: Prompt, answer: type[T], *, check: Check[T] | None = None) -> Reply[T]:
        address = self._settings.base_url or ADDRESSES[self._settings.provider]
        problem = check_address(address, self._hosts)
        if problem is not None:
            raise ModelFailed("The model's server is not allowed", private=problem)
        try:
            model = await asyncio.to_thread(self._open) if self._model is None else self._model
            async with asyncio.timeout(self._settings.timeout_seconds):
                return await self._asked(model, prompt, answer, check)
        except TimeoutError as error:
            raise ModelFailed("The model took longer than it may", spent=Spent(requests=1)) from error
        except ImportError as error:
            raise ModelFailed(NOT_INSTALLED, private=str(error)) from error

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()

    def _open(self) -> Model:
        """Return the model with a client of ours; the first time loads the library, which no answer's time pays for."""
        with _OPENING:
            model = self._model
            if model is None:
                self._client = guarded_client(self._hosts, timeout_seconds=self._settings.timeout_seconds)
                model = self._model = _model(self._settings, self._client)
            return model

    async def _asked(self, model: Model, prompt: Prompt, answer: type[T], check: Check[T] | None) -> Reply[T]:
        """Return the answer; a server that refuses a schema is asked once more with the schema in words."""
        from pydantic_ai.exceptions import ModelHTTPError
        from pydantic_ai.usage import RunUsage

        usage = RunUsage()
        try:
            return await self._run(model, prompt, answer, check, usage)
        except ModelFailed as error:
            cause = error.__cause__
            refused = isinstance(cause, ModelHTTPError) and cause.status_code in (400, 422)
            if not (refused and self._speaks_schema):
                raise
            self._speaks_schema = False
        return await self._run(model, prompt, answer, check, usage)

    async def _run(
        self, model: Model, prompt: Prompt, answer: type[T], check: Check[T] | None, usage: Any
    ) -> Reply[T]:
        from pydantic_ai import ModelRetry, UsageLimits
        from pydantic_ai.exceptions import AgentRunError, UserError

        agent = self._agent(model, prompt, answer)
        if check is not None:

            async def validated(value: T) -> T:
                found = check(value)
                if found is not None:
                    raise ModelRetry(found)
                return value

            agent.output_validator(validated)
        limits = UsageLimits(request_limit=TRIES + 2)
        try:
            ran = await agent.run(prompt.material, usage=usage, usage_limits=limits)
        except (AgentRunError, UserError, ValueError) as error:
            raise ModelFailed(_sentence(error), private=repr(error)[:500], spent=_spent(usage)) from error
        return Reply(ran.output, _spent(usage), self._settings.model)

    def _agent(self, model: Model, prompt: Prompt, answer: type[T]) -> Agent[object, T]:
        from pydantic_ai import Agent, NativeOutput, PromptedOutput, ToolOutput

        form: Any = ToolOutput(answer) if self._settings.provider == "anthropic" else PromptedOutput(answer)
        if self._speaks_schema:
            form = NativeOutput(answer)
        return Agent(
            model,
            output_type=form,
            instructions=prompt.instructions,
            retries=TRIES,
            model_settings={"max_tokens": self._settings.max_output_tokens, "temperature": 0.0},
        )


_OPENING = threading.Lock()


def _model(settings: ModelSettings, client: httpx2.AsyncClient) -> Model:
    key, address = settings.api_key or "none", settings.base_url or ADDRESSES[settings.provider]
    if settings.provider == "anthropic":
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        anthropic = AnthropicProvider(api_key=key, base_url=address, http_client=client)
        return AnthropicModel(settings.model, provider=anthropic)
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    openai = OpenAIProvider(api_key=key, base_url=address, http_client=client)
    return OpenAIChatModel(settings.model, provider=openai)


def _spent(usage: Any) -> Spent:
    return Spent(usage.requests, usage.input_tokens, usage.output_tokens)


def _sentence(error: Exception) -> str:
    """Return what a person may read of a failure: never the provider's own words, which may hold anything."""
    from pydantic_ai import exceptions

    if isinstance(error, exceptions.ModelHTTPError):
        if error.status_code in (401, 403):
            return "The model's server does not accept the key"
        if error.status_code == 404:
            return "The model's server does not know the model"
        if error.status_code == 429:
            return "The model's server has too many requests"
        return "The model's server answered with an error"
    if isinstance(error, exceptions.UnexpectedModelBehavior):
        return "The model's answer could not be used"
    return "The model's server cannot be reached"
