"""Every setting of the bot, and the only reader of the environment.

Names are `SHOPBOT_<FIELD>`; the Telegram ones keep the names that hosting guides use. `.env.example` lists them all,
and a test holds the two together. A misspelt `SHOPBOT_...` name stops the start: a setting that is silently ignored
costs an evening.
"""

from __future__ import annotations

import os
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from bot.money import Rates
from bot.office_hours import OfficeHours, time_of_day
from bot.operating import Operating
from bot.quiet_hours import QuietHours
from nlu.precision import DEFAULT, Precision
from recommender.config import ArrivalConfig, RecommenderConfig
from recommender.heat import HeatConfig

_PREFIX = "SHOPBOT_"


class SettingsError(Exception):
    """A setting is unknown or unusable; the message is one sentence a shop owner can act on."""


class Settings(Operating):
    """The settings with their defaults; each field's description is its line in `.env.example`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", extra="ignore", frozen=True)

    telegram_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("TELEGRAM_BOT_TOKEN", "telegram_bot_token"),
        description="Token from @BotFather. Empty: the local Bot API with its web chat",
    )
    telegram_api_base: str = Field(
        default="https://api.telegram.org",
        validation_alias=AliasChoices("TELEGRAM_API_BASE", "telegram_api_base"),
        description="Another Bot API server, for instance your own",
    )
    data: Path = Field(default=Path("data"), description="Folder of the database, the index and derived models")
    chat_port: int = Field(
        default=8080, ge=0, le=65535, description="Port of the web chat on loopback; 0 takes a free one"
    )
    console_port: int = Field(
        default=8081, ge=0, le=65535, description="Port of the staff console on loopback; 0 takes a free one"
    )
    console_origin: str = Field(
        default="",
        pattern=r"^(https?://[^/\s]+)?$",
        description="Address of the staff console as staff type it, where a proxy stands before it; empty: loopback",
    )
    review_days: float = Field(
        default=30.0, gt=0, description="Days for which a message may be put before reviewers in the staff console"
    )
    review_sample: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Share of messages drawn blindly for review, which alone tell how good the model is",
    )
    second_opinions: float = Field(
        default=0.1, ge=0, le=1, description="Share of reviewed messages that another reviewer is given too, blind"
    )
    voice_command: str = Field(
        default="",
        description="Recogniser of voice messages on this machine: {file} stands for the file, it prints the words",
    )
    clip_model: Path | None = Field(
        default=None,
        description="Folder of a CLIP model that finds what looks like a photo; empty: photos go by their colours",
    )
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="The shop's currency (ISO 4217)")
    rates: str = Field(
        default="CNY=7.11,EUR=0.86,GBP=0.75,JPY=156,HKD=7.78",
        description="What one unit of the shop's currency costs in others, for limits said in them",
    )
    rates_date: date = Field(default=date(2026, 11, 20), description="The day these rates were read")
    time_zone: str = Field(default="UTC", description="The shop's clock, for seasons and hours (IANA name)")
    page_size: int = Field(default=3, ge=1, le=5, description="Cards on a page")
    policy: Literal["thompson", "greedy", "linucb"] = Field(
        default="thompson", description="How the ranker explores: thompson, linucb or greedy"
    )
    popular_days: float = Field(
        default=60.0, gt=0, description="Days after which an order or a reaction counts half for popularity"
    )
    trending_days: float = Field(
        default=3.0, gt=0, description="Days after which an order or a reaction counts half for what trends"
    )
    holdout: float = Field(
        default=0.05,
        ge=0,
        le=1,
        description="Share of shoppers who are served by the plain ranker for good, to measure by",
    )
    hemisphere: Literal["northern", "southern"] = Field(
        default="northern", description="Where the shop's seasons are those of: northern or southern"
    )
    new_share: float = Field(
        default=0.1,
        ge=0,
        le=1,
        description="Share of pages on which one place may go to a new product, to try it; 0: none",
    )
    new_days: float = Field(default=30.0, gt=0, le=30, description="Days for which a product is tried as a new one")
    new_patience: int = Field(
        default=60, ge=1, description="Showings without a good reaction after which a new product is tried no more"
    )
    understand_timeout: float = Field(
        default=3.0, gt=0, description="Seconds before the rules answer in place of the model"
    )
    search_timeout: float = Field(default=8.0, gt=0, description="Seconds before a search is given up with an apology")
    model_threads: int = Field(default=2, ge=1, le=64, description="Processor threads of the understanding model")
    precision: Precision = Field(
        default=DEFAULT, description="Numbers that the understanding model computes in on the processor: int8 or fp32"
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where the understanding model runs: cpu, cuda, or auto (cuda where there is one)"
    )
    writer_model: str = Field(
        default="",
        description="Chat model that writes the sentences of a page, such as openai:gpt-4o-mini; empty: the templates",
    )
    writer_base_url: str = Field(
        default="", description="Address of an OpenAI-style server of your own for the writer, ending in /v1"
    )
    writer_timeout: float = Field(
        default=4.0, gt=0, description="Seconds that a page waits for its sentences before the templates speak"
    )
    writer_tokens_per_shopper_day: int = Field(
        default=20_000, ge=0, description="Tokens that the writer may spend on one shopper in a day"
    )
    writer_tokens_per_day: int = Field(
        default=1_000_000, ge=0, description="Tokens that the writer may spend on all shoppers in a day"
    )
    office_hours: str = Field(
        default="",
        description="When people of the shop answer, such as Mon-Fri 09:00-18:00, Sat 10:00-14:00; empty: any time",
    )
    quiet_hours: str = Field(
        default="21:00-08:00",
        description="When shoppers are not written to unasked, by the shop's clock; empty: never",
    )
    case_patience: float = Field(
        default=10.0,
        gt=0,
        description="Minutes after which a shopper who waits for a person is told that it takes long",
    )
    file_megabytes: int = Field(
        default=10, ge=0, le=20, description="Largest file that a shopper may send to a person of the shop; 0: none"
    )
    checkout: Literal["auto", "link", "invoice", "record"] = Field(
        default="auto",
        description="How shoppers buy: link (the shop's pages), invoice (paid in Telegram), record (an order is noted),"
        " auto (link, and record on the local Bot API)",
    )
    cart_url: str = Field(
        default="",
        description="Address that fills the shop's own cart, {items} in it for ID:PIECES,ID:PIECES; empty: a link for"
        " each product",
    )
    payment_provider_token: SecretStr | None = Field(
        default=None, description="Token of the payment provider from @BotFather, for invoices"
    )
    keep_transcripts_days: int = Field(
        default=730, ge=0, description="Days for which talk is kept after a conversation ended; 0: for ever"
    )
    keep_impressions_days: int = Field(
        default=730, ge=0, description="Days for which is kept what was shown, and the reactions to it; 0: for ever"
    )
    keep_inbox_days: int = Field(
        default=30, ge=0, description="Days for which the bodies of Telegram's updates are kept; 0: for ever"
    )
    keep_audit_days: int = Field(
        default=1095, ge=0, description="Days for which is kept what staff did in the console; 0: for ever"
    )
    night: str = Field(
        default="03:30",
        description="When the nightly work begins (days counted, periods ended), by the shop's clock; empty: never",
    )

    @field_validator(
        "owner_chat", "telegram_bot_token", "payment_provider_token", "backups", "clip_model", mode="before"
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError) as error:
            raise ValueError(f"{value!r} is no IANA time zone, for instance Asia/Shanghai") from error
        return value

    @field_validator("office_hours")
    @classmethod
    def _readable_hours(cls, value: str) -> str:
        OfficeHours.parse(value)
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _readable_quiet(cls, value: str) -> str:
        QuietHours.parse(value)
        return value

    @field_validator("night")
    @classmethod
    def _readable_night(cls, value: str) -> str:
        time_of_day(value)
        return value

    @field_validator("cart_url")
    @classmethod
    def _filling_cart(cls, value: str) -> str:
        if value and not (value.startswith(("http://", "https://")) and "{items}" in value):
            raise ValueError("must be a web address with {items} in it")
        return value

    @property
    def night_time(self) -> time | None:
        return time_of_day(self.night)

    @model_validator(mode="after")
    def _invoices_need_a_provider(self) -> Settings:
        if self.checkout == "invoice" and self.payment_provider_token is None:
            raise ValueError("invoice needs SHOPBOT_PAYMENT_PROVIDER_TOKEN, which @BotFather gives")
        return self

    @property
    def hours(self) -> OfficeHours:
        return OfficeHours.parse(self.office_hours)

    @property
    def file_limit(self) -> int:
        """In bytes."""
        return self.file_megabytes * 1024 * 1024

    @property
    def quiet(self) -> QuietHours:
        return QuietHours.parse(self.quiet_hours)

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def console_secure(self) -> bool:
        """Whether staff reach the console through TLS."""
        return self.console_origin.startswith("https://")

    @property
    def heat(self) -> HeatConfig:
        return HeatConfig(self.popular_days, self.trending_days)

    @property
    def recommending(self) -> RecommenderConfig:
        tried = ArrivalConfig(share=self.new_share, days=self.new_days, patience=self.new_patience)
        return RecommenderConfig(southern=self.hemisphere == "southern", arrivals=tried)

    @property
    def exchange(self) -> Rates:
        """The dated rate table. Raises ValueError when `rates` cannot be read."""
        pairs = (pair.split("=") for pair in self.rates.split(",") if pair.strip())
        return Rates(self.currency, {code.strip(): Decimal(rate) for code, rate in pairs}, self.rates_date)


def load_settings(**overrides: object) -> Settings:
    """Settings from files of secrets, `.env` and the environment, then `overrides` that are not None; the later wins.

    Raises:
        SettingsError: a `SHOPBOT_` name is unknown, or a value does not fit.
    """
    known = {f"{_PREFIX}{name}".upper() for name in Settings.model_fields}
    unknown = sorted(name for name in _names_set() if name not in known)
    if unknown:
        raise SettingsError(f"Unknown setting {unknown[0]}: see .env.example for the names there are.")
    try:
        given = {name: value for name, value in overrides.items() if value is not None}
        settings = Settings(_secrets_dir=_secrets(), **given)  # type: ignore[arg-type, call-arg]
        _ = settings.exchange
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "checkout"
        raise SettingsError(f"Setting {_PREFIX}{name.upper()}: {first['msg']}.") from error
    except (ValueError, ArithmeticError) as error:
        raise SettingsError("Setting SHOPBOT_RATES must look like CNY=7.11,EUR=0.86.") from error
    return settings


def provider_keys() -> tuple[str, ...]:
    """The keys of chat models in the environment (OPENAI_API_KEY and its like), to be kept out of logs."""
    return tuple(value for name, value in os.environ.items() if name.endswith(("_API_KEY", "_ACCESS_KEY")) and value)


def _secrets() -> Path | None:
    """Where systemd (LoadCredential=) or a container engine puts secrets: a file for each, named as the setting."""
    folder = Path(os.environ.get("CREDENTIALS_DIRECTORY") or "/run/secrets")
    return folder if folder.is_dir() else None


def secrets_in(settings: Settings) -> tuple[str, ...]:
    """Every setting that is a secret, as it is, to be kept out of logs."""
    held = (getattr(settings, name) for name in Settings.model_fields)
    return tuple(value.get_secret_value() for value in held if isinstance(value, SecretStr))


def _names_set() -> list[str]:
    names = [name.upper() for name in os.environ]
    dotenv = Path(".env")
    if dotenv.is_file():
        lines = dotenv.read_text(encoding="utf-8").splitlines()
        names += [line.split("=")[0].strip().upper() for line in lines if not line.lstrip().startswith("#")]
    return [name for name in names if name.startswith(_PREFIX)]
