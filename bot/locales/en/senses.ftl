# Photos, voice, groups and other chats.

group-found = From the shop:
group-hello = Tell me what to look for, for instance “red dress under $60”. Everything of your own we do in our private chat.
group-nothing = I found nothing for that. In our private chat I can ask what matters to you.
group-private = Open our private chat
inline-open = See it in the bot
photo-colors = On your photo I see this colour: { $colors }. I go by colour alone; what thing it is I cannot tell from a picture.
photo-look = I looked through the shop’s pictures for what looks like your photo, the most alike first.
photo-look-beyond = What looks like your photo does not fit the rest of what you asked for, so I went by your words alone.
photo-look-none = Nothing among the shop’s pictures that I know by look is enough like your photo.
photo-unclear = I cannot make out what stands out on this photo, and I go by colour alone. Tell me in words what you are looking for.
photo-what = Tell me what it should be, for instance “a dress”, and I look for that in this colour.
picture-unopened = { $why ->
    [large] This picture file is too large for me. Send it as a photo, or tell me in words what you are looking for.
    [failed] I could not fetch this picture file just now. Send it once more, or tell me in words what you are looking for.
   *[other] I cannot open this picture file. Send it as a photo, or as JPEG or PNG, or tell me in words what you are looking for.
}
voice-heard = I heard: “{ $text }”
