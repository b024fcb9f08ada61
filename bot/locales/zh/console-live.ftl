# 控制台：在线接待、工单和常用回复；草稿是给顾客的。

console-canned-add = 添加回复
console-canned-empty = 需要名称和两种语言的内容。
console-canned-hint = 备好的回复，两种语言各一份。使用时会填入这些位置：
console-canned-long = 名称或内容太长。
console-canned-name = 名称
console-canned-place = 没有 { $place } 这个位置，请看上面的列表。
console-canned-place-case = 对话编号
console-canned-place-hours = 工作时间
console-canned-place-order = 提到的订单
console-canned-place-product = 最近展示的商品
console-canned-place-staff = 您的名字
console-canned-remove = 删除
console-canned-saved = 已保存。
console-canned-stale = 别人刚刚改过这条回复；您写的内容在下面。
console-canned-taken = 已有同名回复。
console-live-before = 此前
console-live-blocked = 已屏蔽机器人
console-live-bot = 机器人
console-live-cart = 购物车
console-live-case = 对话
console-live-close = 结束：已解决
console-live-closed-now = 现在不在工作时间：顾客会被告知何时有人。
console-live-decline = 不受理
console-live-decline-sure = 不受理这个请求？顾客会收到通知。
console-live-delivered = 已送达
console-live-draft = 起草回复
console-live-ended = 第 { $case } 号对话已结束。
console-live-ended-lately = 最近结束
console-live-event-ended = { $outcome ->
    [declined] { $name }未受理
    [returned] { $name }已交还机器人
   *[solved] { $name }已结束对话
}
console-live-event-late = 已告知顾客要久等
console-live-event-left = 顾客回到了机器人
console-live-event-opened = { $reason ->
    [failed] 机器人没有听懂，顾客想找人工
    [staff] 店员主动接手
   *[other] 顾客要求人工
}
console-live-event-rated = { $said ->
    [good] 顾客评价：满意
    [fair] 顾客评价：一般
   *[bad] 顾客评价：不满意
}
console-live-event-taken = { $name }已接手
console-live-event-ticket = 已建工单 { $ticket }
console-live-event-went-on = 顾客在等待时先和机器人聊
console-live-find = 查找商品
console-live-found = “{ $words }”的搜索结果
console-live-found-nothing = 没有找到“{ $words }”。
console-live-give-back = 交还机器人
console-live-held = 接待中：{ $count }
console-live-look = 查看
console-live-mine = 我
console-live-need = 想找
console-live-no-cart = 购物车是空的。
console-live-no-need = 还没有需求
console-live-no-orders = 没有绑定到这位顾客的订单。
console-live-no-tastes = 还没有学到
console-live-nobody = 没有人在等人工。
console-live-none-ended = 还没有结束的对话。
console-live-none-held = 没有正在进行的人工对话。
console-live-note-add = 添加备注
console-live-note-empty = 备注不能为空。
console-live-note-hint = 只有店员能看到
console-live-note-long = 备注太长了。
console-live-notes = 内部备注
console-live-nothing-shown = 还没有
console-live-on-its-way = 发送中
console-live-orders = 订单
console-live-outcome = 结果
console-live-outcome-declined = 未受理
console-live-outcome-left = 顾客回到机器人
console-live-outcome-returned = 交还机器人
console-live-outcome-solved = 已解决
console-live-past = 历史对话
console-live-reason-asked = 要求人工
console-live-reason-failed = 机器人没有听懂
console-live-reason-staff = 店员主动接手
console-live-reload = 刷新
console-live-said = 顾客评价
console-live-send = 发送
console-live-sent-kind = { $kind ->
    [audio] 发了音频（此处不显示）
    [contact] 发了名片（此处不显示）
    [document] 发了文件（此处不显示）
    [location] 发了位置（此处不显示）
    [photo] 发了图片（此处不显示）
    [sticker] 发了贴纸（此处不显示）
    [video] 发了视频（此处不显示）
    [voice] 发了语音（此处不显示）
   *[other] 发了此处无法显示的内容
}
console-live-shopper = 顾客
console-live-shown = 最近展示
console-live-since = 时长
console-live-state-closed = 已结束：
console-live-state-held = 这次对话由{ $name }接待，机器人不说话。
console-live-state-mine = 这次对话由您接待，机器人不说话。
console-live-state-waiting = 已等待
console-live-suggested = 可一起发送的商品（来自上次需求的候选）
console-live-summary = 概况
console-live-take = 接手
console-live-take-from = 从{ $name }处接手
console-live-take-over = 从机器人处接手
console-live-take-sure = 是的，尽管{ $name }正在接待
console-live-tapped = { $action ->
    [cheaper] 点了“更便宜的”
    [drop] 去掉了一个条件
    [go_on] 点了“继续和机器人聊”
    [human] 点了“转人工”
    [less_like] 点了“少推这类”
    [more] 点了“换一批”
    [more_like] 点了“类似的”
    [why] 点了“为什么”
   *[other] 点了一个按钮
}
console-live-tastes = 偏好
console-live-to-case = 回到对话
console-live-told-late = 已告知要久等
console-live-turns = { $count ->
   *[other] { $count } 条消息
}
console-live-undelivered-refused = 无法送达：Telegram 拒收
console-live-undelivered-unreachable = 无法送达：顾客已屏蔽机器人
console-live-unsent = 没有发送
console-live-use-canned = 使用
console-live-usual = （通常约 { $minutes } 分钟后接手）
console-live-waiting = 等待中：{ $count }
console-live-why = 原因
console-live-with = 接待人
console-live-with-bot = 先和机器人聊
console-live-write = { $language ->
    [zh] 回复（顾客说中文）
   *[en] 回复（顾客说英文）
}
console-live-your-words = 您写的内容
console-nav-canned = 常用回复
console-nav-live = 在线接待
console-nav-tickets = 工单
console-refused-case-gone = 这次对话已不存在：顾客数据已删除。
console-refused-case-held = 这次对话由{ $name }接待。
console-refused-case-not-taken = 请先接手再回复。
console-refused-case-over = 这次对话已结束。
console-refused-no-date = 日期无效：请写成 2026-12-31。
console-refused-no-name = 您的账号没有可显示的名字。
console-refused-no-such-shopper = 已经没有这位顾客。
console-refused-nothing-said = 请写点什么，或选择商品。
console-refused-place = 发送前请先填写 { $place }。
console-refused-product-gone = 商品 { $id } 已下架。
console-refused-said-too-long = 超过了 { $most } 个字符。
console-refused-ticket-gone = 这个工单已不存在。
console-refused-ticket-stale = 别人刚刚改过这个工单；现在是这样。
console-refused-too-many-products = 一条消息最多带 { $most } 件商品。
console-taste = { $way ->
    [more] 比别人更看重：
   *[less] 比别人更不看重：
}{ $feature ->
    [browse-freshness] 逛的时候的新品
    [buy-price] 下单时的价格
    [buy-session] 下单时本次喜欢的
    [consider-rating] 挑选时的评分
    [evening-price] 晚间的价格
    [freshness] 新品
    [goes-with] 搭配商品
    [known-match] 有明确标注的条件
    [like-product] 与某商品相似
    [popularity] 热门商品
    [price-fit] 贴近预算的价格
    [rating] 高评分
    [season] 应季商品
    [session-affinity] 本次喜欢的同类
    [stock] 库存充足
    [taste-brand] 喜欢过的品牌
    [taste-category] 喜欢过的品类
    [taste-color] 喜欢过的颜色
    [taste-material] 喜欢过的材质
    [text-dense] 意思相近
    [text-fused] 高度匹配
    [text-lexical] 词语匹配
    [trending] 近期热门
    [weekend-price] 周末的价格
   *[other] { $feature }
}
console-ticket = 工单
console-ticket-day = { $day }
console-ticket-due = 截止
console-ticket-kind = 类型
console-ticket-kind-change = 修改订单
console-ticket-kind-other = 其他
console-ticket-kind-return = 退货
console-ticket-make = 建工单
console-ticket-mine = 我的
console-ticket-new = 新工单
console-ticket-none = 这里没有工单。
console-ticket-open-all = 全部未完成
console-ticket-opened = 创建
console-ticket-order = 订单
console-ticket-owner = 负责人
console-ticket-photos = 照片（{ $count } 张）
console-ticket-saved = 已保存。
console-ticket-state = 状态
console-ticket-state-done = 已完成
console-ticket-state-open = 待处理
console-ticket-state-waiting = 等待中
console-ticket-state-working = 处理中
console-ticket-text = 要办的事
console-ticket-unchecked = （以顾客所说为准）
draft-found = 您好，我是{ $name }。您在找：{ $what }。您看看这几件怎么样？
draft-order = 您好，我是{ $name }。您提到订单 { $order }，请问需要我做什么？
draft-plain = 您好，我是{ $name }，请问有什么可以帮您？
