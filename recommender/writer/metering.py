"""What a call to a chat model cost, from the usage that the provider reports. Imports LangChain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.outputs import LLMResult


class Meter(AsyncCallbackHandler):
    """Calls `count` with the tokens of each call that ends and says what it used."""

    def __init__(self, count: Callable[[int], None]) -> None:
        self._count = count

    async def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Reads the usage of every generation."""
        for generations in response.generations:
            for generation in generations:
                message = getattr(generation, "message", None)
                usage = getattr(message, "usage_metadata", None) or {}
                # A structured answer that was streamed keeps it here, in OpenAI's own form.
                reported = (getattr(message, "response_metadata", None) or {}).get("token_usage") or {}
                self._count(int(usage.get("total_tokens") or reported.get("total_tokens") or 0))
