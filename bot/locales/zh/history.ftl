# 最近找过的：/history。

command-history = 我找过的
history-again = 回到之前找的，按店里现在的情况：
history-empty = 您还没有找过东西。
history-list = 您最近找过的，点一下再看看：
history-wish = { $day }：{ $what }
