"""deleteWebhook and getWebhookInfo of a bot that polls; setting webhooks is not served here."""

from __future__ import annotations

from typing import Any

from bot.simulator.arguments import Arguments
from bot.simulator.store import Store


def delete_webhook(store: Store, arguments: Arguments) -> bool:
    """There never is one; waiting updates are dropped when that is asked."""
    if arguments.flag("drop_pending_updates"):
        store.updates.clear()
    return True


def get_webhook_info(store: Store, arguments: Arguments) -> dict[str, Any]:
    """No address, and how many updates wait."""
    allowed = store.updates.allowed()
    return {
        "url": "",
        "has_custom_certificate": False,
        "pending_update_count": store.updates.count(),
        **({"allowed_updates": allowed} if allowed else {}),
    }


METHODS = {"deleteWebhook": delete_webhook, "getWebhookInfo": get_webhook_info}
