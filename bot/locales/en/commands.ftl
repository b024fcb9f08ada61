# What the commands answer, and how the bot describes itself in Telegram.

bot-about = Tell me what you are looking for. I find it in the shop, show you cards with prices and reasons, and learn from every 👍 and 👎. English and Chinese.
bot-short-about = Finds things in the shop for you, in English and Chinese.
command-help = What I can do
command-language = Choose the language
command-privacy = What I remember about you
command-reset = Start afresh
command-start = Begin
data-notice = I keep our talk and your taps to serve you better. More: /privacy
help =
    Write what you are looking for, the way you would say it in a shop:
    • a red dress under $60, not polyester
    • a gift for my dad
    • cheaper, in blue
    Under each card, 👍 and 👎 teach me your taste, “More like this” and “Cheaper” search on from it. Tap a ✕ to drop a part of your wish.
    /reset starts afresh, /language changes the language, /privacy says what I remember.
language-ask = Which language shall I speak?
language-auto = I will answer in the language you write.
language-set = { $language ->
    [zh] I will speak Chinese.
   *[en] I will speak English.
}
reset-done = Done, your wish is forgotten. What are you looking for now?
welcome = Hello! Tell me what you are looking for and I will find it in the shop. For instance: a red dress under $60.
welcome-back = Welcome back! What are you looking for today?
