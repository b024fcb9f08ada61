# The console: lists as somebody narrowed them, under a name of their own.

console-did-view-kept = kept a view
console-did-view-removed = removed a view
console-queue-narrowed = Narrowed: the blind sample and second opinions wait meanwhile.
console-queue-why = Why it is here
console-queue-why-asked-back = the bot asked back
console-queue-why-disliked = thumbs-down
console-queue-why-fallback = answered with less
console-queue-why-guess = a guess
console-queue-why-margin = two readings close together
console-queue-why-outside = out of scope
console-queue-why-shadow = the model on trial read something else
console-queue-why-twin = the rules read something else
console-view-by = by { $name }
console-view-empty = A view needs a name, and a list that is narrowed to something.
console-view-keep = Keep this view
console-view-kept = Kept as “{ $name }”.
console-view-long = A name has at most { $longest } characters.
console-view-many = You have as many views here as there is room for: remove one first.
console-view-name = Name of this view
console-view-remove = Remove the view “{ $name }”
console-view-removed = “{ $name }” is removed.
console-view-share = for everybody
console-view-shared = shared with everybody
console-views = Views:
