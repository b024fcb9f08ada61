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
chip-look = 像您照片里的
chip-not = 不要{ $value }
chip-price-max = 不超过 { $amount }
chip-price-min = { $amount } 起
chip-price-range = { $low } – { $high }
chip-rating = { NUMBER($rating, maximumFractionDigits: 2) } 星以上
chip-size = { $value } 码
chip-value = { $value }
either = { $one }或{ $other }
size-for = { $kind ->
    [kids] 儿童款 { $size }
    [men] 男款 { $size }
   *[women] 女款 { $size }
}
size-no-chart = 店里没有“{ $said }”这种标法的尺码，我也没有对应的尺码表，所以只按字面找。
size-taken-fashion = “{ $said }”按常见尺码表算作{ $sizes } 码：店里这类商品用字母尺码。各品牌会有出入。
size-taken-shoes = “{ $said }”按常见尺码表算作{ $sizes } 码：店里的鞋用欧码。各品牌会有出入。
