"""The plain twin of every writer: it writes nothing, so that the template of each reason speaks."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from recommender.writer.contract import PageFacts, Sentence, Usage, Writing


class Silence:
    """A call that says nothing and costs nothing."""

    usage = Usage(tokens=0, counted=True)

    async def __aiter__(self) -> AsyncGenerator[Sentence]:
        nothing: tuple[Sentence, ...] = ()
        for sentence in nothing:
            yield sentence


class TemplateWriter:
    """A writer that leaves every sentence to the templates."""

    version = "template"

    def prepare(self) -> None:
        """Nothing to load."""

    def cost(self, page: PageFacts) -> int:
        return 0

    def write(self, page: PageFacts) -> Writing:
        return Silence()
