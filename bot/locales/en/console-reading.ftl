# The console's pages of conversations: the list with its filters, the transcript, one turn with all that was weighed.

console-album = { $count ->
    [one] One picture of “{ $title }”
   *[other] { $count } pictures of “{ $title }”
}
console-also = and then
console-any = any
console-asked-back = not by the model alone
console-asked-back-hint = The rules stood in, the bot asked back, or it said that it did not understand.
console-back-to-list = All conversations
console-beside = Other conversations of this shopper
console-button = tapped
console-button-answer = an answer
console-button-cheaper = Cheaper
console-button-drop = ✕
console-button-less_like = Less like this
console-button-meant = what was meant
console-button-more = More
console-button-more_like = More like this
console-button-say = a suggestion
console-button-why = Why?
console-candidates = Candidates
console-candidates-all = All candidates with their scores
console-candidates-of = { $shown } shown of { $admitted ->
    [one] { $admitted } that fits every limit
   *[other] { $admitted } that fit every limit
}
console-conversation = Conversation { $id }
console-degraded = degraded
console-degraded-hint = Answered with less than the whole machine: rules for the model, words alone for the search, or templates for the writer.
console-detail-of-turn = How this was answered
console-edits = Changed the page above in place.
console-filter-beside = the same shopper as conversation
console-filter-degraded = Degraded
console-filter-fallback = Fall-back
console-filter-from = From
console-filter-handoff = Hand-off
console-filter-intent = Intent
console-filter-language = Language
console-filter-least = Confidence from (%)
console-filter-model = Model
console-filter-most = Confidence to (%)
console-filter-odd = “{ $value }” cannot be read as “{ $name }”, so it was left out.
console-filter-q = Search words
console-filter-reviewed = Reviewed
console-filter-tag = Tag
console-filter-thumbs = Thumbs
console-filter-to = To
console-filters = Filters
console-filters-clear = Clear all
console-gone = no longer sold
console-handed-off = handed off
console-inner = Inside the search
console-latency = Time taken
console-least-sure = least sure
console-list-column = Conversation
console-list-count-all = count them all
console-list-empty = No conversation fits. Take a filter out, or look for fewer words.
console-list-found = { $count ->
    [one] One conversation
   *[other] { NUMBER($count) } conversations
}
console-list-found-more = More than { NUMBER($count) } conversations
console-list-keys = to walk, to open
console-list-looked = Looked back to { $when } so far.
console-list-looked-on = Look further back
console-list-newest = Newest
console-list-nobody = Nothing was said in words.
console-milliseconds = ms
console-nav-conversations = Conversations
console-needed = Wanted so far
console-no = no
console-no-price = price not kept
console-no-price-now = now { $price }
console-not = not
console-not-shown = Next in line, not shown
console-part-bias = starting value
console-part-browse_freshness = new, while browsing
console-part-buy_price = price, while buying
console-part-buy_session = session, while buying
console-part-consider_rating = rating, while comparing
console-part-evening_price = price in the evening
console-part-freshness = new in the shop
console-part-goes_with = bought together
console-part-known_match = known to match
console-part-like_product = like the chosen product
console-part-popularity = popularity
console-part-price_fit = price fit
console-part-rating = rating
console-part-season = season
console-part-session_affinity = this session
console-part-stock = in stock
console-part-taste_brand = taste: brand
console-part-taste_category = taste: kind
console-part-taste_color = taste: colour
console-part-taste_material = taste: material
console-part-text_dense = meaning
console-part-text_fused = words and meaning
console-part-text_lexical = words
console-part-trending = trending
console-part-weekend_price = price at weekends
console-parts = What made the score
console-policy = policy
console-propensity = chance of being shown
console-reaction-buy = bought
console-reaction-cart = put in the cart
console-reaction-dislike = 👎
console-reaction-less_like = less like this
console-reaction-like = 👍
console-reaction-more_like = more like this
console-reaction-open = opened
console-reaction-save = saved
console-reading = What the model read
console-reading-button = A button, so there was nothing to read.
console-reading-by-staff = Cards that a person of the shop sent
console-reading-case = Case { $id }
console-reading-case-closed = closed
console-reading-case-held = somebody speaks
console-reading-case-waiting = waiting
console-reading-none = Nothing was understood.
console-reading-review = review
console-reading-silent = The bot kept silent: a person of the shop has this talk.
console-reasons = Reasons
console-reply-unreadable = This answer was stored by another version of the program and cannot be shown.
console-reviewed = reviewed
console-reviewed-as = reviewed: { $intent }
console-score = score
console-search = Search
console-search-hint = words that were said or shown
console-seed = seed
console-slots = Marked in the text
console-slots-hint = Struck out: not wanted.
console-source = Came as
console-source-caption = the words under a picture
console-source-edited = an edited message
console-source-text = a message
console-stage-learn = learning
console-stage-recall = recalling
console-stage-record = recording
console-stage-search = searching
console-stage-understand = understanding
console-stage-write = writing
console-taste-version = taste
console-thumbs-any = some
console-thumbs-down = 👎
console-thumbs-none = none
console-thumbs-up = 👍
console-turn = Turn { $id }
console-turns = { $count ->
    [one] one turn
   *[other] { NUMBER($count) } turns
}
console-turns-earlier = { $count ->
    [one] One earlier turn
   *[other] { NUMBER($count) } earlier turns
}
console-turns-first = To the beginning
console-turns-last = To the end
console-turns-later = { $count ->
    [one] One later turn
   *[other] { NUMBER($count) } later turns
}
console-unanswered = Not answered.
console-versions = Versions
console-views-quick = Often looked at:
console-yes = yes
