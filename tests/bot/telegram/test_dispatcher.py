"""The dispatcher can call every handler it holds."""

from types import SimpleNamespace

from bot.telegram.dispatcher import build_dispatcher

SPEECHLESS = SimpleNamespace(menu=("start",))

# What aiogram itself hands over, and what our runner and filters add for each update.
FROM_AIOGRAM = {"bot", "event_update", "event_from_user", "event_chat", "dispatcher"}
FROM_RUNNER = {"lead"}
FROM_FILTERS = {"said", "command", "callback_data", "payment"}
OPTIONAL = {"source"}


def test_every_parameter_of_every_handler_is_provided():
    dispatcher = build_dispatcher(assistant=SPEECHLESS, replies=object(), database=object(), file_limit=1)
    provided = set(dispatcher.workflow_data) | FROM_AIOGRAM | FROM_RUNNER | FROM_FILTERS | OPTIONAL
    handlers = [
        (router.name, handler)
        for router in dispatcher.chain_tail
        if router is not dispatcher
        for observer in router.observers.values()
        for handler in observer.handlers
    ]
    assert len(handlers) >= 12
    for name, handler in handlers:
        event = next(iter(_parameters(handler.callback)))
        assert handler.params - provided - {event} == set(), f"{name}: {handler.callback.__name__}"
        assert handler.awaitable, handler.callback.__name__


def test_two_dispatchers_can_live_side_by_side():
    for _ in range(2):
        build_dispatcher(assistant=SPEECHLESS, replies=object(), database=object(), file_limit=1)


def test_only_the_kinds_of_update_with_handlers_are_asked_for():
    dispatcher = build_dispatcher(assistant=SPEECHLESS, replies=object(), database=object(), file_limit=1)
    assert set(dispatcher.resolve_used_update_types()) == {
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
        "inline_query",
        "pre_checkout_query",
    }


def _parameters(callback):
    return callback.__code__.co_varnames[: callback.__code__.co_argcount]
