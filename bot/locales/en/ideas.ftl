# Ideas without a wish: lists and their buttons.

command-ideas = Ideas: new, reduced, trending
idea-all = 💡 Other ideas
idea-deals = 🏷 Deals
idea-gift = 🎁 Find a gift
idea-guides = 📖 Buying guides
idea-new = 🆕 New in
idea-surprise = 🎲 Surprise me
idea-trending = 🔥 Trending
idea-you = ✨ For you
ideas-all = Here are some ways in. Tap one, or just write what you are looking for:
ideas-deals = Reduced just now, the biggest saving first:
ideas-new = The latest in the shop:
ideas-no-deals = Nothing of that is reduced just now. Maybe one of these:
ideas-no-new = I have nothing new of that. Maybe one of these:
ideas-no-surprise = I have nothing to surprise you with there. Maybe one of these:
ideas-no-trending = I have nothing of that. Maybe one of these:
ideas-popular = Nothing stands out this week yet. These have the most buyers' ratings:
ideas-surprise = A surprise: three things that buyers rate well.
ideas-trending = Wanted more than usual this week:
ideas-you = { $count ->
    [one] I go by one thing that you reacted to.
   *[other] I go by the { $count } things that you reacted to last.
}
ideas-you-unknown = I do not know your taste yet, so these are for everybody. Your 👍 and 👎 tell me.
