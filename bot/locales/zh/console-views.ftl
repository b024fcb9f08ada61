# 控制台：以自定名称保存的筛选视图。

console-did-view-kept = 保存了视图
console-did-view-removed = 删除了视图
console-queue-narrowed = 已筛选：其间暂不提供随机样本和复核消息。
console-queue-why = 入列原因
console-queue-why-asked-back = 机器人反问过
console-queue-why-disliked = 收到 👎
console-queue-why-fallback = 降级作答
console-queue-why-guess = 没有把握
console-queue-why-margin = 两种理解很接近
console-queue-why-outside = 超出范围
console-queue-why-shadow = 试用模型的理解不同
console-queue-why-twin = 规则的理解不同
console-view-by = 由{ $name }建立
console-view-empty = 视图需要名称，并且列表要有筛选条件。
console-view-keep = 保存视图
console-view-kept = 已保存为“{ $name }”。
console-view-long = 名称最多 { $longest } 个字符。
console-view-many = 您在这里的视图已满，请先删除一个。
console-view-name = 视图名称
console-view-remove = 删除视图“{ $name }”
console-view-removed = 已删除“{ $name }”。
console-view-share = 所有人可见
console-view-shared = 所有人可见
console-views = 视图：
