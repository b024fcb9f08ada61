# What is saved for later, and news of it.

button-news-cart = 🛒 { $title }
button-news-stop = 🔕 No more such news
button-saved-back = 🔔 Tell me when it is back
button-saved-bell = 🔔 { $number } Tell me of changes
button-saved-bell-off = 🔕 { $number } No more news
button-saved-drop = ✕ { $number } Remove
button-saved-first = Back to the first
button-saved-forget = ✕ { $title }
button-saved-more = { $count } more
button-saved-save = ♡ Save
button-saved-show = ♡ My saved items
button-saved-watch = 🔔 Tell me when the price drops
command-saved = What I saved for later
news-back = • { $title } is back, for { $now }.
news-drop = • { $title } now costs { $now } instead of { $was }.
news-head = 🔔 News of what you saved:
saved-ask = { $count ->
    [one] Shall I save this one?
   *[other] Which one shall I save?
}
saved-ask-watch = { $count ->
    [one] Shall I tell you about this one?
   *[other] About which one shall I tell you?
}
saved-done = Saved for later: { $title }.
saved-gone = { $title } is no longer sold here.
saved-head = { $count ->
    [one] ♡ One saved item, as it is now:
   *[other] ♡ { $count } saved items, as they are now:
}
saved-none = You have saved nothing yet. Tap ♡ under a card to keep it for later.
saved-off = No longer saved: { $title }.
saved-off-toast = No longer saved: { $title }.
saved-repriced = { $number }. The price was { $was }, now it is { $now }.
saved-stopped = Done, I will send you no more news of saved items. They stay saved.
saved-toast = Saved: { $title }. /saved shows all.
saved-unwatched-toast = No more news of { $title }.
saved-watched = I will tell you when the price of { $title } drops or when it is back. It is among your saved items.
saved-watched-toast = I will tell you when the price of { $title } drops or when it is back.
saved-which = Which one do you mean? Use the ✕ beside its number.
