"""Pictures of the demo shop: one for every kind of article, honest about its colour."""

from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from storage.demo.catalogue import demo_products
from storage.demo.pictures import picture
from storage.demo.shapes import shape_names, shapes
from storage.demo.tables import tables
from storage.records import Product


@pytest.fixture(scope="module")
def products() -> dict[str, Product]:
    return {p.id: p for p in demo_products()}


def drawn(product: Product, size: int = 640) -> Image.Image:
    image = Image.open(BytesIO(picture(product, size)))
    image.load()
    return image


@pytest.mark.parametrize("stem", [category.stem for category in tables().categories])
def test_every_category_has_its_picture(products, stem):
    image = drawn(products[f"demo-{stem}-0001"], 160)
    assert image.size == (160, 160) and image.mode == "RGB"
    assert len(image.convert("L").getcolors(65536) or ()) > 40  # something is on it


def test_every_kind_names_a_silhouette_that_exists():
    known = shapes()
    assert {shape for _, _, shape in shape_names()} <= known.keys()
    assert {category.value for category in tables().categories} == {value for value, _, _ in shape_names()}


def test_silhouettes_stay_within_the_frame():
    for pieces in shapes().values():
        assert all(0 <= x <= 100 and 0 <= y <= 100 for piece in pieces for x, y in piece.points)


def test_the_default_size_and_format_fit_a_chat(products):
    data = picture(products["demo-dress-0001"])
    assert Image.open(BytesIO(data)).size == (640, 640)
    assert data[:2] == b"\xff\xd8" and len(data) < 200_000


@pytest.mark.parametrize(("color", "strongest"), [("red", 0), ("green", 1), ("blue", 2)])
def test_the_article_wears_its_own_colour(products, color, strongest):
    plain = replace(products["demo-tshirt-0001"], colors=(color,), attributes={"kind": "crew neck T-shirt"})
    pixel = drawn(plain, 320).getpixel((160, 190))
    assert pixel[strongest] == max(pixel) and max(pixel) - min(pixel) > 40


def test_patterns_show(products):
    plain = replace(products["demo-tshirt-0001"], colors=("navy",), attributes={"kind": "crew neck T-shirt"})
    images = {picture(plain, 200)}
    for pattern in ("striped", "plaid", "floral"):
        images.add(picture(replace(plain, attributes={"kind": "crew neck T-shirt", "features": pattern}), 200))
    assert len(images) == 4


def test_the_same_article_looks_the_same(products):
    assert picture(products["demo-dress-0003"], 200) == picture(products["demo-dress-0003"], 200)


def test_each_article_has_further_pictures_that_show_something_else(products):
    counts = {len(product.gallery) for product in products.values()}
    assert counts == {2, 3}
    shoe = next(p for p in products.values() if p.category == "sneakers" and len(p.gallery) == 3)
    views = [replace(shoe, image_url=name) for name in shoe.gallery]
    images = [drawn(view, 160) for view in views]
    assert {image.size for image in images} == {(160, 160)}
    assert len({picture(view, 160) for view in views}) == 3
    assert picture(views[1], 160) == picture(replace(views[1]), 160)


def test_a_stranger_is_drawn_as_a_wrapped_box(products):
    stranger = replace(products["demo-dress-0003"], category="anvils", colors=("octarine",))
    assert drawn(stranger, 120).size == (120, 120)
