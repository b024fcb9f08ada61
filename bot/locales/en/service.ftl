# What the bot cannot do yet. Honest: nothing was done, and where it can be done.

cart-not-yet = I cannot keep a cart yet, so nothing was added or changed. You can buy on the shop's own page.
checkout-not-yet = I cannot take payment yet, so nothing was ordered. Please check out on the shop's own page.
orders-not-yet = I cannot see orders yet, so nothing was looked up or changed. Please see your orders on the shop's own page.
payment-not-yet = I do not know the shop's means of payment yet. The shop's own page lists them.
returns-not-yet = I cannot handle returns or refunds yet, so nothing was started. Please ask for it on the shop's own page.
saved-not-yet = I cannot save items yet, so nothing was kept. What you tap 👍 on, I do remember as your taste.
shipping-not-yet = I do not know the delivery terms yet. The shop's own page says what delivery costs and how long it takes.
