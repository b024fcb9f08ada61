# 商品卡上的事实，全部来自商品目录。

approx = ≈ { $amount }
brand = { $brand }
card-link = 去商店看看
low-stock = 仅剩 { $n } 件
new = 新品
out-of-stock = 暂时缺货
price-from = { $price }起
price-line = { $price }
rating = ★{ NUMBER($rating, minimumFractionDigits: 1, maximumFractionDigits: 1) }（{ $count } 条评价）
saving = 省 { $share }%
sponsored = 广告
