# 店里的人接手对话，以及交还给机器人。

bot-speaks = 现在和您说话的是机器人。
button-go-on = 继续和机器人聊
button-human = 转人工
case-cannot-pass = { $kind ->
    [audio] 音频传不到店员那里。
    [contact] 名片传不到店员那里。
    [document] 文件传不到店员那里。
    [location] 位置传不到店员那里。
    [photo] 图片传不到店员那里。
    [sticker] 贴纸传不到店员那里。
    [video] 视频传不到店员那里。
    [voice] 语音传不到店员那里。
   *[other] 这种消息传不到店员那里。
}请用文字说明；店员能看到您发过。
case-declined = 店里这次无法安排人工。现在由机器人继续为您服务。
case-joined = 店里的{ $name }加入了对话。在此期间我（机器人）不说话。
case-kept = 好的，我继续为您服务。您的请求留在店里，店员会在这里回复您。
case-late = 抱歉，等的时间比平常长：店里还没有人有空。您的位置会保留。如果愿意，我可以先继续为您服务。
case-left = 好的，现在由机器人继续为您服务。您随时可以再找人工。
case-opened = 我已经告诉店里的人您想找人工。从现在起，您写的话会转给他们。
case-returned = { $name }已把对话交还：现在由机器人继续为您服务。
case-solved = { $name }已结束这次对话：现在由机器人继续为您服务。
case-taken = 现在和您说话的是店里的{ $name }。在此期间我（机器人）不说话。
case-wait = { $minutes ->
   *[other] 通常要等大约 { $minutes } 分钟。
}
case-wait-closed = { $away ->
    [0] 现在没有人在；今天 { $time }（店里时间）有人回来，会在这里回复您。
    [1] 现在没有人在；明天 { $time }（店里时间）有人回来，会在这里回复您。
   *[other] 现在没有人在；{ $day } { $time }（店里时间）有人回来，会在这里回复您。
}
case-wait-unknown = 店员一有空就会在这里回复您。
case-waiting = 您的请求已经在店里，店员会在这里回复您。
case-with = 现在和您说话的是店里的{ $name }。
human-again = 您刚刚和店里的人聊过。要我再叫一次吗？
offer-human = 我好像没有听懂。店里的人也许能更好地帮您。
owner-case = { $reason ->
    [failed] 有一位顾客机器人没有听懂，想找人工（第 { $case } 号）。请看后台的“在线接待”。
   *[other] 有一位顾客想找人工（第 { $case } 号）。请看后台的“在线接待”。
}
owner-case-late = { $minutes ->
   *[other] 第 { $case } 号已经等了 { $minutes } 分钟，还没有人接手。
}
rate-ask = 这次服务怎么样？
rate-bad = 🙁 不满意
rate-fair = 😐 一般
rate-good = 😊 满意
rate-same-toast = 您已经评价过了
rate-toast = 谢谢您！
staff-says = 店里的{ $name }：{ $text }
staff-shows = 店里的{ $name }给您看：
