# 按钮文字：要短，手机屏幕不宽。

button-cheaper = 更便宜的
button-dislike = 👎
button-drop = ✕ { $label }
button-language-auto = 自动
button-language-en = English
button-language-zh = 中文
button-less-like = 少推这类
button-like = 👍
button-more = 换一批
button-more-like = 类似的
