"""Pictures and files between a shopper and a person of the shop: passed on, refused with a reason, hidden, erased."""

import asyncio
import io
import itertools
import re

import pytest
import pytest_asyncio
from PIL import Image

from bot.erasing import forget
from bot.media import media_of
from storage.case_files import FOLDER
from storage.console.staff import Role
from tests.support.live import Staff, held, told
from tests.support.staff import Member, console
from tests.support.stage import Stage, copy_stocked

pytestmark = pytest.mark.asyncio(loop_scope="module")
TOO_LARGE = {"en": "too large to reach the shop", "zh": "文件太大"}
NO_KIND = {"en": "Files of this kind do not reach", "zh": "这种文件店里的人收不到"}
SENT = {"en": "sent a picture", "zh": "发送了图片"}
HIDDEN = {"en": "hidden", "zh": "已隐藏"}
SHOWS = {"en": "{} from the shop sends a picture:", "zh": "店里的{}给您发了一张图片："}
ONLY = {"en": "Only JPEG and PNG", "zh": "只能发送 JPEG 和 PNG"}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF"
_names = itertools.count()


def picture(kind="PNG", size=(60, 40), color="#b93a33"):
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind)
    return out.getvalue()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(stocked_folder, tmp_path_factory):
    folder = copy_stocked(stocked_folder, tmp_path_factory.mktemp("files") / "data")
    async with Stage(folder, file_megabytes=1) as stage:
        yield stage
        assert await stage.api.simulator.alarms() == []


@pytest.fixture(scope="module")
def app(stage):
    with console(stage.folder) as app:
        yield app


@pytest_asyncio.fixture(params=["en", "zh"], loop_scope="module")
async def ann(request, stage):
    async with await stage.shopper("Ann", request.param) as ann:
        ann.language = request.param
        yield ann


@pytest.fixture
def hire(app):
    async def hired(language="en", role=Role.REVIEWER):
        name = f"ana{next(_names)}"
        member = await asyncio.to_thread(Member.of, app, name, role, language)
        return Staff(member, name), member

    return hired


def files_of(stage, case):
    with stage.shop() as shop:
        return shop.case_files.of_case(case.id)


@pytest.mark.long
async def test_a_picture_reaches_the_person_and_nobody_else_without_asking(stage, ann, hire):
    (ana, _), (eve, _) = await hire(ann.language), await hire(ann.language, Role.VIEWER)
    case = await held(stage, ann, ana)
    sent = picture("JPEG")
    assert await ann.sends_photo(sent, expect=0) == []
    await ann.sends_photo(picture(color="#2c7d40"), "this is <b>broken</b>", expect=0)
    await stage.settled()
    first, second = files_of(stage, case)
    page = await ana.get(f"/live/{case.id}/talk")
    assert SENT[ann.language] in page.text
    assert f'src="/files/{first.id}"' in page.text
    assert "this is &lt;b&gt;broken&lt;/b&gt;" in page.text
    shown = await ana.get(f"/files/{first.id}")
    assert (shown.content, shown.headers["content-type"]) == (sent, "image/jpeg")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert (await ana.get(f"/files/{second.id}")).headers["content-type"] == "image/png"

    hidden = await eve.get(f"/live/{case.id}")
    assert HIDDEN[ann.language] in hidden.text
    assert f'src="/files/{first.id}"' not in hidden.text
    assert (await eve.get(f"/files/{first.id}")).status_code == 403
    await told(ann, ana.post(f"/live/{case.id}/close", key="c"))
    assert (await ana.get(f"/files/{first.id}")).status_code == 403, "the case is nobody's any more"
    with stage.shop() as shop:
        talk = shop.conversations.of_shopper(ann.id, 1)[0].id
    assert f'src="/files/{first.id}"' not in (await ana.get(f"/conversations/{talk}")).text
    await ana.post(f"/conversations/{talk}/reveal", then="/")
    assert f'src="/files/{first.id}"' in (await ana.get(f"/conversations/{talk}")).text


@pytest.mark.long
async def test_what_cannot_be_passed_on_is_said_with_its_reason(stage, ann, hire):
    ana, _ = await hire(ann.language)
    case = await held(stage, ann, ana)
    (large,) = await ann.sends_document(b"%PDF-" + b"x" * 1_100_000, "big.pdf")
    assert TOO_LARGE[ann.language] in large.text
    for content, name in ((b"MZ\x90\0", "picture.png"), (b"<script>alert(1)</script>", "a.html"), (b"", "empty.pdf")):
        (odd,) = await ann.sends_document(content, name)
        assert NO_KIND[ann.language] in odd.text, name
    (odd,) = await ann.sends_document(b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "broken.png", "look at this")
    assert NO_KIND[ann.language] in odd.text
    assert "look at this" in await ana.text(f"/live/{case.id}"), "the words arrive all the same"
    assert files_of(stage, case) == []
    await ann.sends_document(PDF, "账单-7.pdf", expect=0)
    await stage.settled()
    (bill,) = files_of(stage, case)
    saved = await ana.get(f"/files/{bill.id}")
    assert saved.headers["content-type"] == "application/pdf"
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''%E8%B4%A6%E5%8D%95-7.pdf"


async def test_staff_send_a_picture_and_nothing_else(stage, ann, hire):
    ana, member = await hire(ann.language)
    case = await held(stage, ann, ana)

    async def says(content, text="", key="1"):
        form = {"csrf": await asyncio.to_thread(lambda: member.token), "text": text, "key": key}
        sent = {"picture": ("fit.png", content, "image/png")}
        return await asyncio.to_thread(
            lambda: member.client.post(f"/live/{case.id}/say", data=form, files=sent, follow_redirects=True)
        )

    heard = await told(ann, says(picture()), expect=2)
    assert SHOWS[ann.language].format(ana.name) in heard[0].text
    assert heard[1].photo
    heard = await told(ann, says(picture(size=(3000, 2000), color="#123456"), "like this one", "2"), expect=2)
    assert heard[0].text.endswith("like this one")
    refused = await says(b"GIF89a....", "my words", "3")
    assert ONLY[ann.language] in refused.text
    assert "my words" in refused.text
    ours = files_of(stage, case)
    assert [file.turn_id for file in ours] == [None, None]
    assert f'src="/files/{ours[0].id}"' in (await ana.get(f"/live/{case.id}")).text
    big = await says(b"\x89PNG" + b"\0" * 11 * 1024 * 1024, "too big", "4")
    assert big.status_code in (409, 413)
    assert len(list((stage.folder / FOLDER).iterdir())) == len(_all_files(stage)), "nothing is left lying about"


async def test_files_go_with_the_shopper(stage, ann, hire):
    ana, _ = await hire(ann.language)
    case = await held(stage, ann, ana)
    await ann.sends_photo(picture(), expect=0)
    await stage.settled()
    (kept,) = files_of(stage, case)
    assert (stage.folder / FOLDER / kept.name).is_file()
    assert (await ana.get(f"/files/{kept.id}")).status_code == 200
    await forget(stage.bot.house.database, ann.id, lambda: None)
    assert not (stage.folder / FOLDER / kept.name).exists()
    assert (await ana.get(f"/files/{kept.id}")).status_code == 404


RETURN = {
    "en": ("I want to send something back", "Ask without an order", "Broken or faulty", "Send the request"),
    "zh": ("我要退货", "不绑定订单直接申请", "坏了或有质量问题", "提交申请"),
}
KEPT = {"en": "as soon as you send", "zh": "提交申请时会一起附上"}
ALONG = {"en": "Your 2 photos go with it", "zh": "2 张照片已随申请一起提交"}
ADDED = {"en": "with your request now", "zh": "已附到您的申请里"}


@pytest.mark.long
async def test_photos_go_along_with_a_return_and_with_no_other_wish(stage, ann, hire):
    ana, _ = await hire(ann.language)
    words, alone, broken, send = RETURN[ann.language]
    await ann.says(words)
    await ann.taps(alone, expect=1)
    (asked,) = (await ann.taps(broken, expect=1)).new
    assert send in asked.labels
    (kept,) = await ann.sends_photo(picture())
    assert KEPT[ann.language] in kept.text
    (again,) = await ann.sends_photo(picture(color="#2c7d40"), "the <zip>")
    assert KEPT[ann.language] in again.text
    (sent,) = (await ann.taps(send, expect=1)).new
    assert ALONG[ann.language] in sent.text
    (more,) = await ann.sends_photo(picture(color="#123456"))
    assert ADDED[ann.language] in more.text
    with stage.shop() as shop:
        ticket = shop.tickets.of(ann.id)[0]
        files = shop.case_files.of_ticket(ticket.id)
        talk = shop.conversations.of_shopper(ann.id, 1)[0].id
    assert [file.title for file in files] == ["", "the <zip>", ""]
    assert (await ana.text(f"/tickets/{ticket.id}")).count(HIDDEN[ann.language]) == 3
    await ana.post(f"/conversations/{talk}/reveal", then="/")
    page = await ana.get(f"/tickets/{ticket.id}")
    assert page.text.count('src="/files/') == 3
    assert "<zip>" not in page.text
    assert (await ana.get(f"/files/{files[0].id}")).content == picture()
    await ann.says({"en": "red dress", "zh": "红色连衣裙"}[ann.language])
    seen = await ann.sends_photo(picture(size=(400, 300), color="#2c7d40"))
    assert KEPT[ann.language] not in seen[0].text
    assert ADDED[ann.language] not in seen[0].text
    with stage.shop() as shop:
        assert len(shop.case_files.of_ticket(ticket.id)) == 3


async def test_photos_of_a_request_that_is_not_made_are_let_go(stage, ann):
    words, alone, broken, _ = RETURN[ann.language]
    await ann.says(words)
    await ann.taps(alone, expect=1)
    await ann.taps(broken, expect=1)
    await ann.sends_photo(picture())
    await ann.taps({"en": "Do not send it", "zh": "先不提交"}[ann.language], expect=1)
    with stage.shop() as shop:
        assert shop.db.execute("SELECT count(*) FROM case_files WHERE user_id = ?", [ann.id]).fetchone() == (0,)


def _all_files(stage):
    with stage.shop() as shop:
        return shop.db.execute("SELECT id FROM case_files").fetchall()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("GIF"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (PDF, "application/pdf"),
        (b"\0\0\0\x18ftypmp42" + b"\0" * 20, "video/mp4"),
        (b"OggS\0", "audio/ogg"),
        (picture("JPEG")[:60], ""),
        (picture("BMP"), ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"PK\x03\x04", ""),
        (b"", ""),
    ],
)
async def test_what_a_file_is_by_what_it_holds(content, media):
    assert media_of(content) == media


async def test_a_file_is_read_under_names_of_ours_alone(stage):
    from storage.case_files import read_file

    for name in ("../shop.db", "..", "", "a" * 31, "a" * 31 + "/", "A" * 33):
        assert read_file(stage.folder, name) is None
    assert re.fullmatch(r"[0-9a-f]{32}", next((stage.folder / FOLDER).iterdir()).name)
