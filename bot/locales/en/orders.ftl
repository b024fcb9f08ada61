# Orders, and what is asked of the shop about them. Nothing is claimed that the bot did not do.

button-order-change = Change or cancel it
button-order-return = Return something
button-request-alone = Ask without an order
button-request-begin = Ask for a return
button-request-drop = Do not send it
button-request-item = { $title }
button-request-newer = Ask for a new one
button-request-order = Order { $number }
button-request-send = Send the request
button-request-similar = Show similar ones
button-request-swap = Ask for size { $size }
command-orders = Your orders
order-button = { $number } · { $day }
order-code-locked = Those were too many codes that fit no order. Please try again in an hour, or ask a person of the shop.
order-code-wrong = This code fits no order: perhaps it was used already, has ended, or has a slip. A person of the shop can give you another.
order-line = { $quantity } × { $title }
order-line-of = { $quantity } × { $title } ({ $variant })
order-linked = Thank you. Order { $number } is linked to this chat now.
order-more = { $count ->
    [one] and one more item
   *[other] and { $count } more items
}
order-news = Last news of it: { $day }.
order-no-code = The code stands in the confirmation of your order. Without it I cannot show anything about an order, so that nobody else can. A person of the shop can help you without it.
order-not-yours = No order { $number } is linked to this chat, so I cannot say anything about it. If it is yours, send me the code from its confirmation, like K7QM2-XWD9F.
order-status = Order { $number } of { $day }: { $status ->
    [placed] it is with the shop and has not left yet.
    [paid] it is paid and has not left yet.
    [packed] it is packed and about to leave.
    [shipped] it is on its way.
    [delivered] it was delivered.
    [cancelled] it was cancelled.
    [returned] it came back to the shop.
    [refunded] it was refunded.
   *[other] { $status }
}
order-total = Total: { $amount }
order-tracking = Tracking number: { $tracking }
orders-all = All my orders
orders-link = To add another one, send me the code from its confirmation.
orders-none = No order is linked to this chat yet. Send me the code from its confirmation, like K7QM2-XWD9F, and I tell you where it stands.
orders-yours = { $count ->
    [one] You have one order here. Tap it to see where it stands.
   *[other] You have { $count } orders here. Which one?
}
request-address = Another delivery address
request-big = Too big
request-broken = Broken or faulty
request-cancel = Cancel it
request-change = { $subject }: what shall change?
request-confirm = Shall I send this request to the people of the shop? { $subject } – { $matter }.
request-dropped = All right, nothing was sent.
request-item = “{ $title }” of order { $number }
request-item-of = “{ $title }” ({ $variant }) of order { $number }
request-larger = Too small, the next larger size in its place
request-link = I know of no order of yours that fits. Send me the code from its confirmation, like K7QM2-XWD9F, and I show you what can be done about it.
request-mind = I changed my mind
request-newer = Broken, a new one in its place
request-no-number = A return can go on without it: tap “Ask without an order” and say what is the matter. The request goes to the people of the shop, who answer you here. If the confirmation of your order turns up, send me the code in it, like K7QM2-XWD9F, and I see which order it is.
request-order = Order { $number }
request-other = Something else
request-photo-added = The photo is with your request now. You can send more of them.
request-photo-many = { $most } photos are with this request already, and more do not fit. Tell a person what else there is.
request-photo-may = If a photo shows what is the matter, send it here now: it goes with the request.
request-photo-unread = This picture cannot be passed on: it is too large, or no picture that can be opened. Send another one, or go on without.
request-photo-waits = I keep the photo. It goes with the request as soon as you send that.
request-photos-along = { $count ->
    [one] Your photo goes with it; you can send more.
   *[other] Your { $count } photos go with it; you can send more.
}
request-same-there = The shop has the same one in stock, if you would rather have a new one.
request-sent = Your request is with the people of the shop; they answer you here. Nothing has been changed, sent or refunded by it yet.
request-size-there = The catalogue lists it in size { $size }, too: a person checks that it is there before anything is exchanged.
request-small = Too small
request-smaller = Too big, the next smaller size in its place
request-ticket = { $subject }: { $matter }
request-ticket-size = Size asked for: { $size }
request-too-late = Your orders have left the warehouse already, so they can no longer be changed. What you do not want can come back.
request-unlinked = An order that is not linked to this chat
request-what = { $subject }: what is the matter with it?
request-which = Which item is it about?
request-which-order = Which order is it about?
request-wrong = Not what I ordered
