"""What whoever runs the bot sets, beside what the shop sets (bot/settings.py, which is this and more): its doors, its
limits, what is watched and whom it warns, what is kept twice.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from bot.webhook_address import usable_secret, usable_url


class Operating(BaseSettings):
    """The operator's part of the settings, with its defaults; each description is a line in `.env.example`."""

    drain_timeout: float = Field(default=20.0, gt=0, description="Seconds that a shutdown waits for answers under way")
    hung_after: float = Field(
        default=30.0,
        gt=0,
        description="Seconds after which a search, or the reading of a message, is taken to hang for ever; another "
        "thread takes its place",
    )
    owner_chat: int | None = Field(default=None, description="Telegram chat that receives the owner's warnings")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="How much is logged")
    log_format: Literal["text", "json"] = Field(
        default="text", description="How lines of the log look: text for people, json for machines"
    )
    health_port: int = Field(
        default=8082, ge=0, le=65535, description="Port of /livez, /readyz and /metrics; 0 takes a free one"
    )
    health_host: str = Field(
        default="127.0.0.1",
        description="Address that these are told at; another than loopback only in a network of your own",
    )
    disk_free_megabytes: int = Field(
        default=500, ge=0, description="Free space under which the owner is warned, and the bot says it is not ready"
    )
    memory_megabytes: int = Field(
        default=0, ge=0, description="Memory that the bot may hold, for the warning; 0: the limit of its service"
    )
    feed_stale_hours: float = Field(
        default=24.0,
        gt=0,
        description="Hours after which a feed that no longer syncs is reported to the owner",
    )
    feed_hosts: str = Field(
        default="",
        pattern=r"^[\w.:\[\]\s,-]*$",
        description="Hosts inside your own network that feeds may come from, such as erp.local, 10.0.0.7:8000",
    )

    # What is kept twice
    backups: Path | None = Field(
        default=None, description="Folder on another disk that each night's backup goes to; empty: none is made"
    )
    backup_keep_days: int = Field(default=7, ge=1, description="Days of which each keeps a backup of its own")
    backup_keep_weeks: int = Field(
        default=4, ge=0, description="Weeks of which each keeps a backup; after them nothing erased is left in any"
    )

    # How updates come in: polled for, or brought by a webhook.
    webhook_url: Annotated[str, AfterValidator(usable_url)] = Field(
        default="",
        description="Public https address that Telegram brings updates to, through a proxy of yours; empty: they are "
        "polled for",
    )
    webhook_host: str = Field(
        default="127.0.0.1", description="Address of this machine that the webhook listens on, for the proxy"
    )
    webhook_port: int = Field(default=8084, ge=0, le=65535, description="Port of the webhook, for the proxy")
    webhook_secret: Annotated[SecretStr, AfterValidator(usable_secret)] = Field(
        default=SecretStr(""),
        description="What Telegram sends with each update, 16 to 256 letters, digits, _ or -; empty: made up and kept "
        "in the data folder",
    )
    webhook_connections: int = Field(
        default=40, ge=1, le=100, description="Updates that Telegram may bring to the webhook at once"
    )

    # What goes out: Telegram's stated limits, and what it tolerates until it objects.
    chat_per_second: float = Field(default=1.0, gt=0, description="Messages a second to one private chat")
    chat_burst: int = Field(default=20, ge=4, description="Messages to one private chat at once, after a rest")
    group_per_minute: int = Field(default=20, ge=1, description="Messages to one group in any minute")
    all_per_second: float = Field(
        default=30.0,
        gt=0,
        description="Messages a second to all chats together, of those that nobody asked for; answers, too, for ten "
        "minutes after Telegram objected",
    )
    strict_pace: bool = Field(
        default=False, description="Keep answers within that limit from the start, before Telegram objects"
    )

    # What comes in.
    shopper_per_minute: int = Field(
        default=180, ge=10, description="Updates of one shopper in a minute; more are merged, with one notice"
    )
    queue_limit: int = Field(
        default=5000, ge=100, description="Updates that wait before no more are fetched, until half of them are worked"
    )
    busy_after: float = Field(
        default=8.0, gt=0, description="Seconds of waiting at which shoppers are told that the bot is busy"
    )
    refuse_after: float = Field(
        default=600.0, gt=0, description="Seconds of waiting at which new messages are refused, with a notice"
    )

    @property
    def inner_feed_hosts(self) -> frozenset[str]:
        """Names, or names with ports, in lower case."""
        return frozenset(host.strip().casefold() for host in self.feed_hosts.split(",") if host.strip())
