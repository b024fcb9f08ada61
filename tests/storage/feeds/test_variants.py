"""A product that comes in colours and sizes is one product, and what can be had of it is known by colour and size."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.feeds.feed import read_feed
from storage.feeds.products import product_of
from storage.feeds.records import RawRecord, Rejected, Remark, RowError
from storage.feeds.variants import MOST, with_variants
from storage.records import Product, Variant
from storage.terms import base_vocabulary

VOCABULARY = base_vocabulary()


@pytest.fixture
def read(tmp_path):
    def _read(name, text, **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        rows = [row for _, row in read_feed(path, VOCABULARY, **options)]
        return [[row for row in rows if isinstance(row, kind)] for kind in (Product, Rejected, Remark)]

    return _read


SHOPIFY = (
    "Handle,Title,Type,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Price,Image Src\n"
    "tee,Cotton Tee,T-Shirt,Color,Red,Size,s,T-R-S,shopify,0,deny,19.00,https://cdn.example/1.jpg\n"
    "tee,,,,Red,,m,T-R-M,shopify,3,deny,17.00,https://cdn.example/2.jpg\n"
    "tee,,,,Navy Blue,,s,T-B-S,shopify,4,deny,21.00,\n"
    "tee,,,,Navy Blue,,l,T-B-L,shopify,0,continue,17.00,\n"
    "tee,,,,,,,,,,,,https://cdn.example/3.jpg\n"
    "mug,Blue Mug,Mugs,Title,Default Title,,,MUG-1,,0,deny,9.00,\n"
    "jeans,Blue Jeans,Jeans,Size,30,Length,32,J-1,shopify,1,deny,50.00,\n"
    "jeans,,,,30,,34,J-2,shopify,2,deny,50.00,\n"
)


def test_rows_of_a_shopify_handle_are_its_variants(read):
    [tee, mug, jeans], rejected, remarks = read("products_export.csv", SHOPIFY)
    assert rejected == []
    assert tee.variants == (
        Variant("T-R-S", "red", "S", 0, Decimal("19.00")),
        Variant("T-R-M", "red", "M", 3),
        Variant("T-B-S", "navy", "S", 4, Decimal("21.00")),
        Variant("T-B-L", "navy", "L"),
    )
    assert (tee.price, tee.stock, tee.colors, tee.sizes) == (Decimal("17.00"), 7, ("red", "navy"), ("M", "S", "L"))
    assert (mug.variants, mug.stock) == ((Variant("MUG-1"),), None)  # its stock is not tracked
    assert (jeans.variants, jeans.stock, jeans.sizes) == ((), 3, ("30",))
    assert [(r.line, r.id) for r in remarks] == [(8, "jeans")]
    assert remarks[0].reason == ("kept without its variants: 2 variants are 30: colour and size do not tell them apart")


GOOGLE_TSV = (
    "id\ttitle\titem_group_id\tcolor\tsize\tavailability\tprice\tsale_price\timage_link\n"
    "d-r-s\tRed Dress, S\tdress\tRed\tS\tin_stock\t40.00 GBP\t\thttps://shop.example/r.jpg\n"
    "hat\tWool Hat\t\tGrey\t\tin_stock\t20.00 GBP\t\t\n"
    "d-r-m\tRed Dress, M\tdress\tRed\tM\tout_of_stock\t40.00 GBP\t\t\n"
    "d-b-s\tBlue Dress, S\tdress\tBlue\tS\tin_stock\t40.00 GBP\t35.00 GBP\thttps://shop.example/b.jpg\n"
    "d-b-m\tBlue Dress, M\tdress\tBlue\tM\tin_stock\t\t\t\n"
)


def test_rows_of_a_google_group_are_one_product_by_the_groups_id(read):
    [hat, dress], rejected, remarks = read("feed.tsv", GOOGLE_TSV)
    assert (hat.id, hat.variants) == ("hat", ())
    assert (dress.id, dress.title, dress.currency) == ("dress", "Red Dress, S", "GBP")
    assert (dress.image_url, dress.pictures) == ("https://shop.example/r.jpg", ("https://shop.example/b.jpg",))
    assert dress.variants == (
        Variant("d-r-s", "red", "S", None, Decimal("40.00")),
        Variant("d-r-m", "red", "M", 0, Decimal("40.00")),
        Variant("d-b-s", "blue", "S"),
    )
    assert (dress.price, dress.stock, dress.colors, dress.sizes) == (Decimal("35.00"), None, ("red", "blue"), ("S",))
    assert [(r.line, r.reason, r.id) for r in rejected] == [(6, "no price", "d-b-m")]
    assert remarks == []


def test_a_group_keeps_its_id_when_rows_come_and_go(read):
    lines = GOOGLE_TSV.splitlines(keepends=True)
    for kept in ([1], [3], [1, 3, 4]):
        [dress], _, _ = read("feed.tsv", lines[0] + "".join(lines[at] for at in kept))
        assert dress.id == "dress"
    [dress], _, _ = read("feed.tsv", lines[0] + lines[1])
    assert dress.variants == (Variant("d-r-s"),)
    assert (dress.colors, dress.sizes) == (("red",), ("S",))


def test_rows_of_a_group_that_differ_in_something_else_stay_products_of_their_own(read):
    text = GOOGLE_TSV.splitlines(keepends=True)
    striped = text[1].replace("d-r-s", "d-striped").replace("Red Dress", "Striped Dress")
    products, rejected, remarks = read("feed.tsv", text[0] + text[1] + striped)
    assert [p.id for p in products] == ["d-r-s", "d-striped"]
    assert rejected == remarks == []


GOOGLE_RSS = """<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel>
<item><g:id>b-42</g:id><g:title>Boot 42</g:title><g:item_group_id>boot</g:item_group_id><g:size>42</g:size>
<g:price>90 EUR</g:price><g:availability>out of stock</g:availability></item>
<item><g:id>b-43</g:id><g:title>Boot 43</g:title><g:item_group_id>boot</g:item_group_id><g:size>43</g:size>
<g:price>95 EUR</g:price><g:availability>in stock</g:availability></item></channel></rss>"""


def test_a_google_group_in_xml(read):
    [boot], rejected, _ = read("feed.xml", GOOGLE_RSS)
    assert rejected == []
    assert boot.variants == (Variant("b-42", "", "42", 0, Decimal("90.00")), Variant("b-43", "", "43"))
    assert (boot.id, boot.price, boot.stock, boot.sizes) == ("boot", Decimal("95.00"), None, ("43",))


def offer(price, availability="InStock", **more):
    return {"price": price, "priceCurrency": "EUR", "availability": f"https://schema.org/{availability}", **more}


GROUP = {
    "@type": "ProductGroup",
    "productGroupID": "coat",
    "name": "Wool coat",
    "variesBy": ["https://schema.org/color", "https://schema.org/size"],
    "hasVariant": [
        {
            "@type": "Product",
            "sku": "c-g-s",
            "color": "Green",
            "size": "S",
            "image": "https://shop.example/coat.jpg",
            "offers": offer(90, "SoldOut"),
        },
        {
            "@type": "Product",
            "sku": "c-g-m",
            "color": "Green",
            "size": {"@type": "SizeSpecification", "name": "M"},
            "offers": offer(80, inventoryLevel={"value": 2}),
        },
    ],
}
OFFERS = {
    "@type": "Product",
    "sku": "scarf",
    "name": "Silk scarf",
    "offers": {
        "@type": "AggregateOffer",
        "offers": [
            offer(30, sku="s-r", itemOffered={"color": "Red"}),
            offer(32, "OutOfStock", sku="s-b", itemOffered={"color": "Blue"}),
        ],
    },
}
SELLERS = {"@type": "Product", "sku": "desk", "name": "Oak desk", "offers": [offer(300), offer(310)]}


def test_schema_org_groups_and_offers(read):
    [coat, scarf, desk], rejected, remarks = read("p.json", json.dumps([GROUP, OFFERS, SELLERS]))
    assert rejected == remarks == []
    assert coat.variants == (Variant("c-g-s", "", "S", 0, Decimal("90.00")), Variant("c-g-m", "", "M", 2))
    assert (coat.id, coat.price, coat.stock, coat.colors, coat.sizes) == ("coat", 80, 2, ("green",), ("M",))
    assert coat.image_url == "https://shop.example/coat.jpg"
    assert scarf.variants == (Variant("s-r", "red"), Variant("s-b", "blue", "", 0, Decimal("32.00")))
    assert (scarf.price, scarf.stock, scarf.colors) == (Decimal("30.00"), None, ("red",))
    assert (desk.price, desk.variants) == (Decimal("300.00"), ())


@pytest.mark.parametrize(
    "names", [{"inProductGroupWithID": "coat"}, {"isVariantOf": {"@type": "ProductGroup", "productGroupID": "coat"}}]
)
def test_schema_org_products_that_name_their_group(read, names):
    alone = [{"name": "Wool coat", **each, **names} for each in GROUP["hasVariant"]]
    [coat], rejected, remarks = read("p.json", json.dumps({"@graph": alone}))
    assert rejected == remarks == []
    assert (coat.id, [each.id for each in coat.variants]) == ("coat", ["c-g-s", "c-g-m"])


def test_variants_in_a_cell_and_in_json_lines_in_both_languages(read):
    said = [
        {"sku": "m-1", "color": "红色", "size": "m", "stock": 2},
        {"颜色": "蓝色", "尺码": "l", "库存": 0},
    ]
    cell = json.dumps(said, ensure_ascii=False).replace('"', '""')
    wanted = (Variant("m-1", "red", "M", 2), Variant("", "blue", "L", 0))
    [dress], _, _ = read("shop.csv", f'id,title,price,规格列表\n1,连衣裙,199元,"{cell}"\n')
    assert dress.variants == wanted
    assert (dress.stock, dress.colors, dress.sizes) == (2, ("red",), ("M",))
    row = {"id": "1", "title": "Dress", "price": 199, "variants": said}
    [dress], _, _ = read("shop.jsonl", json.dumps(row, ensure_ascii=False))
    assert dress.variants == wanted


def one(variants, **fields):
    record = RawRecord(1, {"id": "p", "title": "Shoe", "price": "50.00", "variants": variants, **fields})
    return with_variants(product_of(record, VOCABULARY, "USD"), record, VOCABULARY)


@pytest.mark.parametrize(
    ("variants", "says"),
    [
        ("[{", "the variants are no JSON"),
        ("[" * 100_000, "the variants are no JSON"),
        ('"' + "x" * 300_000 + '"', "the cell of variants is too long"),
        ("3", "the variants are no list of objects"),
        (["red", "blue"], "the variants are no list of objects"),
        ([{"size": str(n)} for n in range(MOST + 1)], "101 variants are more than 100"),
        ([{"size": "M", "price": "ask"}], "variant 1: price 'ask' is not an amount"),
        ([{"size": "M", "price": "-3"}], "variant 1: price '-3' is not a positive amount"),
        ([{"size": "M"}, {"size": "L", "price": "9 EUR"}], "variant 2 is priced in EUR, the product in USD"),
        ([{"size": "M"}, {"color": "red"}], "some variants name a color, others none"),
        ([{"size": "M", "color": "red"}, {"size": "m", "color": "Red"}], "2 variants are red in M"),
        ([{"sku": "1"}, {"sku": "2"}], "2 variants are without colour and size"),
    ],
)
def test_variants_of_no_use_are_named_in_one_sentence_and_the_product_is_kept(read, variants, says):
    with pytest.raises(RowError, match=f"^{says}"):
        one(variants)
    [shoe], rejected, [remark] = read(
        "p.jsonl", json.dumps({"id": "p", "title": "Shoe", "price": 50, "stock": 4, "variants": variants})
    )
    assert rejected == []
    assert (shoe.variants, shoe.stock) == ((), 4)
    assert remark.reason.startswith(f"kept without its variants: {says}")


def test_no_two_colours_become_the_same(read):
    said = ["Black/White", "Black", "Crimson", "Red", "Off White/Dark Grey", "Ivory Mist"]
    shoe = one([{"color": color} for color in said])
    assert [each.color for each in shoe.variants][:4] == ["white", "black", "crimson", "red"]
    assert len({each.color for each in shoe.variants}) == len(said)


def test_what_is_closed_as_a_whole_is_not_opened_by_its_variants():
    assert one([{"size": "M", "stock": 3}], availability="out of stock").stock == 0
    assert one([{"size": "M"}, {"size": "L"}], stock="7").stock == 7
    assert one([{"size": "M", "stock": 3}, {"size": "L"}], stock="7").stock == 3
    assert one([{"size": "M", "stock": 0}, {"size": "L"}], stock="7").stock is None


def test_a_number_that_names_two_variants_names_none():
    shoe = one([{"sku": "x", "size": "41"}, {"sku": "x", "size": "42"}, {"sku": "y", "size": "43"}])
    assert [each.id for each in shoe.variants] == ["", "", "y"]


CELLS = st.one_of(
    st.none(), st.integers(-5, 50), st.sampled_from(["red", "Red/Blue", "M", "xl", "42", "sold out", "¥"])
)
OBJECTS = st.dictionaries(
    st.sampled_from(["sku", "color", "size", "stock", "price", "availability", "odd"]), CELLS | st.text(max_size=9)
)


@given(st.recursive(OBJECTS | CELLS, lambda inner: st.lists(inner, max_size=5), max_leaves=9))
def test_whatever_is_said_of_variants_the_product_is_true_of_them_or_has_none(variants):
    try:
        shoe = one(variants, stock=4)
    except RowError as error:
        assert "\n" not in str(error)
        assert len(str(error)) < 200
        return
    there = [each for each in shoe.variants if each.there] or shoe.variants
    assert len({(each.color, each.size) for each in shoe.variants}) == len(shoe.variants)
    assert {each.color for each in there} - {""} <= set(shoe.colors)
    assert {each.size for each in there} - {""} <= set(shoe.sizes)
    if there:
        assert min(each.price or shoe.price for each in there) == shoe.price
    counted = [each.stock for each in shoe.variants if each.stock is not None]
    if counted and sum(counted):
        assert shoe.stock == sum(counted)
