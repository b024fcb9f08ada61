"""The LangChain writer: any chat model behind `init_chat_model`, one structured call for a page, read as it streams.

    writer = LangChainWriter("openai:gpt-4o-mini")                        # the provider's own key from its environment
    writer = LangChainWriter("openai:qwen3", base_url="http://127.0.0.1:8000/v1")   # any OpenAI-style server
    async for sentence in (call := writer.write(page)): ...

LangChain takes seconds to import, so it is imported at first use (`prepare`), never with this module. What comes back
is untrusted: its size is bounded, its shape is checked, and every sentence is for `checking` to judge.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from recommender.writer.contract import OPENING, PageFacts, Sentence, Usage, WriterError
from recommender.writer.prompting import PROMPT, messages

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

_ANSWER_TOKENS = 800  # the most that an answer may take: six sentences of Chinese with their JSON
_LONGEST_ANSWER = 8_000  # code points of all sentences together
_LETTERS_A_TOKEN = 2.0  # fewer than any tokenizer needs for English, about right for Chinese


class WrittenCard(BaseModel):
    """One card's sentence."""

    model_config = ConfigDict(extra="forbid")

    card: int = Field(description="the number of the card")
    sentence: str = Field(description="one sentence for this card")


class WrittenPage(BaseModel):
    """The sentences of one page."""

    model_config = ConfigDict(extra="forbid")

    opening: str = Field(description="one sentence over the page")
    cards: list[WrittenCard] = Field(description="one entry for each card, in order")


class LangChainWriter:
    """A writer over a chat model.

    Args:
        model: "provider:model" as `init_chat_model` takes it.
        base_url: of an OpenAI-style server of one's own; "" for the provider's.
        timeout: seconds after which the HTTP client gives up; the caller's own limit is usually shorter.
    """

    def __init__(self, model: str, base_url: str = "", timeout: float = 30.0) -> None:
        self._model, self._base_url, self._timeout = model, base_url, timeout
        self._chain: Runnable[Any, Any] | None = None

    @property
    def version(self) -> str:
        return f"{self._model} {PROMPT}"

    def prepare(self) -> None:
        """Imports LangChain and builds the client. Raises WriterError."""
        if self._chain is None:
            self._chain = self._build()

    def cost(self, page: PageFacts) -> int:
        return _tokens(_text(page)) + _ANSWER_TOKENS

    def write(self, page: PageFacts) -> LangChainWriting:
        self.prepare()
        assert self._chain is not None
        return LangChainWriting(self._chain, page)

    def _build(self) -> Runnable[Any, Any]:
        try:
            # Named here and not only loaded by name, so that a missing package is one clear sentence.
            import langchain_openai  # noqa: F401
            from langchain.chat_models import init_chat_model
        except ImportError as error:
            raise WriterError(f"The writer needs a package that is not installed: {error.name}.") from error
        options: dict[str, Any] = {"timeout": self._timeout, "max_retries": 0, "max_tokens": _ANSWER_TOKENS}
        attempts = [options]
        if self._base_url:
            options |= {"base_url": self._base_url, "stream_usage": True}
            # A server of one's own may want no key; the client wants one all the same.
            attempts.append({**options, "api_key": "none"})
        for options in attempts:
            try:
                chat = init_chat_model(self._model, **options)
                chain: Runnable[Any, Any] = chat.with_structured_output(WrittenPage.model_json_schema())
                return chain
            except ImportError as error:
                raise WriterError(f"The writer needs a package that is not installed: {error.name}.") from error
            except Exception as error:
                failure = error
        raise WriterError(f"The writer {self._model} cannot be set up: {type(failure).__name__}.") from failure


class LangChainWriting:
    """One call. Sentences come out as soon as the next one begins."""

    def __init__(self, chain: Runnable[Any, Any], page: PageFacts) -> None:
        self._chain, self._page = chain, page
        self._counted = 0
        self._heard = ""
        self._asked = False

    @property
    def usage(self) -> Usage:
        if self._counted:
            return Usage(self._counted, counted=True)
        estimate = _tokens(_text(self._page)) + _tokens(self._heard) if self._asked else 0
        return Usage(estimate, counted=False)

    async def __aiter__(self) -> AsyncGenerator[Sentence]:
        told = 0
        answer: Mapping[str, Any] = {}
        try:
            self._asked = True
            async with aclosing(self._partial_answers()) as partial_answers:
                async for answer in partial_answers:
                    complete = _complete(answer)
                    for sentence in complete[told:]:
                        yield sentence
                    told = max(told, len(complete))
        except WriterError:
            raise
        except Exception as error:
            raise WriterError(f"The writer failed: {type(error).__name__}.") from error
        for sentence in _all(answer, len(self._page.cards))[told:]:
            yield sentence

    async def _partial_answers(self) -> AsyncGenerator[Mapping[str, Any]]:
        """The answer as far as it has come, again and again."""
        streaming = self._chain.astream(messages(self._page), config={"callbacks": [self._meter()]})
        async with aclosing(streaming) as partial_answers:  # type: ignore[type-var]
            async for partial in partial_answers:
                answer = partial if isinstance(partial, dict) else {}
                self._heard = json.dumps(answer, ensure_ascii=False)
                if len(self._heard) > _LONGEST_ANSWER:
                    raise WriterError("The writer's answer is too long.")
                yield answer

    def _meter(self) -> Any:
        from recommender.writer.metering import Meter

        def count(tokens: int) -> None:
            self._counted += tokens

        return Meter(count)


def _complete(answer: Mapping[str, Any]) -> list[Sentence]:
    """The sentences of a partial answer that something follows already."""
    cards = answer.get("cards")
    if not isinstance(cards, list):
        return []
    opening = [Sentence(OPENING, str(answer.get("opening", "")))]
    return opening + [_sentence(card) for card in cards[:-1]]


def _all(answer: Mapping[str, Any], cards: int) -> list[Sentence]:
    """The sentences of a whole answer. Raises WriterError where it is not of the shape asked for, or breaks off before
    the last card.
    """
    try:
        page = WrittenPage.model_validate(answer)
    except ValidationError as error:
        raise WriterError("The writer's answer does not have the shape that was asked for.") from error
    if len(page.cards) < cards:
        raise WriterError("The writer's answer breaks off before the last card.")
    return [Sentence(OPENING, page.opening), *(Sentence(each.card, each.sentence) for each in page.cards)]


def _sentence(card: Any) -> Sentence:
    try:
        written = WrittenCard.model_validate(card)
    except ValidationError as error:
        raise WriterError("The writer's answer does not have the shape that was asked for.") from error
    return Sentence(written.card, written.sentence)


def _text(page: PageFacts) -> str:
    return "".join(text for _, text in messages(page))


def _tokens(text: str) -> int:
    """About how many tokens a text takes, rather too many."""
    han = sum("\u3400" <= letter <= "\u9fff" for letter in text)
    return han + int((len(text) - han) / _LETTERS_A_TOKEN) + 1
