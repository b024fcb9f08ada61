"""Random searches with hard limits in both languages: not one card may break a limit that was understood."""

import random
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import Settings
from bot.wiring import open_house
from storage.records import SlotName, Turn
from storage.terms import base_vocabulary
from tests.bench.start import ensure_stocked

HARD = (SlotName.CATEGORY, SlotName.COLOR, SlotName.MATERIAL)


async def measure(stocked: Path, scratch: Path, arguments):
    folder = await ensure_stocked(stocked, scratch / "constraints")
    house = await open_house(Settings(_env_file=None, data=folder), progress=False)
    rng, broken, cards, empty, asked, understood = random.Random(11), [], 0, 0, 0, 0
    try:
        for number in range(arguments.searches):
            text, wanted = random_wish(rng)
            turn = Turn(10**9 + number, 10**6 + number, 1, text, datetime.now(UTC))
            reply = await house.assistant.answer(turn)
            record = await house.database.run(lambda shop, t=reply.turn_id: shop.transcripts.get(t))
            cards += len(reply.cards)
            empty += not reply.cards
            broken += [(text, card.product.title) for card in reply.cards if breaks(record.need, card.product)]
            asked += len(wanted)
            found = {(w.name, w.value, w.negated) for w in record.need.wishes}
            found |= {("price", "max", False)} if record.need.price and record.need.price.max is not None else set()
            understood += len(wanted & found)
    finally:
        await house.close()
    return {
        "searches": arguments.searches,
        "cards": cards,
        "cards that break an understood limit": len(broken),
        "examples": broken[:3],
        "pages without a card": empty,
        "limits asked and understood": f"{understood} of {asked} ({understood / max(asked, 1):.1%})",
    }


def random_wish(rng):
    """A sentence of either language with the limits it states: {(slot or "price", value, negated)}."""
    terms = {slot: [t for t in base_vocabulary().terms if t.slot is slot and t.en and t.zh] for slot in HARD}
    chinese = rng.random() < 0.5
    category, color, material = (rng.choice(terms[slot]) for slot in HARD)
    word = lambda term: (term.zh if chinese else term.en)[0]  # noqa: E731
    wanted, limit = {(SlotName.CATEGORY, category.value, False)}, rng.choice([20, 30, 50, 80, 120, 200])
    form = rng.choice(["color", "not color", "price", "color price", "not material", "not color price"])
    front = back = ""
    if form.startswith("color"):
        wanted.add((SlotName.COLOR, color.value, False))
        front = word(color) + ("的" if chinese else " ")
    if "not color" in form:
        wanted.add((SlotName.COLOR, color.value, True))
        back += f"，不要{word(color)}" if chinese else f", not {word(color)}"
    if "not material" in form:
        wanted.add((SlotName.MATERIAL, material.value, True))
        back += f"，不要{word(material)}的" if chinese else f" without {word(material)}"
    if "price" in form:
        wanted.add(("price", "max", False))
        back += f"，{limit}美元以内" if chinese else f" under ${limit}"
    return (f"{front}{word(category)}{back}" if chinese else f"a {front}{word(category)}{back}"), wanted


def breaks(need, product):
    """Whether a card breaks what was understood: an independent reading of the rules, on the catalogue row."""
    if need.price and need.price.max is not None and product.price > need.price.max:
        return True
    if need.price and need.price.min is not None and product.price < need.price.min:
        return True
    if product.stock is not None and product.stock <= 0:
        return True
    for slot in HARD:
        carried = set(product.values(slot))
        if carried & {w.value for w in need.wishes if w.name is slot and w.negated}:
            return True
        wanted = {w.value for w in need.wishes if w.name is slot and not w.negated}
        known = {t.value for t in base_vocabulary().terms if t.slot is slot}
        if wanted & known and carried and not carried & wanted:
            return True
    return False
