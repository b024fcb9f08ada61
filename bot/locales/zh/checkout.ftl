# 购买：清单、购买方式、订单。

button-checkout = ✅ 去结算
button-checkout-open = ↗ { $title }
button-checkout-place = ✅ 下单 · { $amount }
checkout-already = 您的订单 { $number } 已经提交，没有重复购买。
checkout-first = 上次看过之后有变化，请先看一下，再去结算。
checkout-head = 您将购买：
checkout-left = 好的，没有购买任何东西，购物车保持不变。
checkout-line = • { $item } × { $count }：{ $amount }
checkout-no-page = 店里没有给出购买页面，请联系店里的人工客服。
checkout-note-link = 请在商店自己的页面购买和付款。那边的情况我看不到，所以购物车保持不变。
checkout-note-record = 点按钮才会下单，在那之前不会购买任何东西。
checkout-nothing = 购物车里的商品现在都买不了。
checkout-overtaken = 那份清单已经过时，没有购买任何东西。现在的情况是这样的。
checkout-placed = 谢谢！您的订单 { $number } 已提交：
checkout-placed-next = 请记下订单号，随时可以用它问我订单的情况。
checkout-tap = 为了避免误买，请点按钮确认。
checkout-without = 现在买不了，不在其中：{ $items }。
