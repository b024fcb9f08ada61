# When a person of the shop takes over, and gives back.

bot-speaks = You are talking with the bot.
button-go-on = Go on with the bot
button-human = Talk to a person
case-cannot-pass = { $kind ->
    [audio] Audio does not reach the shop's people here.
    [contact] Contacts do not reach the shop's people here.
    [document] Files do not reach the shop's people here.
    [location] Places do not reach the shop's people here.
    [photo] Pictures do not reach the shop's people here.
    [sticker] Stickers do not reach the shop's people here.
    [video] Videos do not reach the shop's people here.
    [voice] Voice messages do not reach the shop's people here.
   *[other] This kind of message does not reach the shop's people here.
} Please say it in words; they see that you sent one.
case-declined = The shop cannot take up your request for a person. You are talking with the bot again.
case-joined = { $name } from the shop has joined. I, the bot, keep quiet meanwhile.
case-kept = All right, I go on helping you. Your request stays with the shop, and a person will answer you here.
case-late = Sorry, it takes longer than usual: nobody of the shop is free yet. Your request keeps its place. If you like, I go on helping you meanwhile.
case-left = All right, you are talking with the bot again. You can ask for a person at any time.
case-opened = I have told the people of the shop that you want to talk to a person. What you write from now on goes to them.
case-returned = { $name } has handed you back: you are talking with the bot again.
case-solved = { $name } has closed this talk: you are talking with the bot again.
case-taken = You are now talking with { $name } from the shop. I, the bot, keep quiet meanwhile.
case-wait = { $minutes ->
    [one] It usually takes about a minute.
   *[other] It usually takes about { $minutes } minutes.
}
case-wait-closed = { $away ->
    [0] Nobody is there right now; they are back today at { $time } (the shop's time) and will answer here.
    [1] Nobody is there right now; they are back tomorrow at { $time } (the shop's time) and will answer here.
   *[other] Nobody is there right now; they are back on { $day } at { $time } (the shop's time) and will answer here.
}
case-wait-unknown = Somebody will answer here as soon as they are free.
case-waiting = Your request is with the shop; somebody will answer here.
case-with = You are talking with { $name } from the shop.
human-again = You have just talked with a person of the shop. Shall I call one again?
offer-human = I do not seem to get it. A person of the shop may help you better.
owner-case = { $reason ->
    [failed] A shopper whom the bot did not understand wants a person (case { $case }). The console shows it under Live.
   *[other] A shopper asks for a person (case { $case }). The console shows it under Live.
}
owner-case-late = { $minutes ->
    [one] Case { $case } has been waiting for a minute, and nobody has taken it.
   *[other] Case { $case } has been waiting for { $minutes } minutes, and nobody has taken it.
}
rate-ask = How was it?
rate-bad = 🙁 Bad
rate-fair = 😐 So-so
rate-good = 😊 Good
rate-same-toast = You have told me already
rate-toast = Thank you!
staff-says = { $name } from the shop: { $text }
staff-shows = { $name } from the shop shows you:
