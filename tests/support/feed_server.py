"""A server for feeds that behaves as told: one canned answer for each path, byte for byte, on loopback."""

import socket
import threading
import time
from contextlib import contextmanager


class FeedServer:
    """`answers` maps a path to the bytes of a whole HTTP answer; `asked` are the requests that came."""

    def __init__(self, answers):
        self.answers, self.asked = answers, []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"

    def url(self, path, host=None):
        return f"http://{host or self.host}{path}"

    def serve(self):
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            with link:
                request = link.recv(65_536).decode("latin-1")
                self.asked.append(request)
                path = request.split(" ")[1] if " " in request else ""
                answer = self.answers.get(path, said(b"", "404 Not Found"))
                for piece in answer if isinstance(answer, list) else [answer]:
                    try:
                        link.sendall(piece)
                    except OSError:
                        break
                    time.sleep(0.05 if isinstance(answer, list) else 0)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def said(body, status="200 OK", **headers):
    """A whole answer; Content-Length is the body's unless it is said."""
    named = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value is not None)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def moved(to, status="302 Found"):
    return said(b"", status, Location=to)


@contextmanager
def feeds(answers):
    server = FeedServer(answers)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join(5)
