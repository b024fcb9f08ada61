# 挑礼物。

command-gift = 挑礼物
gift-anything = 这些是买家喜欢的礼物。多说说收礼的人，我再帮您缩小范围：
gift-ask-audience = { $number }/3 送给谁？
gift-ask-budget = { $number }/3 预算大概多少？
gift-ask-occasion = { $number }/3 什么场合？
gift-audience = { $value ->
    [women] 送她
    [men] 送他
    [kids] 送孩子
    [baby] 送宝宝
   *[other] 谁都行
}
gift-begin = 我们来挑份礼物。点一个答案或直接写；每个问题都可以跳过。
gift-narrow-audience = 送给谁？
gift-narrow-budget = 有预算吗？
gift-narrow-occasion = 什么场合？
gift-occasion = { $value ->
    [birthday] 生日
    [christmas] 圣诞节
    [valentines] 情人节
    [wedding] 婚礼
    [housewarming] 乔迁
    [graduation] 毕业
   *[other] 新年
}
gift-page = 这是送人的礼物：不参考您自己的喜好，您在这里点的 👍 也不会算成您的喜好。
gift-skip = 跳过
