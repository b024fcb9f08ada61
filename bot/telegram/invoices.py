"""Invoices are sent with the token of the payment provider, which no reply and no record holds."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import SendInvoice
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice, Message

from bot.telegram.outgoing import InvoiceMessage, Kind
from bot.telegram.posted import Posted
from bot.telegram.sender import Sender

_log = logging.getLogger(__name__)


class Invoices:
    """Sends invoices.

    Args:
        provider_token: from @BotFather, of the payment provider.
    """

    def __init__(self, sender: Sender, provider_token: str) -> None:
        self._sender, self._provider_token = sender, provider_token

    async def send(self, chat_id: int, invoice: InvoiceMessage) -> Posted | None:
        """Posts an invoice; None where Telegram refuses it (the provider, the currency, a sum outside its limits)."""
        try:
            sent = await self._sender.call(self._request(chat_id, invoice))
        except TelegramBadRequest as refusal:
            _log.error("The invoice of order %s was refused: %s", invoice.payload, refusal.message)
            return None
        assert isinstance(sent, Message)
        return Posted(sent.message_id, Kind.INVOICE)

    def _request(self, chat_id: int, invoice: InvoiceMessage) -> SendInvoice:
        button = InlineKeyboardButton(text=invoice.pay, pay=True)
        return SendInvoice(
            chat_id=chat_id,
            title=invoice.title,
            description=invoice.description,
            payload=invoice.payload,
            provider_token=self._provider_token,
            currency=invoice.currency,
            prices=[LabeledPrice(label=label, amount=amount) for label, amount in invoice.prices],
            reply_markup=InlineKeyboardMarkup(inline_keyboard=[[button]]),
        )
