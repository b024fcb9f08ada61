# 按要求抹除买家数据。

console-erase = 抹除买家数据
console-erase-about = 与该买家有关的一切都会删除：对话、展示、反馈、人工会话、工单，以及员工的备注。汇总数字保留。此操作无法撤销。
console-erase-again = 再次输入编号
console-erase-differs = 两次输入的编号不同，未删除任何内容。
console-erase-do = 永久抹除
console-erase-done = 已删除 { $rows } 行。
console-erase-number = Telegram 编号
console-erase-odd = 这不是买家编号。
console-erase-rows = 行数
console-erase-table = 所属
