"""From a reply's attachments to messages: one maker for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType

from bot.errands.privacy import EXPORT
from bot.plain import one_line
from bot.reply import CASE_FILE, Attachment, Line
from bot.telegram.outgoing import ExportMessage, FileMessage, InvoiceMessage, Outgoing, TextMessage
from bot.wording import Wording
from storage.records import Language

Maker = Callable[[Attachment, Wording, Language], Outgoing]
_TITLE, _DESCRIPTION, _LABEL = 32, 255, 60  # Telegram's limits, and a label that a phone shows


def attached(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    """The message of an attachment. KeyError where no maker knows its kind."""
    return MAKERS[attachment.kind](attachment, wording, language)


def _invoice(attachment: Attachment, wording: Wording, language: Language) -> InvoiceMessage:
    facts = attachment.facts
    labels = [one_line(wording.say(label, language), _LABEL) for label in facts["labels"]]
    total = {"amount": facts["total"], "currency": facts["currency"], "number": facts["number"]}
    return InvoiceMessage(
        title=one_line(wording.say(Line("invoice-title", total), language), _TITLE),
        description=one_line(" · ".join(labels), _DESCRIPTION),
        payload=facts["number"],
        currency=facts["currency"],
        prices=tuple(zip(labels, facts["amounts"], strict=True)),
        pay=wording.say(Line("button-invoice-pay", total), language),
        refused=TextMessage(escape(wording.say(Line("invoice-refused"), language), quote=False)),
    )


def _case_file(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    return FileMessage(str(attachment.facts["name"]), str(attachment.facts["title"]))


def _export(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    return ExportMessage(escape(wording.say(Line("privacy-file"), language), quote=False), "shopbot-export.json")


MAKERS: Mapping[str, Maker] = MappingProxyType({CASE_FILE: _case_file, EXPORT: _export, "invoice": _invoice})
