"""Who asks to be forgotten is found nowhere any more, in either database file; and what is too old goes by itself."""

import sqlite3
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from bot.cli.main import shopbot
from bot.console.counting import refresh
from bot.settings import Settings
from bot.upkeep.retention import cuts
from storage import instants
from storage.cases import CaseReason
from storage.console.database import ConsoleStore
from storage.console.day_sums import Asked
from storage.console.labels import Label, Verdict
from storage.console.staff import Role
from storage.records import Intent, Reaction, Update
from storage.retention import Kept, due, expire
from storage.tickets import TicketKind
from tests.support.figures import Talk
from tests.support.staff import Member

USER, OTHER = 7_123_456_789, 8_987_654_321
SECRET, ELSE = "a saddle for wilhelmina", "a bridle for bartholomew"


@pytest.fixture
def lived_in(folder):
    """Two shoppers with talk, showings, reactions, labels and a wish that nothing satisfied."""
    with Talk(folder) as talk:
        for user, said in ((USER, SECRET), (OTHER, ELSE)):
            shown = talk.turn(said, user=user, cards=2)
            talk.react(shown, 0, Reaction.LIKE)
            talk.turn(f"{said} please", user=user, admitted=0)
            talk.campaign(user, f"ref_{user}x")
            talk.shop.inbox.add([Update(user % 1000, user, f'{{"text": "{said}", "id": {user}}}', datetime.now(UTC))])
        turns = [id for (id,) in talk.shop.db.execute("SELECT id FROM turns ORDER BY id").fetchall()]
    with ConsoleStore.open(folder) as store:
        refresh(store, ZoneInfo("UTC"))
        for turn in turns:
            store.labels.put(Label(turn, Verdict.WRONG, Intent.REFINE, by="ana"), expected_version=0)
    return folder


def held(folder, *needles):
    """Which of the needles stand in which database, in any column of any table; and in the bytes of its files."""
    found = set()
    for name in ("shop.db", "console.db"):
        db = sqlite3.connect(folder / name)
        db.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            if table.startswith(("product_text", "product_words")):
                continue
            for row in db.execute(f'SELECT * FROM "{table}"'):
                found |= {(name, needle) for needle in needles if needle in " ".join(map(str, row)).casefold()}
        db.close()
        for file in folder.glob(f"{name}*"):
            raw = file.read_bytes()
            found |= {(file.name, needle) for needle in needles if needle.encode() in raw}
    return found


def test_an_admin_erases_a_shopper(lived_in, boss):
    assert held(lived_in, str(USER), SECRET)
    page = boss.post("/people/erase", user_id=str(USER), again=str(USER))
    assert "rows erased" in page.text
    boss.client.app.state.desk.close()
    left = held(lived_in, str(USER), "wilhelmina")
    assert {(file, needle) for file, needle in left if not file.endswith("-shm")} == set()
    assert ("shop.db", "bartholomew") in held(lived_in, "bartholomew")
    with ConsoleStore.open(lived_in, readonly=True) as store:
        assert len(list(store.labels.settled())) == 2
        assert [each.wish for each in store.figures.unmet(Asked("2000-01-01", "2100-01-01"), 9)] == [f"{ELSE} please"]
        deed = store.audit.latest(1)[0]
        assert (deed.act, deed.staff) == ("erase", "boss")
        assert str(USER) not in f"{deed.subject} {deed.detail}"
        sums = store.figures.totals("turns", Asked("2000-01-01", "2100-01-01"))
        assert sums == {"messages": 4}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_only_what_was_written_twice_is_erased(lived_in, app, language):
    admin = Member.of(app, "root", Role.ADMIN, language)
    refused = admin.post("/people/erase", user_id=str(USER), again=str(USER + 1))
    assert ("differ" if language == "en" else "不同") in refused.text
    for odd in ("", "x", "-1", "0", "7" * 30, "٣", "1; DROP TABLE turns"):
        answer = admin.post("/people/erase", user_id=odd, again=odd)
        assert answer.status_code == 200
        assert "rows erased" not in answer.text
    assert held(lived_in, SECRET)


def test_others_may_not_erase(lived_in, app):
    wei = Member.of(app, "wei", Role.REVIEWER)
    assert wei.get("/people/erase").status_code == 403
    assert wei.post("/people/erase", user_id=str(USER), again=str(USER)).status_code == 403
    assert held(lived_in, SECRET)


def test_the_command_erases_too(lived_in):
    done = CliRunner().invoke(shopbot, ["erase", str(USER), "--yes", "--data", str(lived_in)])
    assert done.exit_code == 0, done.output
    assert "turns" in done.output
    assert not held(lived_in, str(USER), "wilhelmina")
    again = CliRunner().invoke(shopbot, ["erase", str(USER), "--yes", "--data", str(lived_in)])
    assert "Nothing was known" in again.output


# --- periods --------------------------------------------------------------------------------------------------------


@pytest.fixture
def aged(folder):
    """Talk of three ages: 900, 400 and 0 days."""
    with Talk(folder) as talk:
        for number, days in enumerate((900, 400, 0), start=1):
            at = datetime.now(UTC) - timedelta(days=days)
            shown = talk.turn(f"lamp of {days} days", user=number, cards=2, at=at)
            talk.react(shown, 0, Reaction.LIKE)
            talk.shop.db.execute("UPDATE impressions SET shown_at = ? WHERE user_id = ?", [at.isoformat(), number])
            talk.shop.inbox.add([Update(number, number, '{"text": "hi"}', at)])
            talk.shop.db.execute("UPDATE updates SET state = 'done' WHERE update_id = ?", [number])
    return folder


def test_old_talk_goes_and_its_sums_stay(aged):
    dry = CliRunner().invoke(shopbot, ["retention", "--dry-run", "--data", str(aged)])
    assert "talk" in dry.output
    assert held(aged, "lamp of 900 days")
    done = CliRunner().invoke(shopbot, ["retention", "--data", str(aged)])
    assert done.exit_code == 0, done.output
    assert not held(aged, "lamp of 900 days")
    assert held(aged, "lamp of 400 days")
    asked = Asked("2000-01-01", "2100-01-01")
    with ConsoleStore.open(aged) as store:
        assert store.figures.totals("turns", asked) == {"messages": 3}
        store.figures.forget()
        refresh(store, ZoneInfo("UTC"))
        assert store.figures.totals("turns", asked) == {"messages": 3}
    db = sqlite3.connect(aged / "shop.db")
    assert [row[0] for row in db.execute("SELECT body FROM updates ORDER BY update_id")] == ["", "", '{"text": "hi"}']
    assert db.execute("SELECT count(*) FROM conversations").fetchone()[0] == 2
    assert db.execute("SELECT count(*) FROM impressions").fetchone()[0] == 4
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


def test_every_step_is_a_small_one(folder):
    with Talk(folder) as talk:
        for number in range(50):
            at = datetime.now(UTC) - timedelta(days=900, minutes=number)
            talk.turn(f"lamp {number}", user=number + 1, cards=1, at=at)
        cut = datetime.now(UTC) - timedelta(days=800)
        assert due(talk.shop, Kept.TALK, cut) == 50
        steps, cursor = [], 0
        while cursor is not None:
            step = expire(talk.shop, Kept.TALK, cut, cursor)
            steps.append(step.gone)
            cursor = step.next
        assert steps[:3] == [20, 20, 10]
        assert due(talk.shop, Kept.TALK, cut) == 0


def test_closed_cases_and_done_tickets_go_and_open_ones_stay(folder):
    long_ago = datetime.now(UTC) - timedelta(days=900)
    with Talk(folder) as talk:
        shop = talk.shop
        for user in (1, 2):
            shown = talk.turn("lamp", user=user, cards=1, at=long_ago)
            turn = shop.db.execute("SELECT turn_id FROM impressions WHERE id = ?", [shown[0].id]).fetchone()[0]
            case, _ = shop.cases.open(user, user, "en", CaseReason.ASKED, long_ago, turn)
            shop.case_talk.heard(case.id, turn, long_ago)
            shop.tickets.add(user, user, TicketKind.RETURN, "the lamp broke", "ana", long_ago, case_id=case.id)
        for table, ended in (("cases", "closed"), ("tickets", "done")):
            shop.db.execute(
                f"UPDATE {table} SET state = ?, closed_at = ? WHERE user_id = 1", [ended, instants.to_text(long_ago)]
            )
        cut = datetime.now(UTC) - timedelta(days=800)
        assert expire(shop, Kept.TALK, cut).next is not None
        left = {
            table: shop.db.execute(f"SELECT group_concat(user_id) FROM {table}").fetchone()[0]
            for table in ("turns", "cases", "tickets", "conversations")
        }
        assert left == {"turns": None, "cases": "2", "tickets": "2", "conversations": None}
        assert shop.db.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_period_is_for_ever(aged):
    settings = Settings(
        _env_file=None, data=aged, keep_transcripts_days=0, keep_impressions_days=0, keep_inbox_days=0,
    )  # fmt: skip
    assert cuts(settings, datetime.now(UTC)) == {}
