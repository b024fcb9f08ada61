# What to do next, under a reply that offers nothing of its own.

next-compare = Compare these
next-ideas = Some ideas
