# 购物车：加了什么、现在怎样、有什么变化。

button-cart-add = 🛒 加购
button-cart-back = 放回去
button-cart-choose = { $number }. { $title }
button-cart-drop = ✕ { $number }
button-cart-empty = 清空购物车
button-cart-empty-yes = 是，清空
button-cart-ideas = 随便看看
button-cart-keep = 不，留着
button-cart-less = － { $number }
button-cart-more = ＋ { $number }
button-cart-similar = 看看类似的
button-cart-take = 就要{ $value }
button-cart-view = 🛒 看购物车
cart-added = { $count ->
    [1] 已加入购物车：{ $item }，{ $amount }。
   *[other] 已加入购物车：{ $item } × { $count }，每件 { $amount }。
}
cart-added-toast = 已加入：{ $item }。购物车里共 { $pieces } 件。/cart
cart-ask-color = { $title }要哪个颜色？
cart-ask-size = { $title }要哪个尺码？
cart-changed = 已修改：{ $item }。
cart-choose = 其中 { $count } 件有不同款式，请点一下选择。
cart-emptied = 好的，购物车已清空。
cart-empty-ask = 要把购物车里的 { $count } 件都拿掉吗？
cart-full = 购物车已有 { $most } 种商品，装不下了。请先拿掉一种，或者先结算。
cart-head = 🛒 您的购物车，共 { $count } 件：
cart-holds = 购物车里现在共 { $pieces } 件。
cart-is-empty = 购物车是空的。点卡片下的 🛒 就能放进来。
cart-item = { $title }
cart-item-variant = { $title }（{ $variant }）
cart-kind-gone = { $item }暂时没货。
cart-left = 好的，没有加入。
cart-line = { $number }. { $item } – { $each } × { $count } = { $amount }
cart-line-gone = { $number }. { $item } – 店里已不再出售，不计入合计。
cart-line-one = { $number }. { $item } – { $amount }
cart-line-out = { $number }. { $item } – 暂时售罄，不计入合计。
cart-no-more = { $item }只剩 { $count } 件，都已在您的购物车里。
cart-no-such-line = { $count ->
    [1] 购物车里只有一行。
   *[other] 购物车里只有第 1 到第 { $count } 行。
}
cart-not-in = { $title }没有{ $value }。
cart-not-listed = 店里没有注明{ $value }，如果介意，请看商品页面。
cart-one-of-each-color = 不同的颜色要一件一件加：点您要的那几件，各选各的颜色。现在还没有放进购物车。
cart-one-of-each-size = 不同的尺码要一件一件加：点您要的那几件，各选各的尺码。现在还没有放进购物车。
cart-only-in = { $title }只有{ $value }，没有{ $wanted }。
cart-only-left = 您要 { $wanted } 件，只加入了 { $count } 件，店里只有这么多。
cart-only-left-in = { $title }的{ $wanted }已售罄，只剩{ $value }。
cart-pick = { $number }. { $title }
cart-repriced = {"   "}⚠ 价格有变：之前 { $was }，现在 { $now }。
cart-short = {"   "}⚠ 只剩 { $count } 件，已从 { $wanted } 件改为 { $count } 件。
cart-short-toast = 只有 { $count } 件。
cart-sold-out = { $title }暂时售罄，没有加入购物车。
cart-taken-out = 已拿掉：{ $item }。
cart-total = 合计：{ $amount }
cart-value-price = { $value } · { $amount }
cart-values-gone = 已售罄：{ $values }
cart-which = { $count ->
    [1] 您是指这件吗？
   *[other] 您是指哪一件？
}
cart-which-line = 您是指哪一行？说出编号，或者点按钮。
command-cart = 我的购物车
