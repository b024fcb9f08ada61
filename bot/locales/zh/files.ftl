# 顾客与店员之间的图片和文件。

case-cannot-pass-failed = { $kind ->
    [photo] 刚才没能收到您的图片。
    [document] 刚才没能收到您的文件。
   *[other] 刚才没能收到您发送的内容。
}请再发一次，或者用文字说明。
case-cannot-pass-kind = 这种文件店里的人收不到；图片、PDF、MP4 视频、语音和音乐可以。请用文字说明，他们能看到您发过文件。
case-cannot-pass-large = 文件太大，店里的人收不到。请发小一点的，或者用文字说明，他们能看到您发过文件。
console-did-file-opened = 打开了文件
console-file = 文件
console-file-gone = 文件已不存在。
console-file-hidden = 已隐藏：请点“显示被遮住的内容”，或先接手对话
console-file-size = { $size } KB
console-file-too-large = 图片最大 { $most } MB。
console-file-wrong = 只能发送 JPEG 和 PNG 图片。
console-live-attach = 图片（JPEG 或 PNG）
console-live-sent-file = { $kind ->
    [audio] 发送了音频
    [document] 发送了文件
    [photo] 发送了图片
    [video] 发送了视频
    [voice] 发送了语音
   *[other] 发送了文件
}
console-refused-no-picture = 只能发送 JPEG 和 PNG 图片。
staff-shows-picture = 店里的{ $name }给您发了一张图片：
