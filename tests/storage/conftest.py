"""A real shop in a temporary folder, and makers of what is stored in it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from storage.records import Need, Product, Reason, ReasonCode, Recommendation, Slate, Turn
from storage.shop import Shop

START = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    opened = Shop.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def catalogue(shop: Shop):
    return shop.catalogue


@pytest.fixture
def make_product() -> Callable[..., Product]:
    """A red dress, but for what is said otherwise."""

    def make(id: str = "p1", **changed: Any) -> Product:
        fields: dict[str, Any] = {
            "title": "Red linen dress",
            "price": Decimal("39.90"),
            "currency": "USD",
            "category": "dresses",
            "categories": ("dresses", "fashion"),
            "brand": "Larkhill",
            "colors": ("red",),
            "materials": ("linen",),
            "stock": 5,
        }
        return Product(id=id, **(fields | changed))

    return make


@pytest.fixture
def make_turn() -> Callable[..., Turn]:
    numbers = count(1000)

    def make(text: str = "a red dress", user_id: int = 7, **changed: Any) -> Turn:
        number = next(numbers)
        fields: dict[str, Any] = {
            "update_id": number,
            "chat_id": user_id,
            "said_at": START + timedelta(minutes=number),
        }
        return Turn(text=text, user_id=user_id, **(fields | changed))

    return make


@pytest.fixture
def make_slate() -> Callable[..., Slate]:
    """A page of the first products, and the rest as candidates that came next."""

    def make(products: list[Product], shown: int = 3) -> Slate:
        items = tuple(
            Recommendation(
                product=product,
                position=place + 1 if place < shown else 0,
                score=0.9 - place / 10,
                features={"lexical": 1 / (place + 1), "price_fit": 0.25},
                parts={"lexical": 0.1, "price_fit": 0.8 - place / 10},
                reasons=(Reason(ReasonCode.WITHIN_BUDGET, {"price": product.price, "limit": Decimal("60.00")}),),
            )
            for place, product in enumerate(products)
        )
        return Slate(items, "minilm-1", "thompson", 42, 3, admitted=120, timings={"dense": 1.5})

    return make


@pytest.fixture
def answer(shop: Shop, make_turn, make_slate) -> Callable[..., tuple[Recommendation, ...]]:
    """Say something as a shopper and be shown products; what was ranked, with its ids."""

    def say(products: list[Product], user_id: int = 7, shown: int = 3, text: str = "a red dress"):
        turn = shop.transcripts.begin(make_turn(text, user_id))
        return shop.transcripts.finish(
            turn.id,
            understanding=None,
            need=Need(query=text),
            slate=make_slate(products, shown),
            reply='{"lines": []}',
            timings={"understand": 2.5},
            versions={"model": "m1"},
            degraded=False,
        )

    return say
