"""Erasing and exporting: no store of personal data is forgotten."""

import json
from datetime import UTC, datetime

import pytest

from storage import forgetting, personal
from storage.case_files import FOLDER, folder_of, sweep_files, write_file
from storage.cases import CaseReason
from storage.orders import Order, OrderLine, OrderStatus
from storage.preferences import Preference, Stance
from storage.records import Feedback, Intent, Reaction, Stage, Taste, Understanding, Update
from storage.tickets import TicketKind

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
USER, OTHER = 7_123_456_789, 8_987_654_321
SECRET = "a surprise for Wilhelmina"


def ordinary_tables(shop):
    return [
        name
        for (name,) in shop.db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if not name.startswith(("sqlite_", "product_text_"))
    ]


def traces(shop, needle):
    """Tables in which any column of any row mentions the text."""
    found = set()
    for table in ordinary_tables(shop):
        for row in shop.db.execute(f"SELECT * FROM {table}"):
            if any(needle in (value.decode("latin-1") if isinstance(value, bytes) else str(value)) for value in row):
                found.add(table)
    return found


@pytest.fixture
def lived_in(shop, catalogue, make_product, make_turn, answer):
    products = [make_product(f"p{n}") for n in range(4)]
    catalogue.upsert(products)
    for user in (USER, OTHER):
        said = f"{SECRET} {user}"
        shown = answer(products, user_id=user, text=said)
        turn = shop.transcripts.history(user, 1)[0].turn
        read = Understanding(said, "en", Intent.SEARCH, 0.9, ((Intent.SEARCH, 0.9),), Stage.BROWSE, model="m2")
        shop.second_readings.put(turn.id, read, 4.0)
        shop.inbox.add([Update(turn.update_id, user, json.dumps({"from": user, "text": said}), AT)])
        shop.inbox.report(json.dumps({"from": user, "text": said, "bad": True}), "malformed")
        shop.feedback.add(Feedback(shown[0].id, user, Reaction.LIKE, AT))
        shop.feedback.add(Feedback(shown[0].id, user, Reaction.DISLIKE, AT))
        shop.tastes.put(Taste(user, ("a",), (1.0,), (0.5,)))
        shop.spending.reserve(AT.date(), user, 100, shopper_limit=1_000, day_limit=1_000)
        shop.shoppers.see(user, "en", AT)
        shop.shoppers.set_start_payload(user, f"ref_{user}")
        shop.preferences.keep(user, Preference(Stance.LIKE, "brand", f"brand {user}", said), AT)
        shop.campaigns.visit(user, f"ref_{user}", AT)
        shop.sent.record(turn.update_id, 0, user, 900, "header", turn.id)
        shop.sent.record(turn.update_id + 500, 0, user, 901, "text")
        case, _ = shop.cases.open(user, user, "en", CaseReason.ASKED, AT, turn.id)
        shop.case_talk.heard(case.id, turn.id, AT)
        outbox_id = shop.outbox.put(f"said:{user}", user, f"about {said}", AT, user_id=user, case_id=case.id)
        shop.case_talk.said(case.id, "Ana", f"about {said}", AT, outbox_id=outbox_id)
        shop.outbox.put(f"alert {case.id}", 2, "a shopper waits", AT, case_id=case.id)
        shop.cart.add(user, products[0], AT, color="", size="", quantity=1, impression_id=shown[0].id)
        shop.cart.shown(user, turn.id)
        shop.saved.add(user, products[1], shown[1].id, AT)
        line = OrderLine("p0", "Lamp", "", 1, products[0].price)
        shop.orders.add(
            Order(f"SB-{len(str(user)) + user % 7}", user, OrderStatus.PLACED, AT, "USD", line.unit_price, (line,))
        )
        shop.order_links.link(user, "wrong", AT)
        shop.tickets.add(user, user, TicketKind.RETURN, f"about {said}", "Ana", AT, case_id=case.id)
        names = [write_file(folder_of(shop.db), f"{what} {said}".encode()) for what in ("picture of", "label for")]
        shop.case_files.add(user, case.id, names[0], "image/png", said, size=9, at=AT, turn_id=turn.id)
        by_staff = shop.case_files.add(user, case.id, names[1], "image/png", "", size=9, at=AT)
        shop.outbox.put(f"file:{user}", user, "{}", AT, user_id=user, case_id=case.id, file_id=by_staff)
    return shop


def test_every_column_that_names_a_person_is_on_the_list(shop):
    named = {
        (table, column)
        for table in ordinary_tables(shop)
        for (_, column, *_) in shop.db.execute(f"PRAGMA table_info({table})").fetchall()
        if column in ("user_id", "chat_id") or column.endswith(("_user_id", "_chat_id"))
    }
    assert named == {(store.table, column) for store in personal.STORES for column in store.columns}


def test_every_table_on_the_list_is_lived_in(lived_in):
    found = personal.export(lived_in, USER)
    assert all(found.values())
    assert found.keys() | {"malformed_updates", personal.ERASING} == {store.table for store in personal.STORES}


def test_erasing_leaves_no_trace_of_the_shopper_and_all_of_the_others(lived_in, tmp_path):
    others = personal.export(lived_in, OTHER)
    assert traces(lived_in, str(USER))
    counted = forgetting.erase(lived_in, USER)
    assert counted == {
        "feedback": 1,
        "feedback_events": 2,
        "impressions": 4,
        "sent": 2,
        "second_readings": 1,
        "tickets": 1,
        "case_messages": 2,
        "outbox": 3,
        "case_files": 2,
        "cases": 1,
        "turns": 1,
        "conversations": 1,
        "tastes": 1,
        "preferences": 1,
        "campaign_visits": 1,
        "spending": 1,
        "updates": 1,
        "malformed_updates": 1,
        "cart_lines": 1,
        "link_tries": 1,
        "cart_views": 1,
        "saved": 1,
        "orders": 1,
        "shoppers": 1,
    }
    assert traces(lived_in, str(USER)) == set()
    assert traces(lived_in, f"{SECRET} {USER}") == set()
    assert personal.export(lived_in, OTHER) == others
    lived_in.close()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len([path for path in files if path.parent.name == FOLDER]) == 2, "those of the other shopper"
    for file in files:
        assert f"{SECRET} {USER}".encode() not in file.read_bytes()


def test_an_erased_update_is_not_worked_on_when_it_is_delivered_again(lived_in):
    update_id = lived_in.transcripts.history(USER, 1)[0].turn.update_id
    forgetting.erase(lived_in, USER)
    assert lived_in.inbox.add([Update(update_id, USER, "{}", AT)]) == 0
    assert [update.user_id for update in lived_in.inbox.pending()] == [OTHER]


def test_erasing_twice_or_a_stranger_finds_nothing(lived_in):
    forgetting.erase(lived_in, USER)
    assert set(forgetting.erase(lived_in, USER).values()) == {0}
    assert set(forgetting.erase(lived_in, 1).values()) == {0}


def test_a_short_id_does_not_match_inside_a_longer_number(lived_in):
    short = int(str(USER)[:4])
    assert set(forgetting.erase(lived_in, short).values()) == {0}


def test_an_export_is_readable_json_of_the_shopper_alone(lived_in):
    text = json.dumps(personal.export(lived_in, USER), ensure_ascii=False)
    assert SECRET in text
    assert str(OTHER) not in text
    found = json.loads(text)
    assert found["turns"][0]["need"]["query"] == f"{SECRET} {USER}"
    assert found["tastes"][0]["precision"] == [1.0]


def test_a_shopper_of_much_talk_is_forgotten_in_small_steps_and_others_write_in_between(
    shop, catalogue, make_product, answer
):
    products = [make_product(f"p{n}") for n in range(3)]
    catalogue.upsert(products)
    for number in range(60):
        answer(products, user_id=USER, text=f"{SECRET} {number}")
    forgetting.begin(shop, USER)
    sizes = []
    while True:
        step = forgetting.forget(shop, USER)
        sizes.append(step.rows["turns"])
        answer(products, user_id=OTHER, text="in between")
        if step.over:
            break
    assert sizes == [15, 15, 15, 15]
    assert traces(shop, str(USER)) == set()
    assert len(shop.transcripts.history(OTHER, 9)) == 4


def test_an_erasure_that_broke_off_is_known_until_it_is_done(lived_in):
    forgetting.begin(lived_in, USER)
    assert forgetting.unfinished(lived_in) == [USER]
    forgetting.erase(lived_in, USER)
    assert forgetting.unfinished(lived_in) == []


def test_files_that_no_row_names_are_swept_and_others_stay(lived_in, tmp_path):
    (tmp_path / FOLDER / ("a" * 32)).write_bytes(b"left over")
    assert sweep_files(tmp_path) == 0, "a new one may be waiting for its row"
    assert sweep_files(tmp_path, older_than=-1) == 1
    kept = [file for user in (USER, OTHER) for file in lived_in.case_files.of_case(lived_in.cases.of(user)[0].id)]
    assert len(kept) == 4
    assert all(lived_in.case_files.content(file) for file in kept)
