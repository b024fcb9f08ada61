"""The console as a process: one to a folder, its address printed, ended with the bot that started it."""

import re
import socket
import subprocess
import sys
import urllib.request

import pytest


def _console(folder, *more):
    command = [sys.executable, "-m", "bot", "console", "--port", "0", "--data", str(folder), *more]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, text=True, **pipes)


@pytest.mark.long
def test_it_says_where_it_is_serves_and_ends_when_the_bot_is_killed(folder):
    serving = _console(folder, "--beside")
    try:
        said = serving.stdout.readline()
        assert "shopbot staff add" in said
        address = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
        with urllib.request.urlopen(f"{address}/sign-in", timeout=20) as page:
            assert b"shopbot staff add" in page.read()
        second = _console(folder)
        _, problem = second.communicate(timeout=30)
        assert second.returncode == 1
        assert "belongs to a running console" in problem
        assert len(problem.strip().splitlines()) == 1
        serving.stdin.close()
        assert serving.wait(timeout=20) is not None
    finally:
        serving.kill()
        serving.wait()
        serving.stdout.close()
        serving.stderr.close()


@pytest.mark.long
def test_of_two_that_start_together_one_serves_and_the_other_names_no_address(folder):
    both = [_console(folder), _console(folder)]
    try:
        said = [process.stdout.readline() for process in both]
        assert sorted(bool(line) for line in said) == [False, True], said
        refused = both[1] if said[0] else both[0]
        assert refused.wait(timeout=30) == 1
        assert "belongs to a running console" in refused.stderr.read()
        with urllib.request.urlopen(
            re.search(r"http://127\.0\.0\.1:\d+", "".join(said))[0] + "/sign-in", timeout=20
        ) as page:
            assert page.status == 200
    finally:
        for process in both:
            process.kill()
            process.communicate()


@pytest.mark.long
def test_a_port_that_is_taken_is_one_sentence(folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "bot", "console", "--port", str(port), "--data", str(folder)]
        failed = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert failed.returncode == 1
    assert (
        failed.stderr.strip()
        == f"shopbot: Port {port} of the console is taken: name another with --port, or 0 for a free one."
    )
