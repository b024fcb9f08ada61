# What is said where fewer than a page satisfy every limit: which of them gave way, and how.

chip-exact = Only exactly this
ordered-cheapest = By price, lowest first; what fits exactly stands before the rest.
ordered-rated = The best rated first; what fits exactly stands before the rest.
reason-off-limit = { $slot ->
    [price] { $end ->
        [max] { $price }, over your { $limit }
       *[min] { $price }, under your { $limit }
    }
    [rating] rated { NUMBER($rating, maximumFractionDigits: 2) }, under your { NUMBER($least, maximumFractionDigits: 2) }
   *[other] { $value }, not { $wanted }
}
relaxed-none = Nothing fits exactly: { $what }. Closest to it: { $ways }.
relaxed-some = { $count ->
    [one] Only the first one fits exactly: { $what }. After it: { $ways }.
   *[other] Only the first { $count } fit exactly: { $what }. After them: { $ways }.
}
way-any-brand = other brands than { $wanted }
way-any-color = other colours than { $wanted }
way-any-material = other materials than { $wanted }
way-or = { $one }; or { $other }
way-price-max = up to { $limit } instead of { $said }
way-price-min = from { $limit } instead of { $said }
way-rating = rated { NUMBER($rating, maximumFractionDigits: 2) } and up instead of { NUMBER($said, maximumFractionDigits: 2) }
way-together = { $first } and { $second }
way-value = { $value } instead of { $wanted }
