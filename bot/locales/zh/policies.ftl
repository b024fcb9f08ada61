# 根据商店自己的页面回答：只引用，不转述。

policy-all = 商店的全部说明
policy-also = { $heading }
policy-heading = ▸ { $heading }
policy-list = 这些是商店自己的说明页面，您想看哪一个？
policy-nearest = 也许这几条对您有帮助：
policy-open = 打开网页
policy-other-language = 这一页商店只有英文的：
policy-page = 📄 { $title }
policy-perhaps = 也许您问的是这个。
policy-quote = { $text }
policy-says = 商店“{ $title }”页面的“{ $heading }”是这样写的：
policy-title = { $title }
policy-unknown = 这个我不知道：商店的页面上没有找到答案。要帮您转人工吗？
policy-whole = 查看“{ $title }”全文
