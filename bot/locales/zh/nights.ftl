# 夜间任务：各步骤的结果以及控制台页面。

console-nav-nights = 夜间任务
console-nights-about = 由运行中的机器人每天 { $at }（{ $zone }）低优先级执行一次：统计各天数据、清理过期数据、备份、比较对照组、观察对话变化。
console-nights-audit = 店员操作
console-nights-done = 完成
console-nights-failed = 失败
console-nights-for-ever = 永久
console-nights-inbox = Telegram 原始消息
console-nights-kept = 保留期：
console-nights-never = 夜间任务已关闭。
console-nights-no-bot = 机器人未运行
console-nights-none = 还没有执行过夜间任务。
console-nights-running = 进行中
console-nights-shown = 展示记录
console-nights-state = 结果
console-nights-talk = 对话
console-nights-took = { $seconds } 秒
console-nights-tries = 尝试 { $count } 次
console-nights-what = 内容
night-arms = { $shoppers ->
    [0] 最近没有展示过商品，无法比较对照组。
   *[other] 已比较对照组与其他顾客（共 { $shoppers } 位）。
}
night-arms-failed = 无法比较对照组：{ $why }
night-backup = 已备份并校验 { NUMBER($megabytes) } MB，用时 { $seconds } 秒。
night-backup-failed = 无法备份：{ $why }
night-drift = { $state ->
    [drift] 对话在 3 项指标中有 { $flagged } 项发生变化，见“模型”页。
    [quiet] 对话没有明显变化。
   *[other] 对话太少，还看不出变化。
}
night-drift-failed = 无法判断对话是否变化：{ $why }
night-no-backup = 未备份：SHOPBOT_BACKUPS 没有指定文件夹。
night-retention = { $rows ->
    [0] 没有过期数据。
   *[other] 已清理 { $rows } 条过期数据。
}
night-retention-failed = 无法清理过期数据：{ $why }
night-sums = 已统计 { $days } 天。
night-sums-failed = 无法统计各天数据：{ $why }
