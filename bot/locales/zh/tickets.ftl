# 工单：完成时告诉顾客的话，以及店员看到的内容。

console-live-event-ticket-done = 工单 { $ticket } 已完成，{ $name }通知顾客
console-ticket-notice = 给顾客的通知
console-ticket-tell = 完成后通知顾客
console-ticket-tell-at = （现在是免打扰时间：{ $when }发送）
console-ticket-waits = 等到 { $when } 发送（免打扰时间）
console-ticket-words = 给顾客的话（用顾客的语言，可不填）
ticket-done = { $kind ->
    [return] 您的退货申请（编号 { $ticket }）已由店里的{ $name }处理完毕。
    [change] 您要求的修改（编号 { $ticket }）已由店里的{ $name }处理完毕。
   *[other] 您的请求（编号 { $ticket }）已由店里的{ $name }处理完毕。
}如果还有问题，可以在这里转人工。
ticket-done-order = { $kind ->
    [return] 您对订单 { $order } 的退货申请（编号 { $ticket }）已由店里的{ $name }处理完毕。
    [change] 您要求对订单 { $order } 的修改（编号 { $ticket }）已由店里的{ $name }处理完毕。
   *[other] 您关于订单 { $order } 的请求（编号 { $ticket }）已由店里的{ $name }处理完毕。
}如果还有问题，可以在这里转人工。
