# The last wishes: /history.

command-history = What I looked for
history-again = Back to an earlier wish, with what the shop has now:
history-empty = You have not looked for anything yet.
history-list = What you looked for lately. Tap one to look again:
history-wish = { $day }: { $what }
