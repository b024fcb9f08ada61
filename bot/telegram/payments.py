"""Router: Telegram asks whether an invoice may be paid (it waits ten seconds for the answer), and tells that it was.

Prices and stock are read again at that moment; an invoice that the shop has overtaken is refused before money moves.
"""

from __future__ import annotations

import logging

from aiogram import F, Router
from aiogram.exceptions import AiogramError
from aiogram.types import Message, PreCheckoutQuery, SuccessfulPayment, Update

from bot.errands.checkout.checkout import PAID
from bot.errands.checkout.invoice import payable
from bot.reply import Line
from bot.telegram.protocols import Assistant
from bot.telegram.replies import Replies
from bot.telegram.turns import address_of, storable, turn_of
from bot.workers import Worker
from storage.shop import Shop

_log = logging.getLogger(__name__)


def payment_router() -> Router:
    """Payments."""
    router = Router(name="payments")
    router.pre_checkout_query.register(allow)
    router.message.register(keep, F.successful_payment.as_("payment"))
    return router


async def allow(query: PreCheckoutQuery, replies: Replies, database: Worker[Shop]) -> str:
    """Answers whether it may be paid; a refusal says why, in the window that the shopper has open."""
    number, user_id = storable(query.invoice_payload), query.from_user.id
    try:
        why = await database.run(lambda shop: payable(shop, number, user_id, query.currency, query.total_amount))
    except Exception:
        # No answer would be a refusal without a reason.
        _log.exception("Whether an invoice may be paid could not be looked up")
        why = Line("payment-trouble")
    language = await replies.language(user_id, query.from_user.language_code)
    try:
        await query.answer(ok=why is None, error_message=replies.words(why, language) if why else None)
    except AiogramError as error:
        _log.warning("A payment could not be answered, and was not taken: %s", error)
        return "too late"
    return "refused" if why else "allowed"


async def keep(
    message: Message,
    payment: SuccessfulPayment,
    event_update: Update,
    assistant: Assistant,
    replies: Replies,
    lead: tuple[str, ...],
) -> str:
    """The money was taken: the order is paid, and the shopper is told so."""
    turn = turn_of(message, event_update.update_id, "", "payment")
    argument = f"{storable(payment.invoice_payload)} {storable(payment.telegram_payment_charge_id)}"
    reply = await assistant.command(turn, PAID, argument)
    await replies.send(address_of(message, event_update.update_id), reply, lead)
    return "answered"
