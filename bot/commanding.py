"""What the commands answer: /start (with or without a product to show), /help, /reset, /language."""

from __future__ import annotations

from dataclasses import replace

from bot.deep_link import linked_product, linked_slate
from bot.draft import Draft
from bot.recall import Before
from bot.reply import Line
from bot.workers import Worker
from storage.records import Language, Need
from storage.shop import Shop

COMMANDS = ("start", "help", "reset", "language")
"""Those of the bot's own; errands bring others (`Assistant.menu`)."""


async def command_draft(
    database: Worker[Shop], before: Before, language: Language, name: str, argument: str = ""
) -> Draft:
    """The answer to one command; `argument` is the language that was set or the payload of a link."""
    need = replace(Need() if name == "reset" else before.need, language=language)
    draft = Draft(need=need, lines=_lines(name, argument, before.newcomer), clears=name == "reset")
    if name == "start" and (linked := linked_product(argument)):
        return await _linked(database, before, linked, draft)
    return draft


async def _linked(database: Worker[Shop], before: Before, product_id: str, greeting: Draft) -> Draft:
    """The card that a deep link leads to, under the greeting that a newcomer gets."""
    found = await database.run(lambda shop: shop.catalogue.get([product_id]))
    product = found.get(product_id)
    if product is None or not product.available:
        return replace(greeting, lines=(*greeting.lines, Line("linked-gone")))
    need = Need(language=greeting.need.language, since=before.turn.said_at)
    lines = (*(greeting.lines if before.newcomer else ()), Line("linked"))
    return Draft(need=need, lines=lines, slate=linked_slate(product, before.turn.update_id))


def _lines(name: str, argument: str, newcomer: bool) -> tuple[Line, ...]:
    match name:
        case "start":
            return (Line("welcome"), Line("data-notice")) if newcomer else (Line("welcome-back"),)
        case "language":
            return (Line("language-set", {"language": argument}) if argument else Line("language-auto"),)
        case "reset":
            return (Line("reset-done"),)
        case _:
            return (Line(name),)
