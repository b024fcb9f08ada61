# The console: live hand-off, tickets and canned replies; the drafts are for shoppers.

console-canned-add = Add a reply
console-canned-empty = A reply needs a name and words in both languages.
console-canned-hint = Replies kept ready, in both languages. These places are filled in when one is used:
console-canned-long = The name or the words are too long.
console-canned-name = Name
console-canned-place = There is no place { $place }; see the list above.
console-canned-place-case = the number of the case
console-canned-place-hours = the office hours
console-canned-place-order = the order spoken of
console-canned-place-product = the product shown last
console-canned-place-staff = your name
console-canned-remove = Remove
console-canned-saved = Saved.
console-canned-stale = Somebody else has changed this reply meanwhile; your words are below.
console-canned-taken = There is a reply of this name already.
console-live-before = Before
console-live-blocked = has blocked the bot
console-live-bot = Bot
console-live-cart = Cart
console-live-case = Case
console-live-close = Close: it is done
console-live-closed-now = It is outside the office hours: shoppers are told when somebody is back.
console-live-decline = Turn down
console-live-decline-sure = Turn down this request? The shopper is told.
console-live-delivered = delivered
console-live-draft = Draft a reply
console-live-ended = Case { $case } has ended.
console-live-ended-lately = Ended lately
console-live-event-ended = { $outcome ->
    [declined] { $name } has turned it down
    [returned] { $name } has given it back to the bot
   *[solved] { $name } has closed it
}
console-live-event-late = The shopper was told that it takes longer
console-live-event-left = The shopper went back to the bot
console-live-event-opened = { $reason ->
    [failed] The bot did not understand, and the shopper wants a person
    [staff] Staff take over
   *[other] The shopper asks for a person
}
console-live-event-rated = { $said ->
    [good] The shopper said: good
    [fair] The shopper said: so-so
   *[bad] The shopper said: bad
}
console-live-event-taken = { $name } has taken it
console-live-event-ticket = Ticket { $ticket } was made
console-live-event-went-on = The shopper goes on with the bot while waiting
console-live-find = Find products
console-live-found = Found for “{ $words }”
console-live-found-nothing = Nothing was found for “{ $words }”.
console-live-give-back = Give back to the bot
console-live-held = In talk: { $count }
console-live-look = Look
console-live-mine = me
console-live-need = Looks for
console-live-no-cart = Nothing is in the cart.
console-live-no-need = no wish yet
console-live-no-orders = No order is linked to this shopper.
console-live-no-tastes = nothing learned yet
console-live-nobody = Nobody waits for a person.
console-live-none-ended = No case has ended yet.
console-live-none-held = Nobody is talking with a person.
console-live-note-add = Add the note
console-live-note-empty = A note needs some words.
console-live-note-hint = Only staff read this
console-live-note-long = This note is too long.
console-live-notes = Private notes
console-live-nothing-shown = nothing yet
console-live-on-its-way = on its way
console-live-orders = Orders
console-live-outcome = How it ended
console-live-outcome-declined = turned down
console-live-outcome-left = the shopper went back to the bot
console-live-outcome-returned = given back to the bot
console-live-outcome-solved = closed
console-live-past = Past talks
console-live-reason-asked = asked for a person
console-live-reason-failed = the bot did not understand
console-live-reason-staff = taken over by staff
console-live-reload = Reload
console-live-said = What the shopper said
console-live-send = Send
console-live-sent-kind = { $kind ->
    [audio] sent audio (not shown here)
    [contact] sent a contact (not shown here)
    [document] sent a file (not shown here)
    [location] sent a place (not shown here)
    [photo] sent a picture (not shown here)
    [sticker] sent a sticker (not shown here)
    [video] sent a video (not shown here)
    [voice] sent a voice message (not shown here)
   *[other] sent something that is not shown here
}
console-live-shopper = Shopper
console-live-shown = Shown last
console-live-since = Since
console-live-state-closed = Ended:
console-live-state-held = { $name } has this talk; the bot keeps quiet.
console-live-state-mine = You have this talk; the bot keeps quiet.
console-live-state-waiting = Waiting for
console-live-suggested = Products to send along (of what was ranked for the last wish)
console-live-summary = What it is about
console-live-take = Take it
console-live-take-from = Take it from { $name }
console-live-take-over = Take over from the bot
console-live-take-sure = Yes, although { $name } is talking with the shopper
console-live-tapped = { $action ->
    [cheaper] tapped “Cheaper”
    [drop] dropped a part of the wish
    [go_on] tapped “Go on with the bot”
    [human] tapped “Talk to a person”
    [less_like] tapped “Less like this”
    [more] tapped “More”
    [more_like] tapped “More like this”
    [why] tapped “Why?”
   *[other] tapped a button
}
console-live-tastes = Tastes
console-live-to-case = Back to the case
console-live-told-late = told that it takes longer
console-live-turns = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
console-live-undelivered-refused = could not be delivered: Telegram refused it
console-live-undelivered-unreachable = could not be delivered: the shopper has blocked the bot
console-live-unsent = This was not sent
console-live-use-canned = Use
console-live-usual = (usually taken after about { $minutes } min)
console-live-waiting = Waiting: { $count }
console-live-why = Why
console-live-with = With
console-live-with-bot = goes on with the bot
console-live-write = { $language ->
    [zh] Write (the shopper speaks Chinese)
   *[en] Write (the shopper speaks English)
}
console-live-your-words = Your words
console-nav-canned = Canned replies
console-nav-live = Live
console-nav-tickets = Tickets
console-refused-case-gone = This case is gone: the shopper’s data were erased.
console-refused-case-held = { $name } has this case.
console-refused-case-not-taken = Take the case before you write.
console-refused-case-over = This case has ended.
console-refused-no-date = This is no date: write it as 2026-12-31.
console-refused-no-name = Your account has no name to show.
console-refused-no-such-shopper = There is no such shopper any more.
console-refused-nothing-said = Write something, or choose a product.
console-refused-place = Fill in { $place } before you send it.
console-refused-product-gone = Product { $id } is not sold any more.
console-refused-said-too-long = That is longer than { $most } characters.
console-refused-ticket-gone = This ticket is gone.
console-refused-ticket-stale = Somebody else has changed this ticket meanwhile; here is how it stands now.
console-refused-too-many-products = At most { $most } products go with one message.
console-taste = { $way ->
    [more] cares more than others for
   *[less] cares less than others for
} { $feature ->
    [browse-freshness] new things while browsing
    [buy-price] prices when buying
    [buy-session] what was liked, when buying
    [consider-rating] ratings when choosing
    [evening-price] prices in the evening
    [freshness] new things
    [goes-with] what goes with other things
    [known-match] what the shop states for certain
    [like-product] likeness to a product
    [popularity] popular things
    [price-fit] a price near the budget
    [rating] good ratings
    [season] things in season
    [session-affinity] what was liked in this talk
    [stock] plenty in stock
    [taste-brand] brands liked before
    [taste-category] kinds liked before
    [taste-color] colours liked before
    [taste-material] materials liked before
    [text-dense] meaning that matches
    [text-fused] a close match
    [text-lexical] words that match
    [trending] what trends
    [weekend-price] prices on weekends
   *[other] { $feature }
}
console-ticket = Ticket
console-ticket-day = { $day }
console-ticket-due = Due
console-ticket-kind = Kind
console-ticket-kind-change = change
console-ticket-kind-other = other
console-ticket-kind-return = return
console-ticket-make = Make the ticket
console-ticket-mine = Mine
console-ticket-new = New ticket
console-ticket-none = There is no ticket here.
console-ticket-open-all = All that is open
console-ticket-opened = Made by
console-ticket-order = Order
console-ticket-owner = Who
console-ticket-photos = { $count ->
    [one] Photo
   *[other] { $count } photos
}
console-ticket-saved = Saved.
console-ticket-state = State
console-ticket-state-done = done
console-ticket-state-open = open
console-ticket-state-waiting = waiting
console-ticket-state-working = in work
console-ticket-text = What is to be done
console-ticket-unchecked = (as the shopper said it)
draft-found = Hello, this is { $name }. You are looking for { $what }. What do you think of these?
draft-order = Hello, this is { $name }. You wrote about order { $order }. What can I do for you?
draft-plain = Hello, this is { $name }. What can I do for you?
