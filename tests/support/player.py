"""Plays a conversation of `tests/conversations/*.yaml` like a shopper: says, taps, looks, and checks what is seen.

A step is one of `say`, `say_repeated`, `tap` (with `card` for a button under that card), `sticker`, `voice`, `photo`
and `document` (a drawn thing of a `color`, or bytes that are no picture), `edit`,
`restart`, `shop` (the running bot is told that the product of a `card` has another `price` or `stock`, or other
`variants`, as an import tells it); `expect` says what must be true of what came back. `buttons` are all those of the
last message,
`buttons_some` parts of labels that stand under some message; `reduced`: each card costs less than it did; `document`
names a file that came, `cheaper_than_color` that all cost less than what was shown of that colour (than the middle of
all where nothing was), `album` how many pictures came as one (`some`: two at least), `cheapest_of` places on the page
the cheapest of which is told of, `ticket` what the newest request to the shop says, `forgotten` says
that no table holds anything of the shopper.
"""

import asyncio
from dataclasses import replace
from decimal import Decimal

from bot.desks.control import ControlClient
from storage import personal
from storage.demo.catalogue import demo_products
from storage.demo.pictures import picture
from storage.records import ReasonCode, SlotName, Variant
from storage.variants import varied

KNOWN = {"cards", "every", "text", "not_text", "toast", "intent", "new_products", "edited", "cheaper_than_card",
         "cheaper_than_middle", "cheaper_than_color", "learned", "answered", "buttons", "buttons_some", "asked",
         "reduced",
         "document", "forgotten", "ticket", "cheapest_of", "album"}  # fmt: skip


def _all_below_the_middle(cards, shown):
    middle = sorted(card.product.price for card in shown)[len(shown) // 2]
    assert all(card.product.price < middle for card in cards), f"not all below {middle}"


class Player:
    def __init__(self, stage, shopper):
        self.stage, self.shopper = stage, shopper
        self.page = ()

    async def play(self, conversation):
        for number, step in enumerate(conversation["steps"], start=1):
            expect = step.get("expect", {})
            assert set(expect) <= KNOWN, f"step {number}: unknown expectation {set(expect) - KNOWN}"
            before = self.page
            await self.stage.settled()  # what is left of the last reply is no answer to this step
            seen, toast = await self._act(step)
            self._look()
            try:
                self._check(expect, seen, toast, before)
            except AssertionError as error:
                raise AssertionError(f"{conversation['name']}, step {number} {step}: {error}") from error

    async def _act(self, step):
        match step:
            case {"say": text}:
                return await self.shopper.says(text, expect=self._answers(step)), ""
            case {"say_repeated": {"text": text, "times": times}}:
                return await self.shopper.says(text * times, whole=True), ""
            case {"tap": label, "card": card}:
                tapped = await self.shopper.taps(label, on=await self._card(card), expect=self._messages(step))
                return await self._since(tapped), tapped.answer
            case {"tap": label}:
                tapped = await self.shopper.taps(label, expect=self._messages(step))
                return await self._since(tapped), tapped.answer
            case {"sticker": _} | {"voice": _} | {"photo": _} | {"document": _}:
                return await self._send(step), ""
            case {"edit": text}:
                return await self.shopper.edits(text, expect=1), ""
            case {"shop": change}:
                await self._import(**change)
                return [], ""
            case {"restart": True}:
                await self.stage.restart()
                return [], ""
        raise AssertionError(f"unknown step {step}")

    async def _send(self, step):
        """What is no text."""
        match step:
            case {"sticker": emoji}:
                return await self.shopper.sends_sticker(emoji)
            case {"voice": seconds}:
                return await self.shopper.sends_voice(seconds)
            case {"photo": sent}:
                return await self.shopper.sends_photo(_drawn(sent), expect=self._answers(step))
        sent, expect = step["document"], self._answers(step)
        return await self.shopper.sends_document(_drawn(sent), sent["name"], sent.get("caption", ""), expect=expect)

    async def _import(self, card, **changes):
        if "price" in changes:
            changes["price"] = Decimal(changes["price"])
        kinds = [
            Variant(**{**kind, "price": Decimal(kind["price"]) if "price" in kind else None})
            for kind in changes.pop("variants", ())
        ]
        product = replace(self.page[card - 1].product, **changes)
        product = varied(product, kinds) if kinds else product
        await asyncio.to_thread(ControlClient(self.stage.folder).upsert, [product])

    @staticmethod
    def _answers(step):
        """The header and, where the step looks for them, the cards: a button can be tapped only once it is there."""
        cards = step.get("expect", {}).get("cards", 0)
        return 1 + (1 if cards == "some" else cards) + _pictures(step)

    @staticmethod
    def _messages(step):
        expect = step.get("expect", {})
        if "toast" in expect:
            return 0
        cards = 0 if expect.get("edited") else expect.get("cards", 0)
        return 1 + ("document" in expect) + _pictures(step) + (1 if cards == "some" else cards)

    async def _since(self, tapped):
        return list(tapped.new) or [seen for seen in await self.shopper.sees() if not seen.mine][-4:]

    async def _card(self, number):
        """The message that shows card `number` of the page on screen."""
        cards = [seen for seen in await self.shopper.sees() if not seen.mine and seen.text.startswith(f"{number}. ")]
        return cards[-1]

    def _look(self):
        with self.stage.shop() as shop:
            history = shop.transcripts.history(self.shopper.id, 1)
            self.turn = history[-1] if history else None
            page = shop.transcripts.latest_page(self.shopper.id)
            self.page = page.recommendations if page else ()
            self.new_page = bool(page and self.turn and page.turn_id == self.turn.turn.id)
            self.events = shop.feedback.events(self.shopper.id, 10)

    def _check(self, expect, seen, toast, before):
        said = "\n".join(message.text for message in seen)
        self._check_said(expect, seen, said, toast)
        self._check_cards(expect, self.page if self.new_page else (), before, said)
        if "intent" in expect:
            assert self.turn.understanding.intent == expect["intent"], f"understood {self.turn.understanding}"
        if "asked" in expect:
            assert self.turn.need.asked == expect["asked"], f"the bot asked for {self.turn.need.asked}"
        if expect.get("forgotten"):
            with self.stage.shop() as shop:
                held = {table: n for table, n in personal.counts(shop, self.shopper.id).items() if n}
            assert not held, f"still held: {held}"
        if "ticket" in expect:
            with self.stage.shop() as shop:
                [newest, *_] = shop.tickets.of(self.shopper.id)
            assert all(text in newest.text for text in expect["ticket"]), f"the ticket says {newest.text}"
        if "learned" in expect:
            learned = [event.reaction for event in self.events]
            assert (expect["learned"] in learned) if expect["learned"] else not learned, f"events {self.events}"

    @staticmethod
    def _check_said(expect, seen, said, toast):
        if expect.get("answered"):
            assert seen, "nothing was answered"
        for text in expect.get("text", []):
            assert text.casefold() in said.casefold(), f"{text!r} is not in:\n{said}"
        for text in expect.get("not_text", []):
            assert text.casefold() not in said.casefold(), f"{text!r} is in:\n{said}"
        if "toast" in expect:
            assert expect["toast"].casefold() in toast.casefold(), f"the toast was {toast!r}"
        if "buttons" in expect:
            assert list(seen[-1].labels) == expect["buttons"], f"the buttons are {seen[-1].labels}"
        for label in expect.get("buttons_some", []):
            labels = [shown for message in seen for shown in message.labels]
            assert any(label in shown for shown in labels), f"no button {label!r} among {labels}"
        if "document" in expect:
            names = [message.raw["document"]["file_name"] for message in seen if "document" in message.raw]
            assert expect["document"] in names, f"the files are {names}"
        if "album" in expect:
            groups = [message.raw["media_group_id"] for message in seen if "media_group_id" in message.raw]
            wanted = len(groups) if expect["album"] == "some" else expect["album"]
            assert len(groups) == wanted >= 2 and len(set(groups)) == 1, f"{len(groups)} pictures came in albums"
        if expect.get("edited"):
            assert any(message.edited for message in seen), "nothing was edited in place"

    def _check_cards(self, expect, cards, before, said):
        if "cards" in expect:
            wanted = expect["cards"]
            assert (len(cards) >= 1) if wanted == "some" else len(cards) == wanted, f"{len(cards)} cards:\n{said}"
        for card in cards:
            self._check_limits(_not_let_out(expect.get("every", {}), card), card.product)
        if "cheapest_of" in expect:
            among = [self.page[place - 1].product for place in expect["cheapest_of"]]
            cheapest = min(among, key=lambda product: product.price)
            assert cheapest.title in said or cheapest.title_zh in said, f"{cheapest.title} is not told of:\n{said}"
        if expect.get("reduced"):
            assert all(card.product.saving > 0 for card in cards), "a card that is not reduced"
        if expect.get("new_products"):
            assert not {card.product.id for card in cards} & {card.product.id for card in before}, "the same products"
        if "cheaper_than_card" in expect:
            limit = before[expect["cheaper_than_card"] - 1].product.price
            assert all(card.product.price < limit for card in cards), f"not all below {limit}"
        if expect.get("cheaper_than_middle"):
            _all_below_the_middle(cards, before)
        if color := expect.get("cheaper_than_color"):
            _all_below_the_middle(cards, [card for card in before if color in card.product.colors] or before)

    @staticmethod
    def _check_limits(limits, product):
        for name, value in limits.items():
            match name:
                case "max":
                    assert product.price <= Decimal(value), f"{product.title} costs {product.price}"
                case "min":
                    assert product.price >= Decimal(value), f"{product.title} costs {product.price}"
                case "rating":
                    assert product.rating_count and product.rating >= value, f"{product.title} has {product.rating}"
                case _:
                    values = product.values(SlotName(name.removeprefix("not_")))
                    wrong = value in values if name.startswith("not_") else values and value not in values
                    assert not wrong, f"{product.title} has {name} {values}"
        assert product.stock is None or product.stock > 0, f"{product.title} is sold out"


def _pictures(step):
    """How many messages of an album are waited for."""
    album = step.get("expect", {}).get("album", 0)
    return 2 if album == "some" else album


def _drawn(sent):
    """A dress of a colour as a photo shows it; what is said in place of a colour is no picture."""
    if "color" not in sent:
        return sent["bytes"].encode()
    dress = next(p for p in demo_products() if p.category == "dresses" and p.colors == (sent["color"],))
    return picture(dress)


def _not_let_out(limits, card):
    """The limits that hold for a card: all but those that it says it breaks."""
    said = [reason.facts for reason in card.reasons if reason.code is ReasonCode.OFF_LIMIT]
    let_out = {facts["end"] if facts["slot"] == "price" else facts["slot"] for facts in said}
    return {name: value for name, value in limits.items() if name not in let_out}
