# "Why this?" and "why not that one?": every fact is of the catalogue row, the wish or the log.

against-avoided = it is “{ $value }”, which you would rather avoid
against-disliked = you passed on { $value } before
against-few-left = only { $n } left
against-few-ratings = few have rated it so far ({ $count })
against-gone = it is not sold here any more
against-lacks-wish = the shop does not say “{ $value }” of it
against-lacks-words = its text does not say “{ $words }”
against-lower-rated = rated { NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) } by { $count }
against-near-limit = { $price } is near your limit of { $limit }
against-other-currency = it is sold in another currency ({ $price })
against-other-value = it is “{ $value }”, which is not what you asked for
against-over-limit = it costs { $price }, above your { $limit }
against-sold-out = it is sold out
against-under-limit = it costs { $price }, below your { $limit }
against-under-rating = it is rated { NUMBER($rating, maximumFractionDigits: 2) }, below your { NUMBER($least, maximumFractionDigits: 2) }
against-unlike = it does not look enough like your photo
against-unrated = nobody has rated it yet
against-unwanted-value = it is “{ $value }”, which you did not want
why-against = − What counted against it: { $what }
why-card = { $position }. { $title }: { $what }
why-card-nothing = { $position }. { $title }: nothing sets it apart, it fits about as well as others
why-for = + { $what }
why-gave-way = ! Nothing more kept every limit: { $what }
why-not-avoided = { $title } came { $place } of the { $count } I compared. You told me that you would rather avoid “{ $value }”, so it stands behind the others.
why-not-beyond = { $title } breaks no limit of yours; it did not come among the { $count } that fitted best.
why-not-carried = This shop has nothing called “{ $value }”.
why-not-close = { $title } came { $place } of the { $count } I compared, close enough; the page left it out so as not to show too much of one kind.
why-not-dearer = You asked for the lowest prices: { $title } costs { $price }, the dearest on the page { $most }.
why-not-excluded = { $title } is left out: { $what }.
why-not-lacking = Of this kind the shop lists nothing as: { $what }.
why-not-lower-rated = You asked for the best rated: { $title } has { NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) } stars from { $count ->
    [one] { $count } buyer
   *[other] { $count } buyers
}, which put it behind the others.
why-not-ranked = { $title } came { $place } of the { $count } I compared.
why-not-refused = You told me to show less of { $title }.
why-not-seen = I showed you { $title } already in this search.
why-not-shown = It is on the page: { $title } is number { $position }.
why-not-unrated = You asked for the best rated: nobody has rated { $title } yet.
why-nothing = It fits about as well as the others; nothing sets it apart.
why-paid = ! It is a paid place: the shop is paid for showing it.
why-shown = Why I showed { $title }:
why-tried = ? I also try things out to learn what you like; this was partly such a try.
