"""The layout of the database, one step after another.

A step that was released is never edited: a change is a new step. Money is an integer of minor units with its
currency; instants are UTC ISO text of fixed width, so that they sort; lists and records are JSON.
"""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from storage.backfill import backfill_conversations

migrations = Migrations("shop")


@migrations()
def m001_catalogue(db: Database) -> None:
    """Products, the values filters ask for, the words search asks for, and vectors by encoder version."""
    db.execute(
        """CREATE TABLE products (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
            title TEXT NOT NULL, title_zh TEXT NOT NULL, description TEXT NOT NULL, description_zh TEXT NOT NULL,
            category TEXT NOT NULL, categories TEXT NOT NULL, brand TEXT NOT NULL, colors TEXT NOT NULL,
            materials TEXT NOT NULL, sizes TEXT NOT NULL, audience TEXT NOT NULL, attributes TEXT NOT NULL,
            price INTEGER NOT NULL CHECK (price >= 0), currency TEXT NOT NULL, stock INTEGER,
            rating REAL, rating_count INTEGER NOT NULL, image_url TEXT NOT NULL, url TEXT NOT NULL,
            created_at TEXT, sponsored INTEGER NOT NULL, available INTEGER NOT NULL, text_hash TEXT NOT NULL
        ) STRICT"""
    )
    # Holds all that the commonest limits ask for, so that counting and matching need not read the wide rows.
    db.execute("CREATE INDEX products_by_price ON products (available, currency, price, stock, id)")
    db.execute("CREATE INDEX products_by_popularity ON products (available, rating_count, rating)")
    db.execute("CREATE INDEX products_by_age ON products (available, created_at)")
    db.execute(
        """CREATE TABLE product_values (
            product INTEGER NOT NULL REFERENCES products (number), slot TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (product, slot, value)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX product_values_by_value ON product_values (slot, value, product)")
    # The texts come segmented: the tokenizer has only to split at spaces.
    db.execute(
        """CREATE VIRTUAL TABLE product_text USING fts5 (
            title, title_zh, words, description, tokenize = 'unicode61 remove_diacritics 0'
        )"""
    )
    db.execute("CREATE VIRTUAL TABLE product_words USING fts5vocab ('product_text', 'row')")
    db.execute("CREATE TABLE catalogue_state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT")
    db.execute("INSERT INTO catalogue_state VALUES ('revision', 0), ('values', 0)")
    db.execute(
        """CREATE TABLE vectors (
            version TEXT NOT NULL, product_id TEXT NOT NULL REFERENCES products (id), text_hash TEXT NOT NULL,
            vector BLOB NOT NULL, PRIMARY KEY (version, product_id)
        ) STRICT"""
    )


@migrations()
def m002_conversations(db: Database) -> None:
    """What was said, what was shown, what came back, and what was learned from it."""
    db.execute(
        """CREATE TABLE turns (
            id INTEGER PRIMARY KEY AUTOINCREMENT, update_id INTEGER NOT NULL UNIQUE,
            user_id INTEGER NOT NULL, chat_id INTEGER NOT NULL,
            text TEXT NOT NULL, said_at TEXT NOT NULL, language TEXT NOT NULL, source TEXT NOT NULL,
            answered_at TEXT, understanding TEXT, need TEXT, slate TEXT, reply TEXT, timings TEXT, versions TEXT,
            degraded INTEGER NOT NULL DEFAULT 0, shown INTEGER NOT NULL DEFAULT 0
        ) STRICT"""
    )
    db.execute("CREATE INDEX turns_by_user ON turns (user_id, id)")
    db.execute(
        """CREATE TABLE impressions (
            id INTEGER PRIMARY KEY AUTOINCREMENT, turn_id INTEGER NOT NULL REFERENCES turns (id),
            user_id INTEGER NOT NULL, product_id TEXT NOT NULL REFERENCES products (id),
            position INTEGER NOT NULL, score REAL NOT NULL, features TEXT NOT NULL, parts TEXT NOT NULL,
            reasons TEXT NOT NULL, propensity REAL, shown_at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX impressions_by_turn ON impressions (turn_id, product_id)")
    db.execute("CREATE INDEX impressions_shown ON impressions (user_id, shown_at, product_id) WHERE position > 0")
    for table, key in (
        ("feedback", "PRIMARY KEY (impression_id, reaction)"),
        ("feedback_events", "id INTEGER PRIMARY KEY AUTOINCREMENT"),
    ):
        columns = [
            "impression_id INTEGER NOT NULL REFERENCES impressions (id)",
            "user_id INTEGER NOT NULL",
            "reaction TEXT NOT NULL",
            "at TEXT NOT NULL",
            key,
        ]
        db.execute(f"CREATE TABLE {table} ({', '.join(columns)}) STRICT")
        db.execute(f"CREATE INDEX {table}_by_user ON {table} (user_id, at)")
    db.execute(
        """CREATE TABLE tastes (
            user_id INTEGER PRIMARY KEY, features TEXT NOT NULL, precision BLOB NOT NULL, moment BLOB NOT NULL,
            version INTEGER NOT NULL, updated_at TEXT
        ) STRICT"""
    )


@migrations()
def m003_door(db: Database) -> None:
    """The inbox, what was sent, files already uploaded, and what is known of each shopper."""
    db.execute(
        """CREATE TABLE updates (
            update_id INTEGER PRIMARY KEY, bot_id INTEGER NOT NULL, user_id INTEGER NOT NULL, body TEXT NOT NULL,
            received_at TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('new', 'done', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '', finished_at TEXT
        ) STRICT"""
    )
    db.execute("CREATE INDEX updates_pending ON updates (update_id) WHERE state = 'new'")
    db.execute("CREATE INDEX updates_by_user ON updates (user_id)")
    db.execute(
        """CREATE TABLE malformed_updates (
            id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL, error TEXT NOT NULL, received_at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute(
        """CREATE TABLE sent (
            update_id INTEGER NOT NULL, ordinal INTEGER NOT NULL, chat_id INTEGER NOT NULL,
            message_id INTEGER NOT NULL, kind TEXT NOT NULL, turn_id INTEGER, sent_at TEXT NOT NULL,
            PRIMARY KEY (update_id, ordinal)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX sent_by_turn ON sent (turn_id)")
    db.execute("CREATE INDEX sent_by_chat ON sent (chat_id)")
    db.execute("CREATE TABLE files (key TEXT PRIMARY KEY, file_id TEXT NOT NULL, at TEXT NOT NULL) STRICT")
    db.execute(
        """CREATE TABLE shoppers (
            user_id INTEGER PRIMARY KEY, telegram_language TEXT NOT NULL DEFAULT '', language TEXT,
            blocked INTEGER NOT NULL DEFAULT 0, start_payload TEXT NOT NULL DEFAULT '',
            first_seen TEXT NOT NULL, last_seen TEXT NOT NULL
        ) STRICT"""
    )


@migrations()
def m004_feeds(db: Database) -> None:
    """How each synced feed is doing."""
    db.execute(
        """CREATE TABLE feeds (
            source TEXT PRIMARY KEY, every REAL NOT NULL, checked_at TEXT NOT NULL, good_at TEXT,
            products INTEGER NOT NULL, error TEXT NOT NULL
        ) STRICT"""
    )


@migrations()
def m005_fitted(db: Database) -> None:
    """What was fitted on the shop's own data (fusion weights, the shared prior), by version."""
    db.execute(
        """CREATE TABLE fitted (
            name TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL, figures TEXT NOT NULL,
            fitted_at TEXT NOT NULL, in_use INTEGER NOT NULL, PRIMARY KEY (name, version)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m006_owner(db: Database) -> None:
    """What the shop's own visitors did, and the owner's hand: pins, boosts, buries, what is hidden, synonyms.

    `visitor` is a keyed hash, never the shop's own id. The second index answers "how often lately" without the rows.
    """
    # The columns stand in the key's order: SQLite 3.40 finds damage in a table without row ids where they do not.
    db.execute(
        """CREATE TABLE behaviour (
            visitor TEXT NOT NULL, at TEXT NOT NULL, product_id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('view', 'cart', 'order')),
            PRIMARY KEY (visitor, at, product_id, kind)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX behaviour_by_product ON behaviour (product_id, kind, at)")
    db.execute(
        """CREATE TABLE merchandising (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            act TEXT NOT NULL CHECK (act IN ('pin', 'boost', 'bury', 'hide', 'synonym')), subject TEXT NOT NULL,
            means TEXT NOT NULL, both INTEGER NOT NULL, place INTEGER NOT NULL, factor REAL NOT NULL,
            query TEXT NOT NULL, category TEXT NOT NULL, begins TEXT, ends TEXT, note TEXT NOT NULL,
            added_at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("INSERT INTO catalogue_state VALUES ('behaviour', 0), ('merchandising', 0)")


@migrations()
def m007_evidence(db: Database) -> None:
    """Tastes hold evidence without the prior, half of a symmetric matrix, and count pages.

    They are derived: who has none, but pages in the log, gets one built at their next turn.
    """
    db.execute("DROP TABLE tastes")
    db.execute(
        """CREATE TABLE tastes (
            user_id INTEGER PRIMARY KEY, features TEXT NOT NULL, precision BLOB NOT NULL, moment BLOB NOT NULL,
            version INTEGER NOT NULL, updated_at TEXT, pages INTEGER NOT NULL, prior INTEGER NOT NULL
        ) STRICT"""
    )


@migrations()
def m008_spending(db: Database) -> None:
    """Tokens spent on writing, by the shop's day: of each shopper, and of all."""
    db.execute(
        """CREATE TABLE spending (
            day TEXT NOT NULL, user_id INTEGER NOT NULL, tokens INTEGER NOT NULL, calls INTEGER NOT NULL,
            PRIMARY KEY (day, user_id)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE spending_days (
            day TEXT PRIMARY KEY, tokens INTEGER NOT NULL, calls INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m009_conversations(db: Database) -> None:
    """Turns in conversations, with what lists of them are filtered by; the words of the talk; prices as shown.

    `languages` and `intents` hold a bit for each, `models` numbers between bars. The words of a turn go with it,
    whoever deletes it.
    """
    db.execute(
        """CREATE TABLE conversations (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
            first_turn INTEGER NOT NULL, last_turn INTEGER NOT NULL, began_at TEXT NOT NULL, ended_at TEXT NOT NULL,
            turns INTEGER NOT NULL DEFAULT 0, languages INTEGER NOT NULL DEFAULT 0,
            intents INTEGER NOT NULL DEFAULT 0, lowest_confidence REAL,
            thumbs_up INTEGER NOT NULL DEFAULT 0, thumbs_down INTEGER NOT NULL DEFAULT 0,
            fallbacks INTEGER NOT NULL DEFAULT 0, degraded INTEGER NOT NULL DEFAULT 0,
            handoffs INTEGER NOT NULL DEFAULT 0, models TEXT NOT NULL DEFAULT ''
        ) STRICT"""
    )
    db.execute("CREATE INDEX conversations_by_user ON conversations (user_id, id)")
    db.execute("CREATE TABLE understanders (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT")
    db.execute("ALTER TABLE turns ADD COLUMN conversation_id INTEGER REFERENCES conversations (id)")
    db.execute("ALTER TABLE turns ADD COLUMN fallback INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE impressions ADD COLUMN price INTEGER")
    db.execute("ALTER TABLE impressions ADD COLUMN currency TEXT")
    # The words hold letters and digits alone, parted by spaces: this tokenizer parts them nowhere else.
    db.execute("CREATE VIRTUAL TABLE turn_text USING fts5 (words, tokenize = 'ascii', columnsize = 0)")
    db.execute(
        """CREATE TRIGGER turn_text_gone AFTER DELETE ON turns BEGIN
            DELETE FROM turn_text WHERE rowid = (old.conversation_id << 32) + (old.id << 1);
            DELETE FROM turn_text WHERE rowid = (old.conversation_id << 32) + (old.id << 1) + 1;
        END"""
    )
    backfill_conversations(db)
    db.execute("CREATE INDEX turns_by_conversation ON turns (conversation_id, id)")


@migrations()
def m010_cases(db: Database) -> None:
    """Talks that a person takes over, what is said in them, messages that no update caused, and tickets.

    Turns may go before the cases that they opened (they are kept for a time only), hence what happens on delete.
    """
    db.execute(
        """CREATE TABLE cases (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, chat_id INTEGER NOT NULL,
            language TEXT NOT NULL, reason TEXT NOT NULL, turn_id INTEGER REFERENCES turns (id) ON DELETE SET NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'held', 'closed')), bot_speaks INTEGER NOT NULL DEFAULT 0,
            owner TEXT NOT NULL DEFAULT '', opened_at TEXT NOT NULL, taken_at TEXT, late_at TEXT, closed_at TEXT,
            outcome TEXT, satisfaction TEXT
        ) STRICT"""
    )
    db.execute("CREATE UNIQUE INDEX cases_open ON cases (user_id) WHERE state != 'closed'")
    db.execute("CREATE INDEX cases_by_state ON cases (state, opened_at)")
    db.execute("CREATE INDEX cases_by_user ON cases (user_id, closed_at)")
    db.execute("CREATE INDEX cases_by_turn ON cases (turn_id)")
    db.execute(
        """CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, user_id INTEGER NOT NULL,
            chat_id INTEGER NOT NULL, case_id INTEGER REFERENCES cases (id) ON DELETE CASCADE,
            turn_id INTEGER REFERENCES turns (id) ON DELETE SET NULL, body TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('new', 'sent', 'failed')), attempts INTEGER NOT NULL DEFAULT 0,
            why TEXT NOT NULL DEFAULT '', message_id INTEGER, at TEXT NOT NULL, sent_at TEXT
        ) STRICT"""
    )
    db.execute("CREATE INDEX outbox_pending ON outbox (chat_id, id) WHERE state = 'new'")
    db.execute("CREATE INDEX outbox_by_case ON outbox (case_id)")
    db.execute("CREATE INDEX outbox_by_turn ON outbox (turn_id)")
    db.execute("CREATE INDEX outbox_by_end ON outbox (sent_at)")
    db.execute(
        """CREATE TABLE case_messages (
            id INTEGER PRIMARY KEY AUTOINCREMENT, case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
            author TEXT NOT NULL CHECK (author IN ('shopper', 'staff', 'event')), name TEXT NOT NULL,
            text TEXT NOT NULL, turn_id INTEGER REFERENCES turns (id) ON DELETE CASCADE,
            outbox_id INTEGER REFERENCES outbox (id) ON DELETE SET NULL, at TEXT NOT NULL,
            UNIQUE (case_id, turn_id)
        ) STRICT"""
    )
    db.execute("CREATE INDEX case_messages_by_turn ON case_messages (turn_id)")
    db.execute("CREATE INDEX case_messages_by_outbox ON case_messages (outbox_id)")
    db.execute(
        """CREATE TABLE tickets (
            id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, user_id INTEGER NOT NULL, chat_id INTEGER NOT NULL,
            case_id INTEGER REFERENCES cases (id) ON DELETE SET NULL,
            kind TEXT NOT NULL CHECK (kind IN ('return', 'change', 'other')), order_said TEXT NOT NULL,
            text TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('open', 'working', 'waiting', 'done')),
            owner TEXT NOT NULL, due TEXT, opened_by TEXT NOT NULL, opened_at TEXT NOT NULL, closed_at TEXT,
            version INTEGER NOT NULL DEFAULT 1
        ) STRICT"""
    )
    db.execute("CREATE INDEX tickets_open ON tickets (due, id) WHERE state != 'done'")
    db.execute("CREATE INDEX tickets_by_user ON tickets (user_id)")
    db.execute("CREATE INDEX tickets_by_case ON tickets (case_id)")


@migrations()
def m011_second_readings(db: Database) -> None:
    """What an understander on trial read in turns that another one answered."""
    db.execute(
        """CREATE TABLE second_readings (
            turn_id INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE, model TEXT NOT NULL,
            understanding TEXT NOT NULL, milliseconds REAL NOT NULL, read_at TEXT NOT NULL,
            PRIMARY KEY (turn_id, model)
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX second_readings_by_model ON second_readings (model, turn_id)")


@migrations()
def m012_turn_times(db: Database) -> None:
    """Turns by their time: figures are counted day by day, and what is older than its period goes."""
    db.execute("CREATE INDEX turns_by_time ON turns (said_at)")


@migrations()
def m013_events_of_showings(db: Database) -> None:
    """A showing that goes is looked for in the log of reactions: without an index, each time through all of it."""
    db.execute("CREATE INDEX feedback_events_by_impression ON feedback_events (impression_id)")


@migrations()
def m014_orders(db: Database) -> None:
    """Orders, made in the chat or imported. An imported one belongs to nobody here until a shopper is linked to it."""
    db.execute(
        """CREATE TABLE orders (
            id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, user_id INTEGER, status TEXT NOT NULL,
            placed_at TEXT NOT NULL, updated_at TEXT NOT NULL, currency TEXT NOT NULL,
            total INTEGER NOT NULL CHECK (total >= 0), source TEXT NOT NULL CHECK (source IN ('bot', 'import')),
            tracking TEXT NOT NULL DEFAULT '', payment TEXT NOT NULL DEFAULT '', campaign TEXT NOT NULL DEFAULT ''
        ) STRICT"""
    )
    db.execute("CREATE INDEX orders_by_user ON orders (user_id, placed_at)")
    db.execute(
        """CREATE TABLE order_lines (
            order_id INTEGER NOT NULL REFERENCES orders (id) ON DELETE CASCADE, line INTEGER NOT NULL,
            product_id TEXT NOT NULL, title TEXT NOT NULL, variant TEXT NOT NULL,
            quantity INTEGER NOT NULL CHECK (quantity > 0), unit_price INTEGER NOT NULL CHECK (unit_price >= 0),
            PRIMARY KEY (order_id, line)
        ) STRICT, WITHOUT ROWID"""
    )


@migrations()
def m015_cart_and_saved(db: Database) -> None:
    """What a shopper means to buy, and keeps for later. `price` is the last one that the shopper was told."""
    db.execute(
        """CREATE TABLE cart_lines (
            id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, product_id TEXT NOT NULL REFERENCES products (id),
            color TEXT NOT NULL, size TEXT NOT NULL, quantity INTEGER NOT NULL CHECK (quantity > 0),
            price INTEGER NOT NULL, currency TEXT NOT NULL, impression_id INTEGER NOT NULL, added_at TEXT NOT NULL,
            UNIQUE (user_id, product_id, color, size)
        ) STRICT"""
    )
    # The turn whose messages show the cart, so that its buttons change it in place.
    db.execute("CREATE TABLE cart_views (user_id INTEGER PRIMARY KEY, turn_id INTEGER NOT NULL) STRICT")
    db.execute(
        """CREATE TABLE saved (
            id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, product_id TEXT NOT NULL REFERENCES products (id),
            impression_id INTEGER NOT NULL, saved_at TEXT NOT NULL, notify INTEGER NOT NULL DEFAULT 0,
            price INTEGER NOT NULL, currency TEXT NOT NULL, sold_out INTEGER NOT NULL,
            UNIQUE (user_id, product_id)
        ) STRICT"""
    )
    db.execute("CREATE INDEX saved_watched ON saved (product_id) WHERE notify = 1")


@migrations()
def m017_policies(db: Database) -> None:
    """The shop's own pages by heading, and vectors of their texts by what was embedded."""
    db.execute(
        """CREATE TABLE policy_passages (
            number INTEGER PRIMARY KEY AUTOINCREMENT, language TEXT NOT NULL, page TEXT NOT NULL, anchor TEXT NOT NULL,
            title TEXT NOT NULL, url TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,
            position INTEGER NOT NULL, demo INTEGER NOT NULL, UNIQUE (language, page, anchor)
        ) STRICT"""
    )
    db.execute(
        """CREATE TABLE policy_vectors (
            version TEXT NOT NULL, text_hash TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (version, text_hash)
        ) STRICT"""
    )
    db.execute("INSERT INTO catalogue_state VALUES ('policies', 0)")


@migrations()
def m018_order_links(db: Database) -> None:
    """Codes by which imported orders become a shopper's, and wrong tries. A code goes when it was used."""
    db.execute(
        """CREATE TABLE order_codes (
            order_id INTEGER PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE, code_hash TEXT NOT NULL UNIQUE,
            ends_at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE TABLE link_tries (user_id INTEGER NOT NULL, at TEXT NOT NULL) STRICT")
    db.execute("CREATE INDEX link_tries_by_user ON link_tries (user_id, at)")


@migrations()
def m019_former_prices(db: Database) -> None:
    """What the shop asked before a sale: a saving is shown from the row alone."""
    db.execute("ALTER TABLE products ADD COLUMN former_price INTEGER CHECK (former_price >= 0)")
    db.execute("CREATE INDEX products_on_sale ON products (available) WHERE former_price > price")


@migrations()
def m020_the_shoppers_own(db: Database) -> None:
    """What shoppers told the bot to keep in mind, whether they agreed to that, and by which links they came."""
    db.execute(
        """CREATE TABLE preferences (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
            stance TEXT NOT NULL CHECK (stance IN ('like', 'never', 'usual')), slot TEXT NOT NULL, value TEXT NOT NULL,
            text TEXT NOT NULL, noted_at TEXT NOT NULL, UNIQUE (user_id, slot, value)
        ) STRICT"""
    )
    db.execute("ALTER TABLE shoppers ADD COLUMN remembers INTEGER")
    db.execute(
        """CREATE TABLE campaign_visits (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL, campaign TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX campaign_visits_by_user ON campaign_visits (user_id, at)")


@migrations()
def m021_house(db: Database) -> None:
    """Days unlike the others, messages that wait for the morning, and files that are sent within a case.

    A file lies in the data folder under `name`; its row says what it is and whose, and goes with its case or turn.
    """
    db.execute(
        """CREATE TABLE special_days (
            day TEXT PRIMARY KEY, hours TEXT NOT NULL, note TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE case_files (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
            case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
            turn_id INTEGER REFERENCES turns (id) ON DELETE CASCADE, name TEXT NOT NULL UNIQUE,
            media TEXT NOT NULL, title TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute("CREATE INDEX case_files_by_user ON case_files (user_id)")
    db.execute("CREATE INDEX case_files_by_case ON case_files (case_id)")
    db.execute("CREATE UNIQUE INDEX case_files_by_turn ON case_files (turn_id)")
    db.execute("ALTER TABLE outbox ADD COLUMN not_before TEXT")
    db.execute("ALTER TABLE outbox ADD COLUMN file_id INTEGER REFERENCES case_files (id) ON DELETE SET NULL")
    db.execute("CREATE INDEX outbox_by_file ON outbox (file_id)")
    db.execute("ALTER TABLE case_messages ADD COLUMN file_id INTEGER REFERENCES case_files (id) ON DELETE SET NULL")
    db.execute("CREATE INDEX case_messages_by_file ON case_messages (file_id)")


@migrations()
def m022_erasures(db: Database) -> None:
    """Who is being forgotten, until it is done: an erasure takes many small transactions."""
    db.execute("CREATE TABLE erasures (user_id INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT")


@migrations()
def m023_erased(db: Database) -> None:
    """That somebody was erased, as a keyed hash: a backup from before is restored without them."""
    db.execute("CREATE TABLE erased (who TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (who, at)) STRICT, WITHOUT ROWID")


@migrations()
def m026_health(db: Database) -> None:
    """What of the bot's health outlives a restart: that a write succeeds, how each alert stands, when the owner was
    written to. Nothing here is about a shopper.
    """
    db.execute("CREATE TABLE heartbeats (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT, WITHOUT ROWID")
    db.execute(
        """CREATE TABLE alerts (
            rule TEXT PRIMARY KEY, over REAL, calm REAL, since REAL, ended REAL, told_at REAL, tellings INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID"""
    )
    db.execute("CREATE TABLE alert_messages (id INTEGER PRIMARY KEY, at REAL NOT NULL) STRICT")


@migrations()
def m030_word_instances(db: Database) -> None:
    """Where each word stands, as the full-text index has it: what ranking in memory is read from."""
    db.execute("CREATE VIRTUAL TABLE product_instances USING fts5vocab ('product_text', 'instance')")


@migrations()
def m031_ticket_files(db: Database) -> None:
    """A file may belong to a ticket, or wait for one. What names files is put aside while their table is made anew: its
    going would empty those columns.
    """
    named = {table: _file_ids(db, table) for table in ("outbox", "case_messages")}
    highest = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'case_files'").fetchone()
    db.execute(
        """CREATE TABLE files_anew (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
            case_id INTEGER REFERENCES cases (id) ON DELETE CASCADE,
            ticket_id INTEGER REFERENCES tickets (id) ON DELETE CASCADE,
            turn_id INTEGER REFERENCES turns (id) ON DELETE CASCADE, name TEXT NOT NULL UNIQUE,
            media TEXT NOT NULL, title TEXT NOT NULL, size INTEGER NOT NULL, at TEXT NOT NULL
        ) STRICT"""
    )
    db.execute(
        """INSERT INTO files_anew (id, user_id, case_id, turn_id, name, media, title, size, at)
        SELECT id, user_id, case_id, turn_id, name, media, title, size, at FROM case_files"""
    )
    db.execute("DROP TABLE case_files")
    db.execute("ALTER TABLE files_anew RENAME TO case_files")
    if highest:
        db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'case_files'", highest)
    for column in ("user", "case", "ticket"):
        db.execute(f"CREATE INDEX case_files_by_{column} ON case_files ({column}_id)")
    db.execute("CREATE UNIQUE INDEX case_files_by_turn ON case_files (turn_id)")
    for table, ids in named.items():
        db.conn.executemany(f"UPDATE {table} SET file_id = ? WHERE id = ?", ids)


@migrations()
def m032_changed(db: Database) -> None:
    """The catalogue's revision that last changed a product: who keeps products in memory reads only what is newer."""
    db.execute("ALTER TABLE products ADD COLUMN changed INTEGER NOT NULL DEFAULT 0")
    db.execute("CREATE INDEX products_by_change ON products (changed)")


@migrations()
def m035_avoided(db: Database) -> None:
    """What a shopper would rather avoid is another thing than what is never wanted. Ids are never given twice."""
    highest = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'preferences'").fetchone()
    db.execute(
        """CREATE TABLE preferences_anew (
            id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
            stance TEXT NOT NULL CHECK (stance IN ('like', 'avoid', 'never', 'usual')), slot TEXT NOT NULL,
            value TEXT NOT NULL, text TEXT NOT NULL, noted_at TEXT NOT NULL, UNIQUE (user_id, slot, value)
        ) STRICT"""
    )
    db.execute(
        """INSERT INTO preferences_anew (id, user_id, stance, slot, value, text, noted_at)
        SELECT id, user_id, stance, slot, value, text, noted_at FROM preferences"""
    )
    db.execute("DROP TABLE preferences")
    db.execute("ALTER TABLE preferences_anew RENAME TO preferences")
    if highest:
        db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'preferences'", highest)


@migrations()
def m036_shown_currency(db: Database) -> None:
    """In what prices are shown beside the shop's currency; NULL as the language goes, "" in nothing else."""
    db.execute("ALTER TABLE shoppers ADD COLUMN currency TEXT")


@migrations()
def m037_cleared(db: Database) -> None:
    """Turns after which nothing counts as on screen: the shopper began anew."""
    db.execute("ALTER TABLE turns ADD COLUMN cleared INTEGER NOT NULL DEFAULT 0")


@migrations()
def m038_variants(db: Database) -> None:
    """What a product can be bought in, each with stock and price of its own, and its further pictures; which colour and
    size of a saved product a shopper waits for, "" for any.
    """
    for column in ("pictures", "variants"):
        db.execute(f"ALTER TABLE products ADD COLUMN {column} TEXT NOT NULL DEFAULT '[]'")
    for column in ("color", "size"):
        db.execute(f"ALTER TABLE saved ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")


@migrations()
def m039_looks(db: Database) -> None:
    """How product pictures look: the vector of a CLIP model, NULL where the picture could not be had or read."""
    db.execute(
        """CREATE TABLE looks (
            product_id TEXT PRIMARY KEY REFERENCES products (id), model TEXT NOT NULL, picture TEXT NOT NULL,
            vector BLOB, tried_at TEXT NOT NULL
        ) STRICT"""
    )


def _file_ids(db: Database, table: str) -> list[tuple[int, int]]:
    """The files that rows of a table name, and the rows."""
    return db.execute(f"SELECT file_id, id FROM {table} WHERE file_id IS NOT NULL").fetchall()
