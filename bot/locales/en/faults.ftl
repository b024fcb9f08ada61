# What is said while parts of the shop's own machine are out of order.

storage-wait = I cannot get at my notes for the moment. I have kept what you sent, and I will answer as soon as I can.
