# The cart: what is put in, how it stands, what changed.

button-cart-add = 🛒 To cart
button-cart-back = Put it back
button-cart-choose = { $number }. { $title }
button-cart-drop = ✕ { $number }
button-cart-empty = Empty the cart
button-cart-empty-yes = Yes, empty it
button-cart-ideas = Show me some ideas
button-cart-keep = No, keep it
button-cart-less = － { $number }
button-cart-more = ＋ { $number }
button-cart-similar = Show similar ones
button-cart-take = Take { $value }
button-cart-view = 🛒 See the cart
cart-added = { $count ->
    [one] In your cart now: { $item }, { $amount }.
   *[other] In your cart now: { $count } × { $item }, { $amount } each.
}
cart-added-toast = Added: { $item }. { $pieces ->
    [one] One piece in your cart.
   *[other] { $pieces } pieces in your cart.
} /cart
cart-ask-color = Which colour of { $title } would you like?
cart-ask-size = Which size of { $title } would you like?
cart-changed = Changed: { $item }.
cart-choose = { $count ->
    [one] One of them comes in several kinds. Which one would you like?
   *[other] { $count } of them come in several kinds. Tap each one to choose.
}
cart-emptied = Done, your cart is empty.
cart-empty-ask = { $count ->
    [one] Take the one piece out of your cart?
   *[other] Take all { $count } pieces out of your cart?
}
cart-full = Your cart holds { $most } different things, which is as many as I can keep. Take one out first, or check out.
cart-head = { $count ->
    [one] 🛒 Your cart, one piece:
   *[other] 🛒 Your cart, { $count } pieces:
}
cart-holds = { $pieces ->
    [one] That makes one piece in your cart.
   *[other] That makes { $pieces } pieces in your cart.
}
cart-is-empty = Your cart is empty. Tap 🛒 under a card to put something in.
cart-item = { $title }
cart-item-variant = { $title } ({ $variant })
cart-kind-gone = { $item } is not in stock at the moment.
cart-left = All right, nothing was added.
cart-line = { $number }. { $item } – { $count } × { $each } = { $amount }
cart-line-gone = { $number }. { $item } – the shop no longer sells it, so it does not count.
cart-line-one = { $number }. { $item } – { $amount }
cart-line-out = { $number }. { $item } – sold out at the moment, so it does not count.
cart-no-more = { $count ->
    [one] There is only one { $item }, and it is in your cart.
   *[other] There are only { $count } of { $item }, and they are in your cart.
}
cart-no-such-line = { $count ->
    [one] There is only one line in your cart.
   *[other] Your cart has lines 1 to { $count }.
}
cart-not-in = { $title } does not come in { $value }.
cart-not-listed = The shop lists no { $value } for it, so please look at its page if that matters.
cart-one-of-each-color = Several colours go into the cart one by one: tap those you want, each in its colour. Nothing is in yet.
cart-one-of-each-size = Several sizes go into the cart one by one: tap those you want, each in its size. Nothing is in yet.
cart-only-in = { $title } comes in { $value } only, not in { $wanted }.
cart-only-left = You asked for { $wanted }; only { $count } could be added, that is all there are.
cart-only-left-in = { $title } is sold out in { $wanted }; only { $value } is left.
cart-pick = { $number }. { $title }
cart-repriced = {"   "}⚠ The price has changed: { $was } before, { $now } now.
cart-short = {"   "}⚠ { $count ->
    [one] Only one is left, so I changed { $wanted } to 1.
   *[other] Only { $count } are left, so I changed { $wanted } to { $count }.
}
cart-short-toast = { $count ->
    [one] There is only one of it.
   *[other] There are only { $count } of it.
}
cart-sold-out = { $title } is sold out at the moment, so I added nothing.
cart-taken-out = Taken out: { $item }.
cart-total = Together: { $amount }
cart-value-price = { $value } · { $amount }
cart-values-gone = Sold out: { $values }
cart-which = { $count ->
    [one] Do you mean this one?
   *[other] Which one do you mean?
}
cart-which-line = Which line do you mean? Say its number, or use the buttons.
command-cart = What is in my cart
