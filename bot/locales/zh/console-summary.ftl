# 接手的人一眼要看到的。

console-live-orders-said = 顾客自己说的，未核实：
console-live-tried = 机器人试过什么
console-tried-answered = { $intent }：已回答
console-tried-lost = { $intent }：没听懂
console-tried-quoted = { $intent }：引用了商店页面
console-tried-sent = { $intent }：已提交申请
console-tried-unable = { $intent }：机器人帮不上
