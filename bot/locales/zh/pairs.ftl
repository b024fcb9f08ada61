# 与某件商品搭配的东西。

button-pairs-with = 🧩 搭配
pairs-by-kind = 还没有购买记录能说明「{ $title }」配什么好，通常会和这些一起用：
pairs-none = 还不知道「{ $title }」配什么好。要不看看别的：
pairs-page = 与「{ $title }」搭配：
