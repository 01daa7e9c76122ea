"""The command that serves the program: one for the demo, for containers and for the test of both."""

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

from perfmon.setup.console import Problem

HEALTH = "/healthz"


def gunicorn(python: str, bind: str, log_level: str = "info", workers: int = 2) -> list[str]:
    """Told to end or to begin anew, it first answers what it has taken in: 30 seconds long, as long as anything may
    take. Workers begin anew by themselves now and then, never all at once."""
    flags = (
        f"-k perfmon.gunicorn_worker.Worker -w {workers} --threads 4 --no-control-socket --max-requests 1000 "
        "--max-requests-jitter 200 --graceful-timeout 30 --logger-class perfmon.gunicorn_log.GunicornLogger"
    )
    return [python, "-m", "gunicorn", "perfmon.wsgi", *flags.split(), "--log-level", log_level, "--bind", bind]


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """Raises Problem when nothing can listen on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise Problem(
                f"Port {port} needs more rights than you have. Choose one with --port, such as 8001."
            ) from None
        except OSError:
            raise Problem(
                f"Port {port} is taken by another program. Stop it, or choose another port with --port, "
                f"such as --port {port + 1 if port < 65535 else 8001}."
            ) from None


def answer(url: str, host: str | None = None, timeout: float = 5) -> tuple[int, str] | None:
    """Status and body of `url`, without any proxy, or None when nothing answers. host: sent as the Host header."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with opener.open(request, timeout=timeout) as reply:
            return reply.status, reply.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode(errors="replace")
    except OSError:
        return None


def wait_until_up(url: str, alive: Callable[[], bool], seconds: float = 30, host: str | None = None) -> None:
    """Return when `url` answers at all. Raises Problem when the server ends first or `seconds` pass."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not alive():
            raise Problem("The web server ended as soon as it started. Its own words are above.")
        if answer(url, host, timeout=2):
            return
        time.sleep(0.1)
    raise Problem(f"The web server did not answer at {url} within {seconds:.0f} seconds.")
