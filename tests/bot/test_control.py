"""The control socket: what another process writes through the running bot, whole or not at all."""

import asyncio
import json
from decimal import Decimal

import pytest

from bot.desks.control import ControlClient, ControlError, ControlServer
from storage.catalogue import Changes
from storage.product_rows import to_row
from storage.records import Product


def product(id):
    return Product(id, "Red dress", Decimal("10.00"), "USD")


class Writer:
    """What a running bot would do with the products, as a list."""

    def __init__(self):
        self.written, self.kept = [], None

    async def upsert(self, products):
        self.written += [product.id for product in products]
        return Changes(added=len(products))

    async def withdraw(self, ids):
        self.kept = ids
        return Changes(vanished=1)

    async def withdraw_demo(self):
        return 0

    async def note(self, state):
        raise ValueError("The disk is full.")


@pytest.fixture
def writer():
    return Writer()


@pytest.fixture
async def folder(writer, tmp_path):
    server = ControlServer(tmp_path, writer.upsert, writer.withdraw, writer.withdraw_demo, writer.note)
    await server.start()
    yield tmp_path
    await server.stop()


async def test_a_whole_feed_takes_the_place_of_the_old_one(folder, writer):
    products = [product(str(number)) for number in range(450)]
    changes = await asyncio.to_thread(ControlClient(folder).upsert, products, replace=True)
    assert changes == Changes(added=450, vanished=1)
    assert writer.kept == {each.id for each in products} == set(writer.written)


async def test_a_feed_that_breaks_off_makes_nothing_unavailable(folder, writer):
    reader, connection = await asyncio.open_unix_connection(folder / "bot.sock")
    header = {"do": "upsert", "count": 3, "replace": True}
    for line in (header, to_row(product("1"))):
        connection.write(json.dumps(line).encode() + b"\n")
    connection.write_eof()
    answer = json.loads(await reader.readline())
    connection.close()
    assert "broke off" in answer["error"]
    assert writer.kept is None


async def test_the_bots_refusal_is_one_sentence_for_the_command(folder):
    with pytest.raises(ControlError, match=r"^The running bot answered: The disk is full\.$"):
        await asyncio.to_thread(ControlClient(folder).note_sync, {"source": "feed.csv"})


async def test_a_request_of_another_version_is_refused(folder):
    reader, connection = await asyncio.open_unix_connection(folder / "bot.sock")
    connection.write(b'{"do": "dance"}\n')
    assert "'dance'" in json.loads(await reader.readline())["error"]
    connection.close()


@pytest.mark.parametrize(
    "line",
    [b"[]\n", b"not json\n", b"\xff\xfe\n", b"null\n", b"{}\n", b'{"do": "upsert", "count": "x"}\n', b"x" * 5_000_000],
)
async def test_an_odd_request_is_refused_and_the_next_one_served(folder, writer, line):
    reader, connection = await asyncio.open_unix_connection(folder / "bot.sock", limit=8_000_000)
    connection.write(line)
    connection.write_eof()
    assert json.loads(await reader.readline())["error"]
    connection.close()
    assert await asyncio.to_thread(ControlClient(folder).upsert, [product("1")]) == Changes(added=1)
    assert writer.kept is None
