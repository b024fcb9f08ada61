# Details of an item, and several side by side.

button-item-details = Details
button-item-pictures = 🖼 All pictures ({ $count })
item-about = About { $title }:
item-beside = { $first } · { $second }
item-blank = { "" }
item-cheaper = Something cheaper
item-choice = { $n }. { $title }
item-column = No. { $n }
item-common = All of them: { $facts }
item-common-fact = { $name } { $value }
item-compare-all = Compare with the others
item-compare-unsaid = The shop says nothing of that for any of them, and I would rather not guess. What it does say:
item-description = { $text }
item-does-not-say = The shop does not say, and I would rather not guess.
item-fact = { $name }: { $value }
item-from = from { $amount }
item-in-stock = In stock
item-kind-gone = { $values } is sold out at the moment.
item-listed-color = { $count ->
    [one] { $title } comes in { $values } only.
   *[other] { $title } comes in { $values }.
}
item-listed-size = { $count ->
    [one] { $title } comes in { $values } only.
   *[other] { $title } comes in { $values }.
}
item-matters = For you, look at this first: { $name }.
item-money = { $amount }
item-name-audience = For
item-name-brand = Brand
item-name-color = Colour
item-name-features = Features
item-name-material = Material
item-name-price = Price
item-name-rating = Rating
item-name-size = Sizes
item-name-stock = Stock
item-near = ≈ { $amount }
item-no = No.
item-no-more-pictures = { $count ->
    [0] The shop shows no picture of it.
   *[other] The shop shows this one picture of it and no other.
}
item-none-says = The shop says nothing of that for any of these, and I would rather not guess.
item-not-reduced = The shop shows no reduced price for it.
item-pick = Take a look at { $n }
item-pictures-above = Its pictures are just above.
item-pictures-refused = The pictures of this item cannot be shown just now.
item-price = { $title }: { $price }
item-price-near = { $title }: { $price }, about { $near }
item-price-no-rate = The shop gives no rate for { $near }, so I cannot say how much that is there.
item-price-rate = At the shop's rate of { $date }. You pay in the shop's currency, { $currency }.
item-quote = “{ $text }”
item-recommended = Of those on screen I would begin with number { $number }: { $title }.
item-reduced = It costs { $amount } now and cost { $was } before.
item-row-title = { $n }. { $title }
item-said = { $text }
item-says = The shop says:
item-stars-only = I have the stars alone, not what buyers wrote.
item-title = { $title }
item-unlisted-color = The shop does not say in what colours { $title } comes.
item-unlisted-size = The shop does not say in what sizes { $title } comes.
item-unsaid = –
item-values = { $values }
item-values-and = { $first }; { $second }
item-values-gone = { $values } · sold out: { $gone }
item-values-of = { $name }: { $value }
item-variety-color = Yes, where there are several colours: put one in the cart and choose its colour, then the next. I have put nothing in yet.
item-variety-none = So one and the same item cannot be had in different ones, as far as the shop lists it; take different items instead. I have put nothing in the cart.
item-variety-size = Yes, where there are several sizes: put one in the cart and choose its size, then the next. I have put nothing in yet.
item-where = In the shop: { $url }
item-yes = Yes.
item-yes-says = Yes: the shop lists “{ $value }”.
price-in-its-kind = Of the { $count } { $kind } that this shop has, the middle price is { $middle }; { $dearer ->
    [0] hardly any cost more
   *[other] { $dearer }% cost more
} than this one.
price-no-reason = Why it costs that, the shop does not say, and I would rather not guess.
price-on-screen = Of those on screen it is { $place ->
    [dearest] the dearest
    [cheapest] the cheapest
   *[between] neither the dearest nor the cheapest
}; { $others ->
    [one] the other costs { $low }
   *[other] the others cost { $low } to { $high }
}.
