# What the owner is told of the bot's own health. Each alert: what is wrong, what it means, what to do.

alert-backlog = Shoppers wait for answers
alert-backlog-do = Look at the load of the machine (top) and at /metrics: worker_calls shows which part is behind. A restart loses nothing.
alert-backlog-means = The oldest message has waited { $seconds } seconds and nobody works on it.
alert-backup-old = There is no recent backup
alert-backup-old-do = Run “shopbot backup” by hand and read what it says; look for room on the disk of the backups.
alert-backup-old-means = The newest backup that was checked is { $hours } hours old. What is lost now is lost since then.
alert-case-waiting = Shoppers wait for a person
alert-case-waiting-do = Open the staff console and take the oldest case; or change the office hours if nobody is there.
alert-case-waiting-means = { $count ->
    [one] One shopper waits for somebody of the shop, for { $minutes } minutes.
   *[other] { $count } shoppers wait for somebody of the shop, the first for { $minutes } minutes.
}
alert-clock-leap = The machine's clock has leapt
alert-clock-leap-do = Look at the clock of the machine (timedatectl). Where it is wrong, set it. Where it is right, run “shopbot retention --sure”.
alert-clock-leap-means = It stands more than { $days } days after the last day that the bot knows. No old data and no old backup is removed until somebody has looked.
alert-database-write = The database cannot be written
alert-database-write-do = See whether the disk is full or read-only, and whether another program holds shop.db. “shopbot doctor” looks at all of it.
alert-database-write-means = New messages stay with Telegram and are not lost, but nobody is answered.
alert-disk-low = The disk is nearly full
alert-disk-low-do = Make room: old backups, logs, other programs. When it is full the bot cannot take messages.
alert-disk-low-means = { $megabytes } MB are free where the data lie.
alert-do = What to do: { $todo }
alert-errors = Many messages fail
alert-errors-do = Look for “Incident” in the log: the lines under it say what failed.
alert-errors-means = { $count ->
    [one] One update failed
   *[other] { $count } updates failed
} in the last 15 minutes, { $percent } % of all. These shoppers got an apology and no answer.
alert-feed-stale = A catalogue feed is out of date
alert-feed-stale-do = Run “shopbot catalog sync” for it by hand: it says what is wrong.
alert-feed-stale-means = { $count ->
    [one] This feed has not synced for too long: { $feed }
   *[other] { $count } feeds have not synced for too long, among them { $feed }
}
alert-index-failing = Search does not answer
alert-index-failing-do = Restart the bot: the index is checked and built anew from the database. If that does not help, move the folder index/ away and restart.
alert-index-failing-means = Shoppers who look for something get an apology.
alert-memory-high = Memory is nearly used up
alert-memory-high-do = Restart the bot at a quiet moment, which loses nothing; if it comes back, give its service more memory.
alert-memory-high-means = The bot holds { $percent } % of its { $megabytes } MB. At the limit the system ends it.
alert-model-on-rules = Messages are read by plain rules
alert-model-on-rules-do = The log says why the model fails. Restart if it is slow; “shopbot models rollback” if a new one is broken.
alert-model-on-rules-means = The understanding model did not read { $percent } % of the messages; the plain rules understand less.
alert-more = More: docs/operations.md, section “{ $section }”
alert-poll-conflict = A second program fetches this bot's messages
alert-poll-conflict-do = Find the other program that uses this bot's token and stop it. If you do not know it, make a new token at @BotFather.
alert-poll-conflict-means = { $count } polls were refused in five minutes. Each message reaches only one of the two.
alert-poll-stalled = No messages come from Telegram
alert-poll-stalled-do = See the log for what Telegram says: network, a revoked token, a webhook that is set. Messages wait at Telegram for a day.
alert-poll-stalled-means = { $minutes ->
    [one] For a minute no messages could be fetched.
   *[other] For { $minutes } minutes no messages could be fetched.
} Nobody is answered.
alert-review-queue = The review queue grows
alert-review-queue-do = Plan some time for review in the staff console, or lower SHOPBOT_REVIEW_SAMPLE.
alert-review-queue-means = { $count } messages wait for a reviewer.
alert-still = ⏳ Still, for { $minutes } min: { $what }
alert-telegram-refuses = Telegram refuses many requests
alert-telegram-refuses-do = bot_api_requests_total in /metrics says which, and with what code: 429 is flood control, 5xx and “network” are on Telegram's side or the line's.
alert-telegram-refuses-means = { $percent } % of the requests of the last 15 minutes were refused or failed. Answers come late or not at all.
alert-thread-hung = A part of the bot hung
alert-thread-hung-do = Restart the bot at a quiet moment, which loses nothing. If it comes back: the log says which part hangs; report it.
alert-thread-hung-means = { $count ->
    [one] One thread
   *[other] { $count } threads
} ({ $part }) did not come back and was replaced. Shoppers are answered. At { $most } the bot ends in good order, for its service to start it again.
alert-urgent = 🔴 { $what }
alert-warning = 🟠 { $what }
alert-webhook-failing = Telegram cannot deliver to the webhook
alert-webhook-failing-do = Open the webhook's address from outside: certificate, proxy, port. “shopbot doctor --online” shows what Telegram says.
alert-webhook-failing-means = { $count ->
    [one] One update waits
   *[other] { $count } updates wait
} at Telegram. Nobody is answered.
alert-well = ✅ Well again after { $minutes } min: { $what }
alert-writer-failing = The chat model fails
alert-writer-failing-do = See the log for what the provider says: key, credit, address. Pages are answered with the bot's own sentences meanwhile.
alert-writer-failing-means = { $percent } % of the pages of the last 15 minutes were written without it.
