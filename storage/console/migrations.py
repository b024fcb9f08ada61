"""The layout of the console's database, one step after another, as that of the shop's (storage/migrations.py)."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage.console.first_replies import stock_replies

migrations = Migrations("console")


@migrations()
def c001_people(db: Database) -> None:
    """Who may sign in, who is signed in, who tried, and what was done."""
    db.execute(
        """CREATE TABLE staff (
            name TEXT PRIMARY KEY COLLATE NOCASE, role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'admin')),
            language TEXT NOT NULL, password TEXT NOT NULL, added_at TEXT NOT NULL, changed_at TEXT NOT NULL,
            active INTEGER NOT NULL DEFAULT 1
        ) STRICT"""
    )
    # The key is a hash: whoever reads this file, or a backup of it, cannot sign in with what it holds.
    db.execute(
        """CREATE TABLE sessions (
            key TEXT PRIMARY KEY, staff TEXT NOT NULL REFERENCES staff (name) ON DELETE CASCADE,
            csrf TEXT NOT NULL, began_at TEXT NOT NULL, seen_at TEXT NOT NULL, revealed TEXT NOT NULL DEFAULT '{}',
            flash TEXT NOT NULL DEFAULT ''
        ) STRICT"""
    )
    db.execute("CREATE INDEX sessions_by_staff ON sessions (staff)")
    db.execute("CREATE TABLE sign_in_failures (who TEXT NOT NULL, at TEXT NOT NULL) STRICT")
    db.execute("CREATE INDEX sign_in_failures_by_who ON sign_in_failures (who, at)")
    db.execute(
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, staff TEXT NOT NULL, act TEXT NOT NULL,
            subject TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX audit_by_staff ON audit (staff, id)")
    db.execute("CREATE INDEX audit_by_act ON audit (act, id)")
    for act in ("UPDATE", "DELETE"):
        # Retention empties old rows through `audit_keep`, the one door that is left open (storage/console/audit.py).
        condition = "" if act == "UPDATE" else " WHEN OLD.at >= (SELECT before FROM audit_keep)"
        db.execute(
            f"""CREATE TRIGGER audit_no_{act.lower()} BEFORE {act} ON audit{condition}
            BEGIN SELECT RAISE(ABORT, 'the audit log is not changed'); END"""
        )
    db.execute("CREATE TABLE audit_keep (before TEXT NOT NULL) STRICT")
    db.execute("INSERT INTO audit_keep VALUES ('')")


@migrations()
def c002_review(db: Database) -> None:
    """Labels with their events, second opinions, the queue with its claims, notes and tags.

    Events are for good: only while `sweeping` holds a row, which erasing puts there for one transaction, may any go.
    """
    db.execute(
        """CREATE TABLE labels (
            turn_id INTEGER PRIMARY KEY, verdict TEXT NOT NULL, intent TEXT, also TEXT NOT NULL, slots TEXT NOT NULL,
            lane TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, version INTEGER NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX labels_by_time ON labels (at)")
    db.execute(
        """CREATE TABLE label_events (
            id INTEGER PRIMARY KEY AUTOINCREMENT, turn_id INTEGER NOT NULL, act TEXT NOT NULL, by TEXT NOT NULL,
            at TEXT NOT NULL, before TEXT, after TEXT, version INTEGER NOT NULL, batch INTEGER NOT NULL, undoes INTEGER
        ) STRICT"""
    )
    db.execute("CREATE INDEX label_events_by_turn ON label_events (turn_id, version)")
    db.execute("CREATE INDEX label_events_by_staff ON label_events (by, id)")
    db.execute("CREATE INDEX label_events_by_batch ON label_events (batch)")
    db.execute("CREATE TABLE sweeping (id INTEGER PRIMARY KEY CHECK (id = 1)) STRICT")
    db.execute(
        """CREATE TRIGGER label_events_stay BEFORE DELETE ON label_events
        WHEN NOT EXISTS (SELECT 1 FROM sweeping) BEGIN SELECT RAISE(ABORT, 'label events are for good'); END"""
    )
    db.execute(
        """CREATE TRIGGER label_events_hold BEFORE UPDATE ON label_events
        BEGIN SELECT RAISE(ABORT, 'label events are for good'); END"""
    )
    db.execute(
        """CREATE TABLE opinions (
            turn_id INTEGER PRIMARY KEY, first_by TEXT NOT NULL, asked_at TEXT NOT NULL, by TEXT, given_at TEXT,
            verdict TEXT, intent TEXT, also TEXT, slots TEXT,
            first_verdict TEXT, first_intent TEXT, first_also TEXT, first_slots TEXT, resolved_by TEXT, resolved_at TEXT
        ) STRICT"""
    )
    db.execute("CREATE INDEX opinions_waiting ON opinions (asked_at) WHERE given_at IS NULL")
    db.execute(
        """CREATE TABLE review_queue (
            turn_id INTEGER PRIMARY KEY, worth REAL NOT NULL, reasons TEXT NOT NULL, draw REAL NOT NULL,
            sampled INTEGER NOT NULL, said_at TEXT NOT NULL, waits_since TEXT, done INTEGER NOT NULL DEFAULT 0
        ) STRICT"""
    )
    db.execute(
        """CREATE INDEX review_queue_by_worth ON review_queue (waits_since, worth DESC, turn_id DESC)
        WHERE done = 0 AND sampled = 0"""
    )
    db.execute("CREATE INDEX review_queue_sample ON review_queue (waits_since, draw) WHERE done = 0 AND sampled = 1")
    db.execute(
        """CREATE TABLE claims (
            turn_id INTEGER PRIMARY KEY, by TEXT NOT NULL, lane TEXT NOT NULL, until TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX claims_by_staff ON claims (by)")
    db.execute("CREATE TABLE queue_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT")
    db.execute(
        """CREATE TABLE notes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, conversation_id INTEGER NOT NULL, turn_id INTEGER, text TEXT NOT NULL,
            by TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX notes_by_conversation ON notes (conversation_id, id)")
    db.execute(
        """CREATE TABLE tags (
            conversation_id INTEGER NOT NULL, tag TEXT NOT NULL, turn_id INTEGER NOT NULL DEFAULT 0,
            by TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (conversation_id, tag, turn_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX tags_by_name ON tags (tag, conversation_id)")
    db.execute(
        """CREATE TABLE reviewed_conversations (
            conversation_id INTEGER PRIMARY KEY, labelled INTEGER NOT NULL, last_at TEXT NOT NULL
        ) STRICT"""
    )


@migrations()
def c003_handoff(db: Database) -> None:
    """Replies kept ready for staff, and what staff note about cases and tickets among themselves."""
    db.execute(
        """CREATE TABLE canned (
            id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE COLLATE NOCASE, en TEXT NOT NULL,
            zh TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL, version INTEGER NOT NULL DEFAULT 1
        ) STRICT"""
    )
    db.execute(
        """CREATE TABLE case_notes (
            id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER, ticket_id INTEGER, text TEXT NOT NULL,
            by TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX case_notes_by_case ON case_notes (case_id, id)")
    db.execute("CREATE INDEX case_notes_by_ticket ON case_notes (ticket_id, id)")


@migrations()
def c005_figures(db: Database) -> None:
    """Sums of each day, which know nobody, and the searches that found nothing, which go with their turns.

    A day without `built_at` is to be counted anew; one that is `closed` lost turns to retention and stays as it is.
    """
    db.execute(
        """CREATE TABLE day_sums (
            measure TEXT NOT NULL, day TEXT NOT NULL, language TEXT NOT NULL, campaign TEXT NOT NULL,
            key TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (measure, day, language, campaign, key)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE figure_days (
            day TEXT PRIMARY KEY, built_at TEXT, closed INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE unmet (
            turn_id INTEGER PRIMARY KEY, day TEXT NOT NULL, language TEXT NOT NULL, campaign TEXT NOT NULL,
            wish TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX unmet_by_day ON unmet (day, language, campaign, wish)")
    db.execute("CREATE TABLE figure_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO figure_state VALUES ('turn', 0), ('feedback', 0), ('refreshed', 0)")


@migrations()
def c006_views(db: Database) -> None:
    """Lists as somebody narrowed them, under names of their own."""
    db.execute(
        """CREATE TABLE views (
            id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL COLLATE NOCASE, page TEXT NOT NULL,
            name TEXT NOT NULL COLLATE NOCASE, query TEXT NOT NULL, shared INTEGER NOT NULL, at TEXT NOT NULL,
            UNIQUE (owner, page, name)
        ) STRICT"""
    )


@migrations()
def c007_replies_to_begin_with(db: Database) -> None:
    """A shop that has kept no reply yet begins with ours; whoever removes one of them is rid of it."""
    if not db.execute("SELECT count(*) FROM canned").fetchone()[0]:
        stock_replies(db)


@migrations()
def c008_nights(db: Database) -> None:
    """The nightly work, and figures that are too much to count at a look: counted by night, kept as JSON."""
    db.execute(
        """CREATE TABLE nights (
            day TEXT PRIMARY KEY, state TEXT NOT NULL CHECK (state IN ('running', 'done', 'failed')),
            tries INTEGER NOT NULL, began_at TEXT NOT NULL, ended_at TEXT, said TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE counted (
            name TEXT PRIMARY KEY, at TEXT NOT NULL, body TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def c009_latency_by_language(db: Database) -> None:
    """Latency is summed by language: days whose talk is still kept are counted anew."""
    db.execute("UPDATE figure_days SET built_at = NULL WHERE closed = 0")
