# What is said to those who wait, and to those who are too quick.

busy-notice = A lot of people are writing to me right now, so I answer your newest message only. Please say the rest again if it still matters.
busy-refused = So many people are writing to me right now that I cannot get to your message. Please send it again in a quarter of an hour.
busy-wait = A lot of people are writing to me right now. Your message is in line, and I will answer it in about { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
flood-taps = Those were a lot of taps at once, so only your last ones count.
hurried = That was a lot in a minute! I take a short break and answer your newest message in about { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
}.
