"""A port of loopback that nobody listens on, for a server that is started a while later.

Not one that the system gives: from its range it also gives ports to connections that others make meanwhile.
"""

import random
import socket


def free_port():
    while True:
        port = random.randint(20_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
