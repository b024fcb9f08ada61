# 前后翻页，以及中途作罢。

button-back = ‹ 上一页
page-afresh = 重新开始
page-first = 这已经是第一页了。
page-ideas = 给我一些灵感
page-never-mind = 好的，那就算了。想看点什么？
page-never-mind-wish = 好的，那就算了。继续看刚才的，还是重新开始？
