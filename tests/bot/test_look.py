"""What looks like a photo: pictures are made known behind the talk, by a real CLIP model as small as one can be."""

import asyncio
import io
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from PIL import Image

from bot.downloading import FetchError
from bot.overload import Overload
from bot.sense.look import Look, Sight
from bot.sense.picture import as_seen, opened
from bot.shop_pictures import ShopPictures
from bot.threads.hanging import Hanging
from bot.upkeep.looking import Looking, fetch_picture
from nlu.look import load_look_encoder
from storage.looks import Known
from storage.records import Product
from storage.shop import Shop
from tests.support.clip import photo, tiny_clip

pytestmark = pytest.mark.long
IDS = ("p0", "p1", "p2")
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return tiny_clip(tmp_path_factory.mktemp("clip"))


def thing(id, **facts):
    return Product(id, title=f"Thing {id}", price=Decimal(9), currency="USD", **facts)


@pytest.fixture
def data(tmp_path):
    """A shop of three products, each with a picture in the data folder, and one without."""
    for number, id in enumerate(IDS):
        (tmp_path / f"{id}.png").write_bytes(photo(number))
    shop = Shop.open(tmp_path)
    shop.catalogue.upsert([thing("bare"), *(thing(id, image_url=f"{id}.png") for id in IDS)])
    shop.close()
    return tmp_path


@pytest.fixture
async def look(clip, data):
    look = Look(clip, data)
    assert await look.open()
    yield look
    await look.close()


def drawn(product):
    raise AssertionError(f"{product.id} is none of the demo shop")


def looking(look, data, **changed):
    return Looking(look, ShopPictures(data, drawn), Overload(), **changed)


def changed(data, id, **facts):
    shop = Shop.open(data)
    shop.catalogue.upsert([replace(shop.catalogue.get([id])[id], **facts)])
    shop.close()


# --- how pictures become known --------------------------------------------------------------------------


async def test_a_photo_of_a_product_finds_that_product_first(look, data):
    assert await look.alike(photo(1)) is None, "no picture is known yet"
    assert await looking(look, data).round() == 3
    for number, id in enumerate(IDS):
        assert (await look.alike(photo(number)))[0] == id
    assert await looking(look, data).round() == 0


async def test_another_picture_is_looked_at_anew(look, data):
    work = looking(look, data)
    await work.round()
    (data / "new.png").write_bytes(photo(7))
    changed(data, "p1", image_url="new.png")
    assert "p1" not in await look.alike(photo(1))
    assert await work.round() == 1
    assert (await look.alike(photo(7)))[0] == "p1"


async def test_another_model_looks_at_everything_anew(look, data, tmp_path):
    await looking(look, data).round()
    other = Look(tiny_clip(tmp_path / "other", seed=1), data)
    assert await other.open()
    assert await other.alike(photo(1)) is None
    assert await looking(other, data).round() == 3
    assert (await other.alike(photo(1)))[0] == "p1"
    await other.close()


async def test_what_is_gone_is_not_found_and_is_forgotten(look, data):
    work = looking(look, data)
    await work.round()
    shop = Shop.open(data)
    shop.catalogue.retain({"p0", "p2"})
    assert set(await look.alike(photo(1))) == {"p0", "p2"}
    await work.round()
    assert shop.db.execute("SELECT count(*) FROM looks").fetchone() == (2,)
    shop.close()


@pytest.mark.parametrize("content", [b"no picture", photo(1)[:200], b""])
async def test_a_picture_that_cannot_be_read_is_noted_and_the_others_are_known(look, data, content):
    (data / "p1.png").write_bytes(content)
    work = looking(look, data)
    await work.round()
    assert await look.tidy() == Known(2, 3, 1)
    assert await work.round() == 0, "it is not tried again at once"


async def test_pictures_of_the_web_are_fetched_and_those_that_are_not_to_be_had_are_noted(look, data):
    changed(data, "p0", image_url="https://pictures.example/p0.png")
    changed(data, "p1", image_url="https://pictures.example/gone.png")
    asked = []

    def fetch(url, path):
        asked.append(url)
        if "gone" in url:
            raise FetchError("It answered 404.")
        path.write_bytes(photo(0))

    await looking(look, data, fetch=fetch).round()
    assert len(asked) == 2
    assert (await look.alike(photo(0)))[0] == "p0"
    assert await look.tidy() == Known(2, 3, 1)


def test_no_picture_of_an_inner_address_is_asked_for(tmp_path):
    with pytest.raises(FetchError, match="an address inside a network"):
        fetch_picture("http://127.0.0.1:8080/p0.png", tmp_path / "picture")


async def test_pictures_are_looked_at_until_the_bot_ends(clip, data):
    look = Look(clip, data)
    work = asyncio.create_task(looking(look, data, every=0.01).run())
    async with asyncio.timeout(30):
        while await look.alike(photo(2)) is None:
            await asyncio.sleep(0.01)
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    await look.close()


# --- what looks alike -----------------------------------------------------------------------------------


def test_less_than_the_least_likeness_is_not_alike(clip, data):
    encode = load_look_encoder(clip)
    vectors = [encode(opened(photo(number), as_seen)) for number in range(3)]
    nearest = sorted((float(vectors[0] @ other) for other in vectors[1:]), reverse=True)
    sight = Sight(encode, Shop.open(data), least=(1 + nearest[0]) / 2)
    for product in sight.due(NOW, 9):
        sight.learn(product, (data / product.image_url).read_bytes(), NOW)
    assert sight.alike(photo(0)) == ("p0",)
    assert sight.alike(photo(9)) == ()
    sight.close()


def test_a_picture_is_seen_upright_and_on_white():
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    held = io.BytesIO()
    image.save(held, "PNG", exif=exif)
    seen = opened(held.getvalue(), as_seen)
    assert (seen.mode, seen.size) == ("RGB", (20, 40))
    assert {seen.getpixel((10, 5)), seen.getpixel((10, 35))} == {(255, 0, 0), (255, 255, 255)}


# --- where it cannot be looked --------------------------------------------------------------------------


async def test_without_a_model_nothing_is_looked_at_and_pytorch_is_not_imported(data):
    look = Look(None, data)
    await looking(look, data).run()
    assert not look.able
    assert await look.alike(photo(1)) is None
    probe = (
        "import sys, bot.running, bot.telegram.door;"
        "sys.exit(any(name in sys.modules for name in ('torch', 'transformers', 'torchvision')))"
    )
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", probe], check=True)


async def test_a_broken_model_is_told_once_and_nothing_is_looked_at(data, caplog):
    (data / "empty").mkdir()
    look = Look(data / "empty", data)
    await looking(look, data).run()
    assert not look.able
    assert await look.alike(photo(1)) is None
    [told] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert "holds no CLIP model" in told.getMessage()
    assert "colours alone" in told.getMessage()
    assert told.exc_info is None


async def test_what_is_no_picture_looks_like_nothing(look, data):
    await looking(look, data).round()
    assert await look.alike(b"no picture") is None
    assert await look.alike(b"") is None


async def test_a_picture_that_never_comes_back_is_given_up_and_the_rest_goes_on(clip, data):
    never, hangs = threading.Event(), photo(1)

    class Hung(Sight):
        def learn(self, product, content, now):
            if content == hangs:
                never.wait()
            super().learn(product, content, now)

    look = Look(clip, data, Hanging(4.0), Hung.open)
    assert await look.open()
    await looking(look, data).round()
    assert (await look.tidy()) == Known(2, 3, 1)
    assert set(await look.alike(photo(2))) == {"p0", "p2"}
    never.set()
    await look.close()


async def test_a_photo_is_not_waited_for_longer_than_patience_lasts(clip, data, caplog):
    never = threading.Event()

    class Hung(Sight):
        def alike(self, content):
            never.wait()

    look = Look(clip, data, open_sight=Hung.open, patience=0.05)
    assert await look.open()
    assert await look.alike(photo(1)) is None
    assert "colours alone" in caplog.text
    never.set()
    await look.close()
