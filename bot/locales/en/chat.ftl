# What the bot says over a page and between pages.

answer-any = Any is fine
answer-count = { $value } ({ $count })
ask-audience = Who is it for?
ask-brand = Is there a brand you like?
ask-budget = About how much would you like to spend?
ask-category = What kind are you after?
ask-color = Which colour would you like?
ask-material = Which material do you like?
ask-size = Which size do you need?
asked-no = No, the shop does not list “{ $value }” for it.
asked-unsaid = The shop does not say “{ $value }” of it. What it says:
asked-yes = Yes: the shop says “{ $value }”.
called-some = { $count ->
    [one] One of these is called “{ $value }”; the others are of the same kind.
   *[other] { $count } of these are called “{ $value }”; the others are of the same kind.
}
compare-best-rated = Best rated: { $title }
compare-cheapest = Cheapest: { $title }
compare-intro = Here they are side by side:
compare-need-two = Tell me which two to compare, for instance “1 or 3?”.
compare-row = { $position }. { $title }: { $amount }
compare-row-rated = { $position }. { $title }: { $amount }, ★{ NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) } ({ $count })
confirm-nothing = Good! Tell me what to look for next.
converted = I took { $said } as { $limit }, at the shop's rate of { $date }.
deny-ok = All right. Tell me if you want something else.
did-you-mean = I am not sure I understood. Did you mean:
disliked = Noted, I will show less of that.
fact-audience = For: { $values }
fact-brand = Brand: { $values }
fact-color = Colour: { $values }
fact-material = Material: { $values }
fact-other = { $name }: { $value }
fact-price = Price: { $amount }
fact-size = Size: { $values }
found-best-rated = The best rated first, many ratings counting more than a few: { $what }
found-best-rated-any = The best rated first, many ratings counting more than a few:
found-cheaper = Cheaper than { $title } ({ $amount }):
found-cheapest = The lowest prices first: { $what }
found-cheapest-rated = The lowest prices first, of what is rated 4 stars or better: { $what }
found-higher = A step up in price: { $what }
found-inspire = Some ideas for you:
found-like = Similar to { $title }:
found-lower = Cheaper than what I showed: { $what }
found-more = Here are more:
goodbye = Goodbye, come back any time!
greet = Hello! What are you looking for?
liked = Glad you like { $title }! I will show more of that kind.
linked = Here is the one you came for:
linked-gone = The item you came for is not sold here any more.
looking-for = Here is what I found for { $what }
looking-within = Here is what I found: { $what }
need-more = Tell me what you are looking for: a thing, a colour, a price.
no-items-shown = There is nothing on screen yet. Tell me what you are looking for.
nobody-rated = Nobody has rated any of these yet.
not-carried = I do not know “{ $value }” in this shop, so I looked for what comes closest.
not-my-business = I am not sure that I can help with that. I find things in this shop, compare them and tell you what the shop says of them. What are you looking for?
not-stated = The shop does not say “{ $value }” of any of these; they come closest.
nothing-found = I found nothing for { $what }.
nothing-higher = I have nothing dearer that fits.
nothing-left = That was everything that fits.
nothing-lower = I have nothing cheaper that fits.
nothing-set = Your wish has no such limit. Tap a ✕ to drop a part of it.
nothing-within = I found nothing: { $what }.
out-of-scope = That is outside this shop. I can help you find something to buy here.
page-header = Here you are:
product-facts = { $title }:
quote = { $text }
read-the-label = I leave out what says “{ $what }” of itself, and know no more than the texts of the shop: please read the label before use.
relax-hint = Tap a ✕ to drop a part of the wish, or tell me what matters least.
say-otherwise = All right. Please say it in other words, for instance what you are looking for or what you want to know.
sorry-to-hear = I am sorry. Tell me what went wrong, or let a person of the shop help.
thanks = You are welcome!
unknown-currency = I do not know today's rate for { $currency }, so I left that price limit out. Please say it in the shop's currency.
unsure = I am not sure I understood. Could you say it in other words?
unsure-change = I did not catch what to change. Try “in blue”, “under $50” or “not leather”.
which-item = { $count ->
    [one] There is only one item on screen. Do you mean that one? Say “the first one”.
   *[other] Which of the { $count } on screen do you mean? Say its number, for instance “the second one”.
}
