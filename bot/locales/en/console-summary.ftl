# What a person who takes a case sees at a glance.

console-live-orders-said = Said, not checked:
console-live-tried = What was tried
console-tried-answered = { $intent }: answered
console-tried-lost = { $intent }: not understood
console-tried-quoted = { $intent }: the shop's page was quoted
console-tried-sent = { $intent }: a request was sent
console-tried-unable = { $intent }: the bot could not help
