# 单件商品的详情，以及几件对比。

button-item-details = 详情
button-item-pictures = 🖼 全部图片（{ $count }）
item-about = 关于“{ $title }”：
item-beside = { $first } · { $second }
item-blank = { "" }
item-cheaper = 便宜一点的
item-choice = { $n }. { $title }
item-column = { $n } 号
item-common = 相同之处：{ $facts }
item-common-fact = { $name } { $value }
item-compare-all = 和其他几件对比
item-compare-unsaid = 这几件店里都没有写到这一点，我不想乱猜。写到的有：
item-description = { $text }
item-does-not-say = 商品信息里没有提到，我不想乱猜。
item-fact = { $name }：{ $value }
item-from = { $amount }起
item-in-stock = 有货
item-kind-gone = { $values }暂时没货。
item-listed-color = { $count ->
    [1] { $title }只有{ $values }。
   *[other] { $title }有{ $values }。
}
item-listed-size = { $count ->
    [1] { $title }只有 { $values }。
   *[other] { $title }有 { $values }。
}
item-matters = 对您来说，先看这一项：{ $name }。
item-money = { $amount }
item-name-audience = 适合
item-name-brand = 品牌
item-name-color = 颜色
item-name-features = 特点
item-name-material = 材质
item-name-price = 价格
item-name-rating = 评分
item-name-size = 尺码
item-name-stock = 库存
item-near = ≈ { $amount }
item-no = 不是的。
item-no-more-pictures = { $count ->
    [0] 这件商品没有图片。
   *[other] 这件商品只有这一张图片。
}
item-none-says = 这几件店里都没有写到这一点，我不想乱猜。
item-not-reduced = 这件现在没有降价。
item-pick = 看看 { $n } 号
item-pictures-above = 它的图片就在上面。
item-pictures-refused = 这件商品的图片暂时无法显示。
item-price = { $title }：{ $price }
item-price-near = { $title }：{ $price }，约 { $near }
item-price-no-rate = 店里没有{ $near }的汇率，所以我说不出折合多少。
item-price-rate = 按店里 { $date } 的汇率；付款按店里的货币（{ $currency }）。
item-quote = “{ $text }”
item-recommended = 这几件里我会先看第 { $number } 件：{ $title }。
item-reduced = 现价 { $amount }，原价 { $was }。
item-row-title = { $n }. { $title }
item-said = { $text }
item-says = 商品信息里是这样写的：
item-stars-only = 我这里只有评分，没有买家写的评价内容。
item-title = { $title }
item-unlisted-color = 店里没有写{ $title }有哪些颜色。
item-unlisted-size = 店里没有写{ $title }有哪些尺码。
item-unsaid = –
item-values = { $values }
item-values-and = { $first }；{ $second }
item-values-gone = { $values } · 已售罄：{ $gone }
item-values-of = { $name }：{ $value }
item-variety-color = 有几种颜色的可以：加入购物车时选颜色，一种一种加。现在还没有放进购物车。
item-variety-none = 按店里写的，同一件没有不同的可选；想要不一样的，可以分别选不同的商品。现在没有放进购物车。
item-variety-size = 有几个尺码的可以：加入购物车时选尺码，一个一个加。现在还没有放进购物车。
item-where = 商店页面：{ $url }
item-yes = 是的。
item-yes-says = 是的，商品信息里写明了“{ $value }”。
price-in-its-kind = 店里这类商品（{ $kind }）有 { $count } 件，中间价是 { $middle }，{ $dearer ->
    [0] 几乎没有比它贵的
   *[other] 比它贵的占 { $dearer }%
}。
price-no-reason = 商家没有说明为什么是这个价，我不想乱猜。
price-on-screen = 在眼前这几件里，它{ $place ->
    [dearest] 最贵
    [cheapest] 最便宜
   *[between] 不是最贵也不是最便宜
}；{ $others ->
    [1] 另一件是 { $low }
   *[other] 其他的在 { $low } 到 { $high } 之间
}。
