"""From a Reply to messages: words, cards and keyboards. Pure; nothing is sent here.

Every string from the catalogue or a shopper is cleaned and escaped. A page is one header message (what is looked for,
each wish a chip to drop, More) and a message for each card.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import groupby, islice
from operator import itemgetter

from bot.money import Rates, near_currency
from bot.plain import clean, one_line, web_address
from bot.relaxed import EXACTLY
from bot.reply import ALBUM, Action, Chip, Line, Option, Reply
from bot.telegram.attachments import attached
from bot.telegram.bearers import BEARERS, TABLE, product_of, with_album, with_picture, with_table
from bot.telegram.buttons import CardButton, CaseButton, DetailButton, ErrandButton, PageButton, say_data
from bot.telegram.emphasis import html_of
from bot.telegram.outgoing import Button, CardMessage, Keyboard, Kind, Outgoing, TextMessage
from bot.telegram.split import CAPTION_LIMIT, TEXT_LIMIT, shorten, split, weight
from bot.wording import Wording
from storage.records import Language, Product, ReasonCode, Recommendation
from storage.variants import dearest, is_counted_in_part

_TITLE_LIMIT = 200
_LABEL_LIMIT = 40
_A_ROW = 2
_CHIPS = 10
_OPTIONS = 80
_REASONS = 3
_LOW_STOCK = 5

DETAILS = ("item", "details")
CARD_ERRANDS: tuple[tuple[str, str], ...] = (DETAILS, ("cart", "add"), ("saved", "save"), ("pairs", "with"))
"""Buttons of errands under every card: whose, and which key; the label is the message `button-NAME-KEY`."""


@dataclass(frozen=True, slots=True)
class Renderer:
    """Makes messages of replies.

    Args:
        wording: the words.
        rates: with them, prices are shown in another currency, too (bot/money.py: near_currency).
    """

    wording: Wording
    rates: Rates | None = None

    def messages(self, reply: Reply, lead: Sequence[str] = ()) -> tuple[Outgoing, ...]:
        """The reply in the order it is read. `lead` names lines that go in front ("stale-apology")."""
        if reply.silent:
            return ()
        lines = (*(Line(code) for code in lead), *reply.lines)
        keyboard = self._page_keyboard(reply)
        if not lines and (keyboard or not reply.cards):
            lines = (Line("page-header"),)
        texts = self._borne(reply, lines, keyboard)
        cards = tuple(
            self.card(card, reply.language, reply.written.get(card.position, ""), reply.currency)
            for card in reply.cards
        )
        attachments = (
            attached(each, self.wording, reply.language) for each in reply.attachments if each.kind not in BEARERS
        )
        return (*texts, *cards, *attachments)

    def _borne(self, reply: Reply, lines: Sequence[Line], keyboard: Keyboard) -> tuple[Outgoing, ...]:
        """The header; where an attachment bears it, in that one's form."""
        language = reply.language
        bearer = next((each for each in reply.attachments if each.kind in BEARERS), None)
        if bearer is None:
            return self.texts(lines, language, keyboard)
        if bearer.kind == TABLE:
            return (with_table(bearer, self.texts(lines, language), keyboard, self.wording, language),)
        product = product_of(bearer)
        if bearer.kind == ALBUM:
            return with_album(product, self.texts(lines, language, keyboard), self.wording, language)
        card = Recommendation(product, 0, 0.0, {}, {}, id=bearer.facts["card"])
        return with_picture(
            product,
            self.texts(lines, language, (*keyboard, *self._card_keyboard(card, language, opened=True))),
            language,
        )

    def texts(self, lines: Iterable[Line], language: Language, keyboard: Keyboard = ()) -> tuple[TextMessage, ...]:
        """Lines as one header message, or several where they are long; the keyboard hangs on the last."""
        markup = "\n".join(html_of(line, self.wording, language) for line in lines)
        pieces = split(markup, TEXT_LIMIT)
        return tuple(
            TextMessage(piece, keyboard, Kind.HEADER) if piece is pieces[-1] else TextMessage(piece) for piece in pieces
        )

    def card(
        self, card: Recommendation, language: Language, written: str = "", currency: str | None = None
    ) -> CardMessage:
        """One product: title, exact price (about what it is in another `currency` beside it), facts of the catalogue
        row, true reasons (or what was written), link.
        """
        product = card.product
        rows = [
            self._title(card, language),
            self._price(product, language, currency),
            self._facts(product, language),
            *self._reasons(card, language, written),
        ]
        link = self._link(product, language)
        body = shorten("\n".join(row for row in rows if row), CAPTION_LIMIT - weight(link) - 1)
        return CardMessage(f"{body}\n{link}" if link else body, product, self._card_keyboard(card, language))

    # --- the parts of a card ------------------------------------------------------------------------

    def _title(self, card: Recommendation, language: Language) -> str:
        title = one_line(card.product.title_in(language), _TITLE_LIMIT)
        number = f"{card.position}. " if card.position else ""
        return f"{number}<b>{escape(title, quote=False)}</b>"

    def _price(self, product: Product, language: Language, currency: str | None) -> str:
        price = self.wording.money(product.price, product.currency, language)
        code = "price-line" if dearest(product) == product.price else "price-from"
        shown = self._say(code, language, price=price)
        near = self._near(product, language, near_currency(currency, language))
        shown = f"{shown} {self._say('approx', language, amount=near)}" if near else shown
        return f"{shown} {self._saving(product, language)}" if product.saving else shown

    def _saving(self, product: Product, language: Language) -> str:
        """The former price of the row, struck out, and how much of it is saved."""
        assert product.former_price is not None, "nothing is saved without one"
        former = self.wording.money(product.former_price, product.currency, language)
        share = int(100 * product.saving / product.former_price)
        return f"<s>{escape(former, quote=False)}</s> {self._say('saving', language, share=share)}"

    def _near(self, product: Product, language: Language, currency: str) -> str:
        near = self.rates.near(product.price, product.currency, currency) if self.rates else None
        return self.wording.money(near, currency, language, short=True) if near else ""

    def _facts(self, product: Product, language: Language) -> str:
        facts = []
        if product.rating is not None and product.rating_count > 0:
            facts.append(self._say("rating", language, rating=product.rating, count=product.rating_count))
        if product.stock == 0:
            facts.append(self._say("out-of-stock", language))
        elif product.stock is not None and product.stock <= _LOW_STOCK and not is_counted_in_part(product):
            facts.append(self._say("low-stock", language, n=product.stock))
        if product.sponsored:
            facts.append(f"<i>{self._say('sponsored', language)}</i>")
        return " · ".join(facts)

    def _reasons(self, card: Recommendation, language: Language, written: str = "") -> list[str]:
        """One line a reason. A written sentence takes their place, but never that of a limit that gave way."""
        true = [reason for reason in card.reasons if reason.code is not ReasonCode.SPONSORED]
        if written:
            true = [reason for reason in true if reason.code is ReasonCode.OFF_LIMIT]
        lines = [
            f"– {escape(clean(self.wording.reason(reason, language)), quote=False)}"
            for reason in islice(true, _REASONS)
        ]
        return [*lines, *([escape(clean(written), quote=False)] if written else [])]

    def _link(self, product: Product, language: Language) -> str:
        url = web_address(product.url)
        return f'<a href="{escape(url)}">{self._say("card-link", language)}</a>' if url else ""

    def _say(self, code: str, language: Language, **facts: object) -> str:
        return escape(self.wording.say(Line(code, facts), language), quote=False)

    # --- keyboards ----------------------------------------------------------------------------------

    def _card_keyboard(self, card: Recommendation, language: Language, opened: bool = False) -> Keyboard:
        def button(action: Action) -> Button:
            label = self.wording.say(Line(f"button-{action.value.replace('_', '-')}"), language)
            return Button(label, CardButton(action=action, recommendation_id=card.id).pack())

        return (
            (button(Action.LIKE), button(Action.DISLIKE), button(Action.CHEAPER)),
            (button(Action.MORE_LIKE), button(Action.LESS_LIKE), button(Action.WHY)),
            *_rows(
                [
                    self._errand_button(name, key, card.id, language)
                    for name, key in CARD_ERRANDS
                    if not opened or (name, key) != DETAILS
                ],
                a_row=3,
            ),
        )

    def _errand_button(self, name: str, key: str, target: int, language: Language) -> Button:
        data = ErrandButton(errand=name, key=key, target=target).pack()
        return Button(self._label(f"button-{name}-{key}", language), data)

    def _page_keyboard(self, reply: Reply) -> Keyboard:
        language, turn = reply.language, reply.turn_id
        chips = [
            Button(self._chip(chip, language), PageButton(action=Action.DROP, turn_id=turn, key=chip.key).pack())
            for chip in reply.chips[:_CHIPS]
        ]
        foot = [self._foot(reply, option) for option in reply.foot]
        if reply.has_more:
            more = PageButton(action=Action.MORE, turn_id=turn).pack()
            foot.append(Button(self._label("button-more", language), more))
        return (*self._options(reply), *_rows(chips), *_rows(foot, a_row=3))

    def _options(self, reply: Reply) -> Iterable[tuple[Button, ...]]:
        """Those of one row beside each other, the others two by two. One that would open what is no page of the web is
        left out: Telegram would refuse the whole message.
        """
        offered = [(at, option) for at, option in enumerate(reply.options[:_OPTIONS])]
        usable = [(at, option) for at, option in offered if not option.url or web_address(option.url)]
        shown = [(self._option(reply, at, option), option.row) for at, option in usable]
        for row, group in groupby(shown, key=itemgetter(1)):
            buttons = [button for button, _ in group]
            yield from _rows(buttons, len(buttons) if row else _A_ROW)

    def _foot(self, reply: Reply, option: Option) -> Button:
        does = replace(option.does, target=reply.turn_id) if option.does else None
        return self._option(reply, 0, replace(option, does=does))

    def _option(self, reply: Reply, at: int, option: Option) -> Button:
        label = one_line(self.wording.say(option.label, reply.language), _LABEL_LIMIT)
        url = web_address(option.url)
        return Button(label, url=url) if url else Button(label, _option_data(reply.turn_id, at, option))

    def _chip(self, chip: Chip, language: Language) -> str:
        short = one_line(self.wording.say(chip.label, language), _LABEL_LIMIT)
        if chip.key == EXACTLY:  # asks for something rather than dropping it
            return short
        return self.wording.say(Line("button-drop", {"label": short}), language)

    def _label(self, code: str, language: Language) -> str:
        return self.wording.say(Line(code), language)


def _option_data(turn: int, at: int, option: Option) -> str:
    """An answer goes by its place among the options of its turn: a value may be longer than a button carries."""
    if does := option.does:
        if does.detail:
            return DetailButton(errand=does.errand, key=does.key, target=does.target, detail=does.detail).pack()
        return ErrandButton(errand=does.errand, key=does.key, target=does.target).pack()
    if option.act:
        return CaseButton(action=option.act.action, case_id=option.act.case_id, key=option.act.key).pack()
    if option.answer:
        return PageButton(action=Action.ANSWER, turn_id=turn, key=str(at)).pack()
    if option.meant:
        return PageButton(action=Action.MEANT, turn_id=turn, key=option.meant).pack()
    return say_data(turn, option.text)


def _rows(buttons: Sequence[Button], a_row: int = _A_ROW) -> Iterable[tuple[Button, ...]]:
    return (tuple(buttons[at : at + a_row]) for at in range(0, len(buttons), a_row))
