"""The door to models: one way in and out, whoever the provider is."""

from __future__ import annotations

from tesela.llm.base import Door, ModelFailed, ModelSettings, Prompt, Provider, Reply, Spent

__all__ = ["Door", "ModelFailed", "ModelSettings", "Prompt", "Provider", "Reply", "Spent"]
