# Tickets: what the shopper is told when one is done, and how staff see it.

console-live-event-ticket-done = Ticket { $ticket } is done; { $name } lets the shopper know
console-ticket-notice = Notice to the shopper
console-ticket-tell = When it is done, tell the shopper
console-ticket-tell-at = (now it is quiet hours: sent { $when })
console-ticket-waits = waits until { $when } (quiet hours)
console-ticket-words = A word to the shopper (in their language, may be empty)
ticket-done = { $kind ->
    [return] Your return (no. { $ticket }) has been dealt with by { $name } from the shop.
    [change] The change that you asked for (no. { $ticket }) has been dealt with by { $name } from the shop.
   *[other] Your request (no. { $ticket }) has been dealt with by { $name } from the shop.
} If something is still open, ask for a person here.
ticket-done-order = { $kind ->
    [return] Your return for order { $order } (no. { $ticket }) has been dealt with by { $name } from the shop.
    [change] The change to order { $order } that you asked for (no. { $ticket }) has been dealt with by { $name } from the shop.
   *[other] Your request about order { $order } (no. { $ticket }) has been dealt with by { $name } from the shop.
} If something is still open, ask for a person here.
