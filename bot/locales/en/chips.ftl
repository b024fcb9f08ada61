# Parts of a wish, as a chip under the page and inside sentences.

chip-like = like { $title }
chip-not = not { $value }
chip-price-max = up to { $amount }
chip-price-min = from { $amount }
chip-price-range = { $low } – { $high }
chip-value = { $value }
