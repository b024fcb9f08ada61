# 心愿的各个部分：页面下的小标签，也用在句子里。

beside = { $first }{ $second }
chip-audience = { $kind ->
    [baby] 婴儿款
    [kids] 儿童款
    [men] 男款
    [unisex] 男女通用
    [women] 女款
   *[other] { $value }
}
chip-for = 给{ $value }
chip-like = 类似 { $title }
chip-not = 不要{ $value }
chip-price-max = 不超过 { $amount }
chip-price-min = { $amount } 起
chip-price-range = { $low } – { $high }
chip-size = { $value } 码
chip-value = { $value }
either = { $one }或{ $other }
