# The facts on a product card, each read from the catalogue row.

approx = ≈ { $amount }
brand = by { $brand }
card-link = See it in the shop
low-stock = { $n ->
    [one] Only { $n } left
   *[other] Only { $n } left
}
new = New
out-of-stock = Out of stock
price-from = from { $price }
price-line = { $price }
rating = ★{ NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) } ({ $count })
saving = −{ $share }%
sponsored = Sponsored
