"""A shop brings its own file, whatever its format, and gets its products or a reason for each that is not one."""

import json
from decimal import Decimal

import pytest

from storage.feeds.feed import detect, read_feed
from storage.feeds.records import FeedError, Rejected
from storage.records import Product
from storage.terms import base_vocabulary


@pytest.fixture
def read(tmp_path):
    def _read(name, text, **options):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        rows = [row for _, row in read_feed(path, base_vocabulary(), **options)]
        return [r for r in rows if isinstance(r, Product)], [r for r in rows if isinstance(r, Rejected)]

    return _read


def test_csv_with_a_shops_own_column_names(read):
    products, rejected = read(
        "own.csv",
        "SKU;Product Name;Selling;Price;Colour;Stock Status\n"
        'a1;"Linen Dress, long";;"1.299,50 EUR";Navy Blue;in stock\n'
        "a2;Plain mug;;$12;white;sold out\n",
    )
    assert rejected == []
    dress, mug = products
    assert (dress.id, dress.price, dress.currency) == ("a1", Decimal("1299.50"), "EUR")
    assert dress.colors == ("navy",)
    assert dress.categories == ("dresses", "fashion")
    assert dress.materials == ("linen",)
    assert (mug.price, mug.currency, mug.stock) == (Decimal("12.00"), "USD", 0)


def test_chinese_columns_in_gb18030(read):
    products, rejected = read(
        "shop.csv", "编号,商品名称,价格,颜色,库存\n1,真皮女士短靴,¥399,黑色,7\n2,儿童拼图,59元,,0\n".encode("gb18030")
    )
    assert rejected == []
    boots, puzzle = products
    assert (boots.price, boots.currency, boots.stock) == (Decimal("399.00"), "CNY", 7)
    assert boots.categories == ("boots", "shoes")
    assert (boots.colors, boots.materials, boots.audience) == (("black",), ("leather",), ("women",))
    assert (puzzle.currency, puzzle.stock, puzzle.audience) == ("CNY", 0, ("kids",))


def test_json_lines_and_a_broken_line_between_good_ones(read):
    products, rejected = read(
        "p.jsonl",
        '{"id": 1, "title": "Red scarf", "price": 9.5}\n{"id": 2, "title": \n[1]\n'
        '{"id": 3, "title": "<b>Wool</b> &amp; silk shawl", "price": "20.00", "colors": ["red", "grey/gray"]}\n',
    )
    assert [p.id for p in products] == ["1", "3"]
    assert products[1].title == "Wool & silk shawl"
    assert products[1].colors == ("red", "grey")
    assert [(r.line, r.reason.split(":")[0]) for r in rejected] == [(2, "no JSON"), (3, "not a JSON object")]


def test_a_json_array_is_read_like_lines(read):
    body = json.dumps([{"id": "x", "name": "Lamp", "price": {"amount": 3}}, {"id": "y", "name": "Lamp", "price": 3}])
    products, rejected = read("p.json", body)
    assert [p.id for p in products] == ["y"]
    assert len(rejected) == 1


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"title": "No id", "price": 1}, "no id"),
        ({"id": "1", "price": 1}, "no title"),
        ({"id": "1", "title": "No price"}, "no price"),
        ({"id": "1", "title": "Words", "price": "ask us"}, "is not an amount"),
        ({"id": "1", "title": "Negative", "price": "-5"}, "not a positive amount"),
        ({"id": "1", "title": "Negative", "price": -5}, "not a positive amount"),
        ({"id": "1", "title": "Endless", "price": 1e12}, "beyond ten million"),
        ({"id": "1", "title": "Odd", "price": True}, "no price"),
    ],
)
def test_each_unusable_row_has_its_reason(read, row, reason):
    products, rejected = read("p.jsonl", json.dumps(row))
    assert products == []
    assert reason in rejected[0].reason


def test_a_repeated_id_is_rejected_with_the_line_it_stands_in(read):
    products, rejected = read("p.csv", "id,title,price\n1,One,1\n2,Two,2\n1,Other,3\n")
    assert [p.title for p in products] == ["One", "Two"]
    assert rejected == [Rejected(4, "id '1' stands in line 2 already", "1")]


GOOGLE_TSV = (
    "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tsale_price\tbrand\t"
    "google_product_category\tproduct_type\n"
    "g1\tTrail Runner\tLight\thttps://shop.example/1\thttps://shop.example/1.jpg\tin_stock\t89.00 GBP\t69.00 GBP\t"
    "Fleet\t187\tShoes > Running Shoes\n"
    "g2\tRain Boot\tDry\thttps://shop.example/2\thttps://shop.example/2.jpg\tout_of_stock\t40.00 GBP\t\t"
    "Fleet\t187\tShoes > Boots\n"
)


def test_google_merchant_tsv(read):
    products, rejected = read("feed.tsv", GOOGLE_TSV, format="google")
    assert rejected == []
    runner, boot = products
    assert (runner.price, runner.currency, runner.stock) == (Decimal("69.00"), "GBP", None)
    assert runner.categories == ("running shoes", "shoes")
    assert (boot.stock, boot.categories, boot.url) == (0, ("boots", "shoes"), "https://shop.example/2")


GOOGLE_RSS = """<?xml version="1.0"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><g:id>r1</g:id><title>plain title</title><g:title>Ceramic Mug</g:title><g:price>14.90 USD</g:price>
<g:availability>in stock</g:availability><g:product_type>Kitchen &gt; Mugs</g:product_type>
<description><![CDATA[<p>Holds <b>300 ml</b>.</p><script>alert(1)</script>]]></description></item>
<item><g:id>r2</g:id><g:title>No price</g:title></item></channel></rss>"""

GOOGLE_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0">
<entry><g:id>a1</g:id><title>Wool Hat</title><link href="https://shop.example/hat"/><g:price>25 EUR</g:price></entry>
</feed>"""


def test_google_merchant_rss(read):
    products, rejected = read("feed.xml", GOOGLE_RSS)
    assert [p.title for p in products] == ["Ceramic Mug"]
    assert "Holds 300 ml" in products[0].description
    assert "alert" not in products[0].description
    assert products[0].categories == ("mugs", "kitchen")
    assert [(r.line, r.reason) for r in rejected] == [(2, "no price")]


def test_google_merchant_atom(read):
    products, _ = read("feed.xml", GOOGLE_ATOM)
    assert (products[0].id, products[0].url, products[0].currency) == ("a1", "https://shop.example/hat", "EUR")


def test_an_xml_bomb_is_refused_in_one_sentence(read):
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><item><id>&b;</id></item></rss>'
    )
    with pytest.raises(FeedError, match="no readable XML feed"):
        read("bomb.xml", bomb)


SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Price,"
    "Variant Inventory Qty,Image Src,Status\n"
    "tee,Cotton Tee,<p>Soft.</p>,Fleet,T-Shirt,Color,Red,Size,M,19.00,3,https://cdn.example/1.jpg,active\n"
    "tee,,,,,,Blue,,L,17.00,4,,\n"
    "old,Old Tee,,Fleet,T-Shirt,Title,Default Title,,,9.00,,,draft\n"
    ",Stray,,,,,,,,,,,\n"
)


def test_shopify_variants_are_one_product(read):
    products, rejected = read("products_export.csv", SHOPIFY)
    tee, old = products
    assert (tee.id, tee.price, tee.stock) == ("tee", Decimal("17.00"), 7)
    assert (tee.colors, tee.sizes, tee.brand) == (("red", "blue"), ("M", "L"), "Fleet")
    assert tee.categories == ("t-shirts", "fashion")
    assert old.stock == 0
    assert [r.reason for r in rejected] == ["no Handle"]


OF_SIZES = (
    "Handle,Title,Vendor,Type,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Price,"
    "Variant Inventory Qty,Variant Inventory Policy\n"
    "tee,Cotton Tee,Fleet,T-Shirt,Color,Red,Size,S,19.00,0,deny\n"
    "tee,,,,,Red,,M,19.00,3,deny\n"
    "tee,,,,,Blue,,S,19.00,0,deny\n"
    "tee,,,,,Blue,,L,19.00,0,continue\n"
    "gone,Old Tee,Fleet,T-Shirt,Size,S,,,9.00,0,deny\n"
    "gone,,,,,M,,,9.00,0,deny\n"
)


def test_a_size_that_no_variant_has_in_stock_is_not_listed(read):
    [tee, gone], _ = read("products_export.csv", OF_SIZES)
    assert (tee.sizes, tee.colors, tee.stock) == (("M", "L"), ("red", "blue"), 3)
    assert (gone.sizes, gone.stock) == (("S", "M"), 0)


JSON_LD = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "name": "A page"},
        {
            "@type": ["Product"],
            "sku": "ld1",
            "name": "Oak Desk",
            "brand": {"@type": "Brand", "name": "Nordhem"},
            "offers": {"price": "349", "priceCurrency": "EUR", "availability": "https://schema.org/InStock"},
            "aggregateRating": {"ratingValue": "4.6", "reviewCount": 31},
            "additionalProperty": [{"name": "Width", "value": "120 cm"}],
        },
    ],
}


@pytest.mark.parametrize("page", [False, True])
def test_schema_org_products_in_a_file_or_a_page(read, page):
    text = json.dumps(JSON_LD)
    if page:
        text = f'<html><body><script type="application/ld+json">{text}</script></body></html>'
    products, rejected = read("page.html" if page else "p.json", text)
    assert rejected == []
    [desk] = products
    assert (desk.id, desk.price, desk.currency) == ("ld1", Decimal("349.00"), "EUR")
    assert (desk.rating, desk.rating_count, desk.brand) == (4.6, 31, "Nordhem")
    assert desk.categories[0] == "tables"
    assert desk.attributes == {"Width": "120 cm"}


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("empty.csv", b"", "is empty"),
        ("binary.csv", b"\x00\x01\x02\xff" * 40, "no text file"),
        ("nothing.json", b'{"@type": "Organization"}', "no schema.org Product"),
    ],
)
def test_a_file_that_is_no_feed_says_so(read, name, body, says):
    with pytest.raises(FeedError, match=says):
        read(name, body)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(FeedError, match="No such file"):
        detect(tmp_path / "gone.csv")


@pytest.mark.parametrize("format", ["auto", "csv", "jsonl", "jsonld"])
def test_a_file_that_would_fill_the_memory_is_refused_unread(tmp_path, format):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(513 * 1024 * 1024)
    with pytest.raises(FeedError, match="larger than 512 MB"):
        next(read_feed(path, base_vocabulary(), format=format))


def test_texts_are_bounded_and_cleaned(read):
    products, _ = read(
        "p.jsonl",
        json.dumps({"id": "1", "title": "A\u202eb\u200bc" + "x" * 5000, "price": 1, "description": "y" * 100_000}),
    )
    assert products[0].title.startswith("Abc")
    assert len(products[0].title) <= 300
    assert len(products[0].description) <= 8_000
