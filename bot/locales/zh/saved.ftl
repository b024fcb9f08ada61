# 收藏的商品，以及它们的消息。

button-news-cart = 🛒 { $title }
button-news-stop = 🔕 不再发这类消息
button-saved-back = 🔔 到货告诉我
button-saved-bell = 🔔 { $number } 有变化告诉我
button-saved-bell-off = 🔕 { $number } 不再提醒
button-saved-drop = ✕ { $number } 移除
button-saved-first = 回到开头
button-saved-forget = ✕ { $title }
button-saved-more = 还有 { $count } 件
button-saved-save = ♡ 收藏
button-saved-show = ♡ 我的收藏
button-saved-watch = 🔔 降价告诉我
command-saved = 我的收藏
news-back = • { $title }到货了，{ $now }。
news-drop = • { $title }从 { $was } 降到 { $now }。
news-head = 🔔 您收藏的商品有消息：
saved-ask = { $count ->
    [1] 要收藏这件吗？
   *[other] 要收藏哪一件？
}
saved-ask-watch = { $count ->
    [1] 是要提醒这件吗？
   *[other] 要提醒哪一件？
}
saved-done = 已收藏：{ $title }。
saved-gone = { $title }店里已不再出售。
saved-head = ♡ 您收藏了 { $count } 件，现在的情况：
saved-none = 您还没有收藏。点卡片下的 ♡ 就能先留着。
saved-off = 已取消收藏：{ $title }。
saved-off-toast = 已取消收藏：{ $title }。
saved-repriced = { $number }. 之前 { $was }，现在 { $now }。
saved-stopped = 好的，不再发送收藏商品的消息。收藏还在。
saved-toast = 已收藏：{ $title }。/saved 查看全部。
saved-unwatched-toast = 不再提醒{ $title }。
saved-watched = { $title }降价或到货时，我会告诉您。它在您的收藏里。
saved-watched-toast = { $title }降价或到货时，我会告诉您。
saved-which = 您是指哪一件？请点编号旁的 ✕。
