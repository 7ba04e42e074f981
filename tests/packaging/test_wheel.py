"""The wheel is whole: the SQL is in it, and the server runs from it with the source out of reach.

The dependencies are lent from the environment that runs the tests; that they can be
installed is what `make setup` shows.
"""

import os
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
SQL_SOURCES = ROOT / "src" / "ringup" / "db"
READY_SECONDS_MAX = 30

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    directory = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(directory)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = directory.glob("ringup-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The `bin` of an environment that has nothing but the wheel and the dependencies."""
    directory = tmp_path_factory.mktemp("installed")
    venv.create(directory, with_pip=False)
    python = directory / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    # The .pth files of a path that a .pth file names are not followed: our editable install stays out.
    site_packages = Path(sysconfig.get_path("purelib", vars={"base": str(directory)}))
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return directory / "bin"


@pytest.fixture
def data_dir() -> Iterator[Path]:
    # Not tmp_path: see the fixture `server`.
    with tempfile.TemporaryDirectory(prefix="ringup-test-") as directory:
        yield Path(directory) / "shop"


def test_every_sql_file_is_in_the_wheel(wheel):
    names = {name.removeprefix("ringup/db/") for name in zipfile.ZipFile(wheel).namelist()}

    assert {path.relative_to(SQL_SOURCES).as_posix() for path in SQL_SOURCES.rglob("*.sql")} <= names


def test_the_installed_package_is_the_wheel_and_not_the_source(installed):
    printed = subprocess.run(
        [installed / "python", "-c", "import ringup; print(ringup.__file__)"],
        check=True,
        capture_output=True,
        text=True,
        cwd="/",
    )

    assert Path(printed.stdout.strip()).is_relative_to(installed.parent)


def test_the_server_runs_from_the_wheel(installed, data_dir):
    port = free_port()
    environment = {"RINGUP_DATA_DIR": str(data_dir), "PATH": os.defpath, "HOME": str(data_dir.parent)}
    serve = [installed / "ringup", "serve", "--host", "127.0.0.1", "--port", str(port)]

    with subprocess.Popen(serve, cwd="/", env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            answered = first_answer(f"http://127.0.0.1:{port}/readyz", server)
        finally:
            server.terminate()
            server.wait(timeout=READY_SECONDS_MAX)

    assert answered.status_code == 200
    assert not (data_dir / "postgres" / "postmaster.pid").exists(), "it left its database running"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_answer(url: str, server: subprocess.Popen[bytes]) -> httpx.Response:
    """The first answer that is not 'not yet'."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while server.poll() is None and time.monotonic() < deadline:
        try:
            answer = httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code != 503:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{url} was not ready; the server's exit code is {server.poll()}")
