# 选购指南。

command-guides = 选购指南
guides-list = 几篇简短的选购指南，点一篇在这里读：
guides-more = 📖 更多指南
guides-none = 还没有选购指南。告诉我想买什么，或者看看这些：
guides-not-on-that = 这类还没有指南，目前有这些：
guides-title = 📖 { $title }
