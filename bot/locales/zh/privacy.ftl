# 保存了您的什么：/privacy。

privacy =
    我保存您写给我的话、给您看过的商品和您点过的按钮，并与您的 Telegram 账号编号（不是手机号）放在一起。我用它们来回答您、了解您的喜好；店员可能会查看，用来纠正我的错误。
    /reset 只会忘记当前想找的东西。目前保存的有：
privacy-backups = 删除的内容会在 { $days } 天内从店里的备份中消失，在此之前无人查看备份。
privacy-cards = • 为您挑选时看过的 { $count } 件商品
privacy-cart = • 购物车和收藏里的 { $count } 件
privacy-cases = • 和店员的 { $count } 次对话或请求
privacy-do-erase = 🗑 全部删除
privacy-do-export = ⬇ 全部发给我
privacy-do-keep = 不，先留着
privacy-do-sure = 是的，全部删除
privacy-export = 这是我保存的关于您的全部内容，一个 JSON 文件：
privacy-file = 关于您的全部内容
privacy-gone = 关于您的一切都已删除：对话、喜好、购物车、提醒，还有店员的备注。订单留在店里的账上，不再与您有关。店里的备份会在 { $days } 天内清除这些内容；在此之前若恢复备份，也会立即再次删除。您再写来，我们就从头认识。
privacy-kept = • 您告诉我的 { $count } 条偏好
privacy-orders = • { $count } 个订单
privacy-reactions = • 对商品的 { $count } 次评价
privacy-sure = 这会立刻永久删除我保存的关于您的一切：对话、喜好、偏好、购物车、收藏和提醒。订单会留在店里的账上，但不再与您有关。无法恢复。确定吗？
privacy-turns = • 您的 { $count } 条消息和点击，以及我的回答
