# 各个命令的回答，以及机器人在 Telegram 里的自我介绍。

bot-about = 告诉我您想买什么，我在店里帮您找，用卡片列出价格和推荐理由，并从每个 👍 和 👎 学习您的喜好。支持中文和英文。
bot-short-about = 帮您在店里找东西，支持中文和英文。
command-help = 我能做什么
command-language = 选择语言
command-privacy = 我记得您的什么
command-reset = 重新开始
command-start = 开始
data-notice = 为了更好地为您服务，我会保存对话和点击。详情：/privacy
help =
    像在店里说话一样，写下您想买的东西：
    • 200元以内的蓝牙耳机
    • 送爸爸的礼物
    • 便宜点的，要蓝色
    每张卡片下的 👍 和 👎 会让我了解您的喜好，“类似的”和“更便宜的”从这件商品继续找。点 ✕ 可以去掉一个条件。
    /reset 重新开始，/language 切换语言，/privacy 说明我记得什么。
language-ask = 您希望我说哪种语言？
language-auto = 好的，您写哪种语言，我就用哪种回答。
language-set = { $language ->
    [en] 好的，我会说英文。
   *[zh] 好的，我会说中文。
}
reset-done = 好的，之前的条件已经清空。您现在想找什么？
welcome = 您好！告诉我您想买什么，我在店里帮您找。比如：200元以内的蓝牙耳机。
welcome-back = 欢迎回来！今天想找点什么？
