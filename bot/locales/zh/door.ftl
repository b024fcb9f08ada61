# 入口自己说的话：按钮、读不了的内容、道歉。

apology = 抱歉，我这边出了点问题，请稍后再试。
busy = 请稍等，我还在处理您上一条消息。
cannot-read-kind = { $kind ->
    [animation] 我还看不了动图。
    [audio] 我还听不了音频。
    [contact] 我还用不了名片。
    [document] 我还打不开文件。
    [location] 我还用不了位置信息。
    [photo] 我还看不懂图片。
    [poll] 我还不能参与投票。
    [sticker] 贴纸真可爱！不过我还看不懂贴纸。
    [video] 我还看不了视频。
    [voice] 我还听不了语音。
   *[other] 我还读不了这种消息。
}请用文字告诉我您想找什么。
caption-note = 我只读了图片下面的文字，没有看图片本身。
dislike-toast = 记住了，少推这类
edited-note = 您修改了消息，我重新回答一次。
flood-notice = 消息有点多，我只回答最后一条。
gone-toast = 这个按钮已经失效，请直接告诉我您想找什么。
like-toast = 记住了，多推这类
old-card = 这张卡片太旧，我已经查不到了，请重新搜索。
replaced-toast = 记住了，您改了主意
same-toast = 已经记过了
stale-apology = 抱歉回复晚了，我刚才不在。
stranger-card = 这张卡片是给别人的。写信给我，我也帮您找。
too-long = 内容有点长，我只读了前面的部分。
