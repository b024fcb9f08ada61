"""setWebhook, deleteWebhook and getWebhookInfo."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.errors import Told
from bot.simulator.store import Store
from bot.simulator.webhook import MAX_CONNECTIONS, read_hook


def set_webhook(store: Store, arguments: Arguments) -> Told:
    """Updates are pushed to `url` from now on; an empty one ends that."""
    url = arguments.text("url").strip()
    if not url:
        return delete_webhook(store, arguments)
    kinds = arguments.json("allowed_updates", "can't parse allowed_updates JSON array")
    connections = arguments.integer("max_connections", MAX_CONNECTIONS)
    changed = store.webhook.set(read_hook(url, arguments.text("secret_token"), connections), store.clock.now())
    if isinstance(kinds, list):
        store.updates.allow([str(kind) for kind in kinds])
    _drop(store, arguments)
    return Told(True, "Webhook was set" if changed else "Webhook is already set")


def delete_webhook(store: Store, arguments: Arguments) -> Told:
    """The bot polls from now on; waiting updates are dropped when that is asked."""
    there_was = store.webhook.remove()
    _drop(store, arguments)
    return Told(True, "Webhook was deleted" if there_was else "Webhook is already deleted")


def get_webhook_info(store: Store, arguments: Arguments) -> dict[str, Any]:
    """The address, how many updates wait, and how the last delivery failed."""
    hook, allowed = store.webhook.get(), store.updates.allowed()
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": store.updates.count(),
    }
    if hook.url:
        info |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.last_error_date:
        info |= {"last_error_date": int(hook.last_error_date), "last_error_message": hook.last_error_message}
    return info | ({"allowed_updates": allowed} if allowed else {})


def _drop(store: Store, arguments: Arguments) -> None:
    if arguments.flag("drop_pending_updates"):
        store.updates.clear()


METHODS = {"setWebhook": set_webhook, "deleteWebhook": delete_webhook, "getWebhookInfo": get_webhook_info}
