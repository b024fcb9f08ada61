"""A page of three dresses in each language, as facts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from recommender.writer.contract import CardFacts, PageFacts
from storage.records import ReasonCode, SlotName

HOLDING = frozenset(
    {
        *(ReasonCode.WITHIN_BUDGET, ReasonCode.WELL_RATED, ReasonCode.POPULAR, ReasonCode.IN_STOCK),
        *(ReasonCode.HAS_WISH, ReasonCode.LIKES_BRAND, ReasonCode.LIKE_SESSION),
    }
)
WORDS = {
    "en": {
        SlotName.CATEGORY: ("dress", "dresses"),
        SlotName.COLOR: ("red",),
        SlotName.MATERIAL: ("linen",),
        SlotName.SIZE: ("S", "M", "L"),
        SlotName.AUDIENCE: ("women",),
        SlotName.FEATURE: ("breathable",),
        SlotName.OCCASION: ("summer",),
        SlotName.BRAND: ("Larkhill",),
    },
    "zh": {
        SlotName.CATEGORY: ("连衣裙",),
        SlotName.COLOR: ("红色",),
        SlotName.MATERIAL: ("亚麻",),
        SlotName.SIZE: ("S", "M", "L"),
        SlotName.AUDIENCE: ("女士", "女款"),
        SlotName.FEATURE: ("透气",),
        SlotName.OCCASION: ("夏天",),
        SlotName.BRAND: ("Larkhill",),
    },
}
NAMES = {"en": "Larkhill Linen Midi Dress", "zh": "云雀亚麻中长连衣裙"}
WISHED = {"en": frozenset({"dress", "dresses", "red"}), "zh": frozenset({"连衣裙", "红色"})}


def page_of(language):
    first = CardFacts(
        position=1,
        price=Decimal("39.90"),
        currency="USD",
        name=NAMES[language],
        limit=Decimal(60),
        rating=4.7,
        rating_count=812,
        values=WORDS[language],
        wished=WISHED[language],
        liked={ReasonCode.LIKES_BRAND: ("Larkhill",)},
        measures={"length": "110 cm"} if language == "en" else {"长度": "110 cm"},
        reasons=HOLDING,
    )
    cotton = "cotton" if language == "en" else "棉"
    plain = {slot: words for slot, words in WORDS[language].items() if slot in (SlotName.CATEGORY, SlotName.COLOR)}
    second = replace(
        first,
        position=2,
        price=Decimal(45),
        name="",
        rating=4.2,
        rating_count=20,
        values=plain | {SlotName.MATERIAL: (cotton,)},
        liked={},
        measures={},
        reasons=frozenset({ReasonCode.WITHIN_BUDGET, ReasonCode.HAS_WISH}),
    )
    third = replace(second, position=3, price=Decimal("59.50"), rating=None, rating_count=0)
    return PageFacts(language, (first, second, third))


@pytest.fixture(params=["en", "zh"])
def page(request):
    return page_of(request.param)
