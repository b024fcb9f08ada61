# What answers here.

myself = I am the shop's assistant: a program, no person. I find things, answer from the shop's own pages and keep your cart. If you want a person of the shop, say so or tap below.
sorry-angry = I am sorry that something went wrong. Tell me what it is about (an order, a return, an item), or let a person of the shop see to it.
