# 心愿的各个部分：页面下的小标签，也用在句子里。

chip-like = 类似 { $title }
chip-not = 不要{ $value }
chip-price-max = 不超过 { $amount }
chip-price-min = { $amount } 起
chip-price-range = { $low } – { $high }
chip-value = { $value }
