"""From a reply's attachments to messages: one maker for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from types import MappingProxyType

from bot.errands.privacy import EXPORT
from bot.reply import CASE_FILE, Attachment, Line
from bot.telegram.outgoing import ExportMessage, FileMessage, Outgoing
from bot.wording import Wording
from storage.records import Language

Maker = Callable[[Attachment, Wording, Language], Outgoing]


def _case_file(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    return FileMessage(str(attachment.facts["name"]), str(attachment.facts["title"]))


def _export(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    return ExportMessage(escape(wording.say(Line("privacy-file"), language), quote=False), "shopbot-export.json")


MAKERS: Mapping[str, Maker] = MappingProxyType({CASE_FILE: _case_file, EXPORT: _export})


def attached(attachment: Attachment, wording: Wording, language: Language) -> Outgoing:
    """The message of an attachment. KeyError where no maker knows its kind."""
    return MAKERS[attachment.kind](attachment, wording, language)
