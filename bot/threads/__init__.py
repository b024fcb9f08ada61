"""Threads with a part of their own, whose turn it is there, and what is done about one that hangs."""
