# 没有明确想买什么时的灵感：各种清单和按钮。

command-ideas = 灵感：新品、特价、热门
idea-all = 💡 其他灵感
idea-deals = 🏷 特价
idea-gift = 🎁 挑礼物
idea-guides = 📖 选购指南
idea-new = 🆕 新品
idea-surprise = 🎲 给我惊喜
idea-trending = 🔥 热门
idea-you = ✨ 为您推荐
ideas-all = 可以从这里逛起。点一个，或者直接写下想买什么：
ideas-deals = 正在降价的，省得最多的在前：
ideas-new = 店里最近上架的：
ideas-no-deals = 这类目前没有降价的，要不看看这些：
ideas-no-new = 这类没有新品，要不看看这些：
ideas-no-surprise = 这类没有什么惊喜，要不看看这些：
ideas-no-trending = 没有这类商品，要不看看这些：
ideas-popular = 这周还没有特别热门的，下面是评价人数最多的：
ideas-surprise = 惊喜来了：三件买家评价都不错的东西。
ideas-trending = 这周比平时更受欢迎的：
ideas-you = 我参考了您最近点过评价的 { $count } 件商品。
ideas-you-unknown = 我还不了解您的喜好，先看看大家都适合的。点 👍 或 👎 告诉我。
