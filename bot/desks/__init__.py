"""Where commands and other processes write: the database itself, or the bot that runs on it and alone may write."""
