# Buying: the summary, the ways to buy, the order.

button-checkout = ✅ Check out
button-checkout-open = ↗ { $title }
button-checkout-place = ✅ Place the order · { $amount }
checkout-already = Your order { $number } is placed already. Nothing was bought twice.
checkout-first = Something changed since you last looked. Please have a look, then check out.
checkout-head = This is what you would buy:
checkout-left = All right, nothing was bought. Your cart stays as it is.
checkout-line = • { $count } × { $item }: { $amount }
checkout-no-page = The shop names no page where this can be bought. Please ask a person of the shop.
checkout-note-link = You buy and pay on the shop's own pages. I cannot see what happens there, so your cart stays as it is.
checkout-note-record = Tap the button to order. Before that, nothing is bought.
checkout-nothing = Nothing in your cart can be bought at the moment.
checkout-overtaken = That summary no longer holds, so nothing was bought. This is how it stands now.
checkout-placed = Thank you! Your order { $number } is placed:
checkout-placed-next = Keep the number: with it, you can ask me about the order at any time.
checkout-tap = To be sure that nothing is bought by mistake, please tap the button.
checkout-without = Not part of it, because it cannot be bought now: { $items }.
