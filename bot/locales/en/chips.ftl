# Parts of a wish, as a chip under the page and inside sentences.

beside = { $first } { $second }
chip-audience = { $kind ->
    [men] for men
    [unisex] for everyone
    [women] for women
   *[other] for { $value }
}
chip-for = for { $value }
chip-like = like { $title }
chip-look = like your photo
chip-not = not { $value }
chip-price-max = up to { $amount }
chip-price-min = from { $amount }
chip-price-range = { $low } – { $high }
chip-rating = { NUMBER($rating, maximumFractionDigits: 2) } stars and up
chip-size = size { $value }
chip-value = { $value }
either = { $one } or { $other }
size-for = { $kind ->
    [kids] { $size } for kids
    [men] { $size } for men
   *[women] { $size } for women
}
size-no-chart = The shop lists no sizes as “{ $said }” says them, and I have no chart for it here; I looked for its words only.
size-taken-fashion = I took { $said } as { $sizes }: the shop lists letters here, and common size charts put it so. Makers differ.
size-taken-shoes = I took { $said } as { $sizes }: the shop lists EU sizes, and common size charts put it so. Makers differ.
