"""A port of loopback that nobody listens on."""

import socket


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
