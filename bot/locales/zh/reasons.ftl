# 推荐理由，每个代码一句。事实随代码而来，句句属实。

reason-goes-with = { $count } 位买家同时买了“{ $title }”
reason-has-wish = 符合您要的“{ $value }”
reason-in-season = { $occasion ->
    [back-to-school] 正合开学季
    [black-friday] 正合黑色星期五
    [childrens-day] 正合儿童节
    [christmas] 正合圣诞节
    [dragon-boat] 正合端午节
    [easter] 正合复活节
    [fathers-day] 正合父亲节
    [halloween] 正合万圣节
    [mid-autumn] 正合中秋节
    [mid-year-sale] 正合618
    [mothers-day] 正合母亲节
    [new-year] 正合新年
    [qixi] 正合七夕
    [singles-day] 正合双十一
    [spring-festival] 正合春节
    [teachers-day] 正合教师节
    [thanksgiving] 正合感恩节
    [valentines] 正合情人节
    [womens-day] 正合妇女节
   *[other] 正合时令
}
reason-in-stock = 现货
reason-like-product = 与“{ $title }”相似
reason-like-session = 接近您刚才喜欢的
reason-likes-brand = 您喜欢过的品牌：{ $value }
reason-likes-category = 您喜欢过的品类：{ $value }
reason-likes-color = 您喜欢过的颜色：{ $value }
reason-likes-material = 您喜欢过的材质：{ $value }
reason-looks-alike = 和您照片里的相像
reason-matches-meaning = 符合您的描述
reason-matches-words = 与“{ $words }”相符
reason-new = 店里的新品
reason-popular = 很受其他顾客欢迎
reason-sponsored = 广告
reason-trending = { $kind ->
    [order] 最近 { $days } 天卖出 { $count } 次
    [cart] 最近 { $days } 天被加入购物车 { $count } 次
   *[view] 最近 { $days } 天被浏览 { $count } 次
}
reason-well-rated = { $count } 位买家评分 { NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) }
reason-within-budget = { $price }，不超过 { $limit }
