"""sendInvoice and answerPreCheckoutQuery, with a provider that only tests: its token must have ":TEST:" in it."""

from __future__ import annotations

from typing import Any

from bot.simulator import acts
from bot.simulator.arguments import Arguments
from bot.simulator.errors import QUERY_TOO_OLD, bad_request
from bot.simulator.methods.outgoing import send, writable_chat
from bot.simulator.store import Store

_TITLE, _DESCRIPTION, _PAYLOAD_BYTES = 32, 255, 128


def send_invoice(store: Store, arguments: Arguments) -> dict[str, Any]:
    """An invoice; without a keyboard it gets a button that pays."""
    writable_chat(store, arguments)
    title, description = arguments.text("title").strip(), arguments.text("description").strip()
    payload = arguments.text("payload")
    if not 1 <= len(title) <= _TITLE:
        raise bad_request("INVOICE_TITLE_INVALID")
    if not 1 <= len(description) <= _DESCRIPTION:
        raise bad_request("INVOICE_DESCRIPTION_INVALID")
    if not 1 <= len(payload.encode()) <= _PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if ":TEST:" not in arguments.text("provider_token"):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    currency, total = arguments.text("currency"), _total(arguments)
    if len(currency) != 3:
        raise bad_request("CURRENCY_INVALID")
    invoice = {"title": title, "description": description, "start_parameter": "", "currency": currency}
    sent = send(store, _with_button(arguments, total, currency), {"invoice": {**invoice, "total_amount": total}})
    store.invoices.add(sent["chat"]["id"], sent["message_id"], payload)
    return sent


def answer_pre_checkout_query(store: Store, arguments: Arguments) -> bool:
    """Lets a payment go through, or says why not, while the shopper still waits."""
    allowed, why = arguments.flag("ok"), arguments.text("error_message")
    if not allowed and not why:
        raise bad_request("error_message must be non-empty")
    query_id = arguments.text("pre_checkout_query_id")
    answer = {"text": why, "show_alert": not allowed, "url": ""}
    asked = store.queries.answer(query_id, answer, store.clock.now())
    if asked is None:
        raise bad_request(QUERY_TOO_OLD)
    chat_id, message_id = asked
    store.tell("answer", chat_id, query_id=query_id, message_id=message_id, **answer)
    if allowed:
        acts.paid(store, chat_id, message_id, query_id)
    return True


def _total(arguments: Arguments) -> int:
    prices = arguments.json("prices", "can't parse prices JSON object")
    if not isinstance(prices, list) or not prices:
        raise bad_request("there must be at least one price")
    try:
        total = sum(int(price["amount"]) for price in prices)
    except (TypeError, KeyError, ValueError) as error:
        raise bad_request("can't parse labeled price") from error
    if total <= 0:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return total


def _with_button(arguments: Arguments, total: int, currency: str) -> Arguments:
    if arguments.text("reply_markup"):
        return arguments
    pay = {"inline_keyboard": [[{"text": f"Pay {total} {currency}", "pay": True}]]}
    return Arguments({**arguments.values, "reply_markup": pay}, arguments.uploads)


METHODS = {"sendInvoice": send_invoice, "answerPreCheckoutQuery": answer_pre_checkout_query}
