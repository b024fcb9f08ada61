# 符合全部条件的商品不够一页时的话：放宽了哪一条，放宽到哪里。

chip-exact = 只要完全符合的
ordered-cheapest = 按价格从低到高排列；完全符合的排在其余的前面。
ordered-rated = 评分高的在前；完全符合的排在其余的前面。
reason-off-limit = { $slot ->
    [price] { $end ->
        [max] { $price }，超出您说的 { $limit }
       *[min] { $price }，低于您说的 { $limit }
    }
    [rating] 评分 { NUMBER($rating, maximumFractionDigits: 2) }，低于您说的 { NUMBER($least, maximumFractionDigits: 2) }
   *[other] { $value }，不是{ $wanted }
}
relaxed-none = 没有完全符合“{ $what }”的，最接近的是：{ $ways }。
relaxed-some = { $count ->
    [1] 只有第一件完全符合“{ $what }”，其余是：{ $ways }。
   *[other] 只有前 { $count } 件完全符合“{ $what }”，其余是：{ $ways }。
}
way-any-brand = { $wanted }以外的品牌
way-any-color = { $wanted }以外的颜色
way-any-material = { $wanted }以外的材质
way-or = { $one }；或者{ $other }
way-price-max = 价格放宽到 { $limit } 以内（原来是 { $said }）
way-price-min = 价格放宽到 { $limit } 起（原来是 { $said }）
way-rating = 评分放宽到 { NUMBER($rating, maximumFractionDigits: 2) } 以上（原来是 { NUMBER($said, maximumFractionDigits: 2) }）
way-together = { $first }，并且{ $second }
way-value = 用{ $value }代替{ $wanted }
