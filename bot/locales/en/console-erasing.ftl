# Erasing a shopper on request.

console-erase = Erase a shopper
console-erase-about = Everything that is known of a shopper goes: talk, pages, reactions, cases, tickets, and what staff noted about them. Sums stay. This cannot be undone.
console-erase-again = The number again
console-erase-differs = The two numbers differ; nothing was erased.
console-erase-do = Erase for good
console-erase-done = { $rows } rows erased.
console-erase-number = Telegram number
console-erase-odd = That is no shopper's number.
console-erase-rows = Rows
console-erase-table = Of
