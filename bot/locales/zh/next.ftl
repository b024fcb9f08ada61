# 回复里没有别的按钮时，接下来可以做什么。

next-compare = 对比这几件
next-ideas = 给点灵感
