# Labels of buttons: short, they share a phone's width.

button-cheaper = Cheaper
button-dislike = 👎
button-drop = ✕ { $label }
button-language-auto = Automatic
button-language-en = English
button-language-zh = 中文
button-less-like = Less like this
button-like = 👍
button-more = More
button-more-like = More like this
