"""answerCallbackQuery: once, and only while the tap is fresh."""

from __future__ import annotations

from bot.simulator.arguments import Arguments
from bot.simulator.errors import QUERY_TOO_OLD, bad_request
from bot.simulator.store import Store

MAX_ANSWER = 200


def answer_callback_query(store: Store, arguments: Arguments) -> bool:
    """Stops the spinner of a button; shows `text` as a toast or, with `show_alert`, in a window."""
    text = arguments.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = arguments.text("callback_query_id")
    answer = {"text": text, "show_alert": arguments.flag("show_alert"), "url": arguments.text("url")}
    asked = store.queries.answer(query_id, answer, store.clock.now())
    if asked is None:
        raise bad_request(QUERY_TOO_OLD)
    chat_id, message_id = asked
    store.tell("answer", chat_id, query_id=query_id, message_id=message_id, **answer)
    return True


METHODS = {"answerCallbackQuery": answer_callback_query}
