# What the bot cannot do yet. Honest: nothing was done, and where it can be done.

orders-not-yet = I cannot see orders yet, so nothing was looked up or changed. Please see your orders on the shop's own page.
returns-not-yet = I cannot handle returns or refunds yet, so nothing was started. Please ask for it on the shop's own page.
