# What is kept of a shopper: /privacy.

privacy =
    I keep what you write to me, the products I showed you and the buttons you tapped, together with the number of your Telegram account (not your phone number). I use them to answer you and to learn what you like; the shop's staff may read them to correct me.
    /reset makes me forget your current wish only. Just now I keep of you:
privacy-backups = { $days ->
    [one] What is erased is gone from the shop's backups, too, after a day; until then nobody reads them.
   *[other] What is erased is gone from the shop's backups, too, within { $days } days; until then nobody reads them.
}
privacy-cards = • { $count ->
    [one] one product that I looked at for you
   *[other] { $count } products that I looked at for you
}
privacy-cart = • { $count ->
    [one] one thing in your cart or saved
   *[other] { $count } things in your cart or saved
}
privacy-cases = • { $count ->
    [one] one talk or request with the shop's staff
   *[other] { $count } talks or requests with the shop's staff
}
privacy-do-erase = 🗑 Erase everything
privacy-do-export = ⬇ Send me all of it
privacy-do-keep = No, keep it
privacy-do-sure = Yes, erase everything
privacy-export = Here is everything I keep of you, as one JSON file:
privacy-file = All that is kept of you
privacy-gone = Everything I kept of you is erased: our talk, your taste, your cart and notices, what staff noted. Orders stay in the shop's books, as nobody's. The shop's backups lose it within { $days } days, and one that is restored before that loses it at once. If you write again, we begin as strangers.
privacy-kept = • { $count ->
    [one] one preference that you told me
   *[other] { $count } preferences that you told me
}
privacy-orders = • { $count ->
    [one] one order
   *[other] { $count } orders
}
privacy-reactions = • { $count ->
    [one] one reaction to a product
   *[other] { $count } reactions to products
}
privacy-sure = This erases everything I keep of you, at once and for good: our talk, your taste, your preferences, cart, saved things and notices. Orders stay in the shop's books, as nobody's. It cannot be undone. Shall I?
privacy-turns = • { $count ->
    [one] one message or tap of yours with my answer
   *[other] { $count } messages and taps of yours with my answers
}
