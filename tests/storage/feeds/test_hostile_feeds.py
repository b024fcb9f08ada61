"""What a supplier who means harm puts into a feed: nothing invisible, nothing without end, nothing unpacked."""

import bz2
import gzip
import io
import lzma
import os
import unicodedata
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.feeds.feed import read_feed
from storage.feeds.records import FeedError, Rejected
from storage.feeds.values import text_of
from storage.records import Product
from storage.terms import base_vocabulary

ROWS = "id,title,price\n1,Mug,5.00\n"
TRICKS = [
    ("\u202e$1 ylno\u2066 Mug\u2069", "$1 ylno Mug"),
    ("Mu\u200bg\u200d \ufeff\u00adcup", "Mug cup"),
    ("Mug\u2028\u2029cup\x85\x00\x1b[31m", "Mug cup[31m"),
    ("Z\u0351\u0362\u036d\u0489\u0300\u0301\u0302\u0303algo mug", "Z\u0351\u0362\u036d\u0489algo mug"),
    ("\u3164\u2800 \u115fMug\uffa0", "Mug"),
    ("Mug \U000e0041\U000e0042 \ue000\U000f0000\ud800", "Mug"),
    ("<script>x()</script><b>Mug</b> &lt;i&gt;", "Mug <i>"),
    ("{ $title } {0} %s", "{ $title } {0} %s"),
    ("&#x202e;&#8203;Mug&#0;", "Mug�"),
    ("é ñ ữ ก็ क्षि", "é ñ ữ ก็ क्षि"),
    ("e\u0301 u\u031b\u0303", "e\u0301 u\u031b\u0303"),
]


def read(path):
    return [found for _, found in read_feed(path, base_vocabulary())]


@pytest.mark.parametrize(("said", "kept"), TRICKS, ids=ascii)
def test_titles_lose_what_is_invisible_and_keep_what_is_read(said, kept):
    assert text_of(said) == kept


@given(st.text(st.characters(), max_size=400), st.integers(min_value=1, max_value=60))
def test_any_text_of_a_feed_comes_out_bounded_and_visible(text, limit):
    found = text_of(text, limit)
    assert len(found) <= limit
    assert not [sign for sign in found if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")]
    assert "  " not in found
    found.encode()
    run = longest = 0
    for sign in found:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        longest = max(longest, run)
    assert longest <= 4


def test_a_product_whose_title_shows_nothing_has_none(tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_text("id,title,price\n1,\u3164\u200b\u2800,5.00\n2,Mug,5.00\n", encoding="utf-8")
    rejected, mug = read(feed)
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "no title"
    assert isinstance(mug, Product)


def zipped(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, "x" * 2_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (zipped("../../../../tmp/evil.csv"), "zip archive"),
        (gzip.compress(b"x" * 2_000_000), "gzip archive"),
        (bz2.compress(ROWS.encode()), "bzip2 archive"),
        (lzma.compress(ROWS.encode()), "xz archive"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no text file"),
        (b"", "empty"),
    ],
    ids=["zip", "gzip", "bzip2", "xz", "png", "empty"],
)
def test_what_is_no_ordinary_text_file_is_refused_in_one_sentence(tmp_path, content, says):
    feed = tmp_path / "feed.csv"
    feed.write_bytes(content)
    with pytest.raises(FeedError, match=says):
        read(feed)


def test_devices_and_pipes_are_not_read(tmp_path):
    """A pipe without a writer waits for ever, /dev/zero never ends."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (tmp_path / "link").symlink_to("/dev/zero")
    for path in (pipe, tmp_path / "link"):
        with pytest.raises(FeedError, match="no ordinary file"):
            read(path)


@pytest.mark.parametrize(
    "row",
    [
        '1,"' + "x" * 1_000_001 + '",5.00',
        "1," + "x" * 500_000 + ",5.00",
        "1" * 500 + ",Mug,5.00",
        "1,Mug," + "9" * 5_000,
        "1,Mug,5.00" + ",x" * 50_000,
        '1,"Mug',
    ],
    ids=["cell", "title", "id", "price", "columns", "quote"],
)
def test_huge_lines_and_cells_stop_nothing_else(tmp_path, row):
    feed = tmp_path / "feed.csv"
    feed.write_text(f"id,title,price\n0,Cup,4.00\n{row}\n", encoding="utf-8")
    cup, *rest = read(feed)
    assert isinstance(cup, Product)
    for found in rest:
        assert isinstance(found, Rejected) or (len(found.title) <= 300 and len(found.id) <= 200)
        assert not isinstance(found, Rejected) or len(found.reason) < 300
