"""The flow of a turn, by what begins it: a message, a photo, a tapped button. What they share is to serve a wish.

Knows nothing of Telegram. The parts work or raise; the flow decides patience (time limits, the plain twin in place of
the model) and marks every answer that was given with less than the whole machine.
"""
