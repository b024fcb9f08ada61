# 订单，以及就订单向商店提出的申请。机器人没做的事绝不说做了。

button-order-change = 修改或取消
button-order-return = 退换商品
button-request-alone = 不绑定订单直接申请
button-request-begin = 申请退换
button-request-drop = 先不提交
button-request-item = { $title }
button-request-newer = 申请换一件新的
button-request-order = 订单 { $number }
button-request-send = 提交申请
button-request-similar = 看看类似的
button-request-swap = 申请换 { $size } 码
command-orders = 我的订单
order-button = { $number } · { $day }
order-code-locked = 不匹配的验证码输入太多次了，请一小时后再试，或者联系人工客服。
order-code-wrong = 这个验证码不匹配任何订单：可能已经用过、已过期或输错了。人工客服可以给您一个新的。
order-line = { $title } × { $quantity }
order-line-of = { $title }（{ $variant }）× { $quantity }
order-linked = 谢谢，订单 { $number } 已绑定到这个聊天。
order-more = 还有 { $count } 件
order-news = 最近更新：{ $day }。
order-no-code = 验证码写在订单确认信里。没有它，我不能告诉您订单的情况，这样别人也看不到。店里的人可以不用验证码帮您查。
order-not-yours = 这个聊天没有绑定订单 { $number }，所以我无法告诉您它的情况。如果是您的订单，请把订单确认信里的验证码发给我，例如 K7QM2-XWD9F。
order-status = { $day } 的订单 { $number }：{ $status ->
    [placed] 商店已收到，还没发货。
    [paid] 已付款，还没发货。
    [packed] 已打包，即将发货。
    [shipped] 正在配送途中。
    [delivered] 已送达。
    [cancelled] 已取消。
    [returned] 已退回商店。
    [refunded] 已退款。
   *[other] { $status }
}
order-total = 合计：{ $amount }
order-tracking = 快递单号：{ $tracking }
orders-all = 我的全部订单
orders-link = 想添加别的订单，请把确认信里的验证码发给我。
orders-none = 这个聊天还没有绑定订单。请把订单确认信里的验证码发给我，例如 K7QM2-XWD9F，我就能告诉您订单到哪了。
orders-yours = { $count ->
    [1] 您有一个订单，点一下查看进度。
   *[other] 您有 { $count } 个订单，想看哪一个？
}
request-address = 换收货地址
request-big = 太大了
request-broken = 坏了或有质量问题
request-cancel = 取消订单
request-change = { $subject }：要改什么？
request-confirm = 要把这个申请提交给商店的工作人员吗？{ $subject }：{ $matter }。
request-dropped = 好的，没有提交任何申请。
request-item = 订单 { $number } 的“{ $title }”
request-item-of = 订单 { $number } 的“{ $title }”（{ $variant }）
request-larger = 太小了，换大一码
request-link = 我没有找到您的相关订单。请把订单确认信里的验证码发给我，例如 K7QM2-XWD9F，我就能帮您看看可以怎么处理。
request-mind = 不想要了
request-newer = 坏了，换一件新的
request-no-number = 没有订单号也可以继续办理：点“不绑定订单直接申请”，说明有什么问题，申请会转给商店的工作人员，他们在这里回复您。如果之后找到了订单确认信，把里面的验证码发给我（例如 K7QM2-XWD9F），我就知道是哪个订单。
request-order = 订单 { $number }
request-other = 其他修改
request-photo-added = 照片已附到您的申请里，还可以继续发送。
request-photo-many = 这份申请已有 { $most } 张照片，不能再加了。还有什么情况，请告诉工作人员。
request-photo-may = 如果照片能说明问题，现在直接发到这里，会附到您的申请里。
request-photo-unread = 这张图片无法转交：文件太大，或者打不开。请换一张，或者不附照片继续。
request-photo-waits = 照片我先留着，您提交申请时会一起附上。
request-photos-along = { $count } 张照片已随申请一起提交，还可以继续发送。
request-same-there = 同款还有货，您也可以换一件新的。
request-sent = 您的申请已转给商店的工作人员，他们会在这里回复您。目前还没有修改、寄送或退款。
request-size-there = 商品目录里也有 { $size } 码：换货前工作人员会先确认有没有货。
request-small = 太小了
request-smaller = 太大了，换小一码
request-ticket = { $subject }：{ $matter }
request-ticket-size = 申请的尺码：{ $size }
request-too-late = 您的订单都已出库，不能再修改了。不想要的商品可以退回。
request-unlinked = 未绑定到这个聊天的订单
request-what = { $subject }：有什么问题？
request-which = 是哪一件商品？
request-which-order = 是哪个订单？
request-wrong = 不是我订的商品
