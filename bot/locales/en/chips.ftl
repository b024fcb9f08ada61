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
chip-not = not { $value }
chip-price-max = up to { $amount }
chip-price-min = from { $amount }
chip-price-range = { $low } – { $high }
chip-size = size { $value }
chip-value = { $value }
either = { $one } or { $other }
