"""What an invoice carries for the bot alone: its payload, which shoppers never see."""

from __future__ import annotations

from sqlite_utils import Database


class Invoices:
    """Reads and writes payloads; the caller opens the transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, chat_id: int, message_id: int, payload: str) -> None:
        self._database.table("invoices").insert({"chat_id": chat_id, "message_id": message_id, "payload": payload})

    def payload(self, chat_id: int, message_id: int) -> str:
        """The payload of an invoice; "" where the message is none."""
        sql = "SELECT payload FROM invoices WHERE chat_id = ? AND message_id = ?"
        row = next(iter(self._database.query(sql, [chat_id, message_id])), None)
        return str(row["payload"]) if row else ""
