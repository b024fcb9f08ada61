# What a shopper is told for the safety of what is theirs.

group-tap = Your own things we look at in our private chat only. Open it, and tap there.
