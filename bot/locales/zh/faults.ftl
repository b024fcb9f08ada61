# What is said while parts of the shop's own machine are out of order.

storage-wait = 我暂时打不开我的记录本。您发来的我已经收好，一能处理就马上回复您。
