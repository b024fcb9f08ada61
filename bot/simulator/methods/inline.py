"""answerInlineQuery: the results that a person sees over the field where "@bot words" stands."""

from __future__ import annotations

from bot.simulator.arguments import Arguments
from bot.simulator.errors import QUERY_TOO_OLD, bad_request
from bot.simulator.formatting import formatted
from bot.simulator.methods.outgoing import MAX_TEXT
from bot.simulator.store import Store

MAX_RESULTS = 50
MAX_ID = 64


def answer_inline_query(store: Store, arguments: Arguments) -> bool:
    """Once for a query, while it is fresh; articles alone are served here."""
    results = arguments.json("results", "can't parse inline query results JSON object")
    if not isinstance(results, list):
        raise bad_request("can't parse inline query results JSON object")
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results if isinstance(result, dict)]
    if len(ids) != len(results) or len(set(ids)) != len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not 0 < len(each.encode()) <= MAX_ID for each in ids):
        raise bad_request("RESULT_ID_INVALID")
    for result in results:
        _check_article(result)
    answer = {
        "results": results,
        "cache_time": arguments.integer("cache_time") or 0,
        "is_personal": arguments.flag("is_personal"),
    }
    asked = store.queries.answer(arguments.text("inline_query_id"), answer, store.clock.now())
    if asked is None:
        raise bad_request(QUERY_TOO_OLD)
    store.tell("answer", asked[0], query_id=arguments.text("inline_query_id"), message_id=0)
    return True


def _check_article(result: dict[str, object]) -> None:
    """What an article must have; its text is read as that of a message."""
    if result.get("type") != "article" or not result.get("title"):
        raise bad_request("can't parse InlineQueryResult: only articles with a title are served here")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or not content.get("message_text"):
        raise bad_request("can't parse InlineQueryResult: message text is empty")
    formatted(
        str(content["message_text"]),
        str(content.get("parse_mode") or ""),
        [],
        limit=MAX_TEXT,
        empty="message text is empty",
        too_long="message is too long",
    )


METHODS = {"answerInlineQuery": answer_inline_query}
