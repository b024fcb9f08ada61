"""A small real shop, a seeded hashing encoder in place of the model, and makers of requests."""

import hashlib
import itertools
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pytest

from recommender.exact import ExactIndex
from recommender.recommender import Recommender
from recommender.request import Request
from storage.records import Event, Need, Product, Stage
from storage.shop import Shop

NOW = datetime(2026, 7, 15, 14, 0, tzinfo=UTC)
ENCODER = "hash-1"
KINDS = [
    ("dresses", ("dresses", "fashion"), "Dress", "连衣裙"),
    ("boots", ("boots", "shoes"), "Boots", "靴子"),
    ("headphones", ("headphones", "electronics"), "Headphones", "耳机"),
    ("mugs", ("mugs", "kitchen"), "Mug", "马克杯"),
]
COLORS = [("red", "红色"), ("blue", "蓝色"), ("black", "黑色")]
MATERIALS = ["linen", "cotton", "leather"]
BRANDS = ["Larkhill", "Norrland"]


class HashingEncoder:
    """Bags of words under a fixed random projection: texts that share words are near, without any weights."""

    version = ENCODER

    def __init__(self):
        self.texts = 0

    def __call__(self, texts):
        self.texts += len(texts)
        return np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, 384), np.float32)

    def _one(self, text):
        words = re.findall(r"[a-z0-9]+|[\u4e00-\u9fff]", text.casefold())
        total = sum((self._word(word) for word in words), np.zeros(384)) + 1e-3 * self._word("")
        return (total / np.linalg.norm(total)).astype(np.float32)

    @staticmethod
    def _word(word):
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
        return np.random.default_rng(seed).standard_normal(384)


def shelf():
    """72 products: every kind in every colour, material and brand, with facts that vary."""
    made = []
    for number, (kind, color, material, brand) in enumerate(itertools.product(KINDS, COLORS, MATERIALS, BRANDS)):
        category, categories, noun, noun_zh = kind
        made.append(
            Product(
                id=f"p{number}",
                title=f"{color[0].title()} {material} {noun.lower()} {number}",
                title_zh=f"{color[1]}{noun_zh}{number}号",
                price=Decimal(10 + number * 7 % 90) + Decimal("0.99"),
                currency="USD",
                description=f"A {material} {noun.lower()} for {'summer' if number % 3 else 'winter'} days.",
                category=category,
                categories=categories,
                brand=brand,
                colors=(color[0],) if number % 7 else (),
                materials=(material,),
                audience=(("women",), ("men",), ("unisex",), ("kids",), ())[number % 5],
                rating=3.5 + number % 4 * 0.5 if number % 6 else None,
                rating_count=number * 37 % 900 if number % 6 else 0,
                stock=(None, 0, 3, 40)[number % 4],
                created_at=NOW - timedelta(days=number * 3),
                sponsored=number % 12 == 7,
            )
        )
    return made


@pytest.fixture(scope="session")
def make_encoder():
    return HashingEncoder


@pytest.fixture
def encode(make_encoder):
    return make_encoder()


@pytest.fixture(scope="session")
def make_shop():
    """A shop in a folder, with the shelf in it."""

    def make(folder):
        opened = Shop.open(folder)
        opened.catalogue.upsert(shelf())
        return opened

    return make


@pytest.fixture
def shop(make_shop, tmp_path):
    opened = make_shop(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def index(shop, encode):
    return ExactIndex(shop.catalogue, shop.vectors, encode, ENCODER)


@pytest.fixture
def recommender(shop, index, encode):
    return Recommender(shop.catalogue, index, encode, shop.catalogue.vocabulary)


@pytest.fixture
def ask():
    """A live, greedy request for a need, but for what is said otherwise."""

    def make(need=None, **changed):
        fields = {
            "user_id": 7,
            "need": need or Need(),
            "stage": Stage.BROWSE,
            "taste": None,
            "events": (),
            "seen": frozenset(),
            "now": NOW,
            "seed": 11,
            "policy": "greedy",
        }
        return Request(**(fields | changed))

    return make


@pytest.fixture
def event():
    def make(product_id, reaction, hours_ago=0.1):
        return Event(product_id, reaction, NOW - timedelta(hours=hours_ago))

    return make
