"""All pictures of a feed's row, whatever the feed's way to list them; hostile lists end where an album does."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.feeds.feed import read_feed
from storage.feeds.pictures import MOST, pictures_of
from storage.records import Product
from storage.terms import base_vocabulary

A, B, C, D = (f"https://cdn.example/{name}.jpg" for name in "abcd")


@pytest.fixture
def read(tmp_path):
    def _read(name, text, **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return [row for _, row in read_feed(path, base_vocabulary(), **options) if isinstance(row, Product)]

    return _read


def test_google_xml_repeats_the_element(read):
    links = "".join(f"<g:additional_image_link>{each}</g:additional_image_link>" for each in (B, A, f"{C},{D}"))
    [mug] = read(
        "feed.xml",
        '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>1</g:id><title>Mug</title>'
        f"<g:price>5 USD</g:price><g:image_link>{A}</g:image_link>{links}</item></channel></rss>",
    )
    assert (mug.image_url, mug.pictures) == (A, (B, C, D))


def test_google_tsv_has_them_in_one_cell(read):
    text = f"id\ttitle\tprice\timage_link\tadditional_image_link\n1\tMug\t5 USD\t{A}\t{B},{C}\n"
    [mug] = read("feed.tsv", text, format="google")
    assert mug.gallery == (A, B, C)


def test_shopify_has_a_row_for_each_in_the_order_of_the_shop(read):
    [tee] = read(
        "products_export.csv",
        "Handle,Title,Option1 Name,Option1 Value,Variant Price,Image Src,Image Position,Image Alt Text,Variant Image\n"
        f"tee,Tee,Color,Red,19.00,{B},2,Back,{D}\n"
        f"tee,,,Blue,19.00,{A},1,Front,\n"
        f"tee,,,,,{C},3,Seam,\n"
        f"tee,,,,,{A},,,\n",
    )
    assert (tee.image_url, tee.pictures) == (A, (B, C, D))
    assert tee.attributes == {}


def test_schema_org_lists_addresses_or_objects(read):
    image = [{"@type": "ImageObject", "url": A}, B, {"@type": "ImageObject", "contentUrl": C}, B]
    product = {"@type": "Product", "sku": "1", "name": "Mug", "offers": {"price": 5}, "image": image}
    assert read("p.json", json.dumps(product))[0].gallery == (A, B, C)
    assert read("p.json", json.dumps(product | {"image": A}))[0].gallery == (A,)


@pytest.mark.parametrize(
    ("fields", "gallery"),
    [
        ({"images": [A, B]}, (A, B)),
        ({"image_url": C, "images": [A, {"src": B}, C]}, (C, A, B)),
        ({"images": f"{A}; {B} | {C}"}, (A, B, C)),
        ({"Images": f"{A}, {B}"}, (A, B)),
        ({"image": A, "Additional Images": "b.jpg, detail/c.png"}, (A, "b.jpg", "detail/c.png")),
        ({"image_url": "a.jpg", "image 3": "c.jpg", "image_2": "b.jpg"}, ("a.jpg", "b.jpg", "c.jpg")),
        ({"主图": A, "细节图": f"{B}、{C}"}, (A, B, C)),
        ({"images": json.dumps([A, B])}, (A, B)),
        ({"image": "https://cdn.example/w_300,h_200/a.jpg"}, ("https://cdn.example/w_300,h_200/a.jpg",)),
        ({"image": f"{A}, b.jpg"}, (A,)),
        ({"pictures": ["demo:one", "demo:one/detail"]}, ("demo:one", "demo:one/detail")),
        ({"photos": 3}, ()),
        ({}, ()),
    ],
)
def test_json_and_tables_list_them_in_many_ways(read, fields, gallery):
    [mug] = read("p.jsonl", json.dumps({"id": 1, "title": "Mug", "price": 5, **fields}))
    assert mug.gallery == gallery
    assert mug.attributes == {}


@pytest.mark.parametrize(
    "cell",
    [
        ["javascript:alert(1)", "data:image/png;base64,AAAA.", "ftp://x/y.jpg", "\u202e.\u202c", "", None, 7, [A], {}],
        "[" * 5_000,
        "[" + "1," * 50_000,
        "https://cdn.example/" + "x" * 2_000 + ".jpg",
        [{"url": {"url": A}}, {"url": [A]}],
    ],
    ids=["schemes", "nested", "cut", "endless", "objects"],
)
def test_what_is_no_picture_is_left_out_and_loses_no_other(cell):
    assert pictures_of([cell, A]) == pictures_of([A, cell]) == (A, ())


def test_no_more_are_kept_than_an_album_holds():
    many = [f"https://cdn.example/{number}.jpg" for number in range(100_000)]
    for cell in (many, ",".join(many[:2_000]), [",".join(many[:50])] * 10_000):
        first, others = pictures_of([cell])
        assert (first, len(others)) == (many[0], MOST - 1)
    assert pictures_of([[A] * 10_000]) == (A, ())


@given(st.lists(st.recursive(st.text(max_size=60) | st.none() | st.integers(), st.lists, max_leaves=4), max_size=30))
def test_whatever_stands_there_each_is_kept_once_and_has_a_bounded_form(cells):
    first, others = pictures_of(cells)
    found = (first, *others) if first else others
    assert len(set(found)) == len(found) <= MOST
    assert all(0 < len(each) <= 1_000 for each in found)
    assert first or not others
