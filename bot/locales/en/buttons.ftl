# Labels of buttons: short, they share a phone's width.

button-cheaper = Cheaper
button-dislike = 👎
button-drop = ✕ { $label }
button-less-like = Less like this
button-like = 👍
button-more = More
button-more-like = More like this
button-pressed = ✓ { $label }
language-auto = Automatic
language-en = English
language-zh = 中文
