# What the door itself says: buttons, things it cannot read, apologies.

apology = Sorry, something went wrong on my side. Please try again in a moment.
busy = One moment, I am still on your last message.
cannot-read-kind = { $kind ->
    [animation] I cannot watch animations yet.
    [audio] I cannot listen to audio yet.
    [contact] I cannot use contacts yet.
    [document] I cannot open files yet.
    [location] I cannot use places yet.
    [photo] I cannot look at pictures yet.
    [poll] I cannot answer polls yet.
    [sticker] Nice sticker! I cannot read stickers yet.
    [video] I cannot watch videos yet.
    [voice] I cannot listen to voice messages yet.
   *[other] I cannot read this kind of message yet.
} Please write to me what you are looking for.
caption-note = I read the words under the picture, not the picture itself.
dislike-toast = Noted, less of that
edited-note = You edited your message, so here is a fresh answer.
flood-notice = That was a lot at once, so I answer your last message only.
gone-toast = This button no longer works. Please write to me what you are looking for.
like-toast = Noted, more of that
old-card = This card is too old for me to know. Please search again.
replaced-toast = Noted, you changed your mind
same-toast = I had noted that already
stale-apology = Sorry for the late answer, I was away.
stranger-card = This card was made for somebody else. Write to me and I will find some for you.
too-long = That was long, so I read the first part only.
