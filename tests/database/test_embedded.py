"""The private cluster: started, taken over, recovered, stopped with its last user, removed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from geoservice.database import embedded
from geoservice.database.engine import connect
from geoservice.database.server_binaries import server_binaries
from geoservice.errors import DatabaseUnavailable, NotFound

OUTSIDE = Path("/var/lib/geoservice")


@pytest.fixture(scope="module", autouse=True)
def server() -> None:
    try:
        server_binaries()
    except NotFound as error:
        pytest.skip(f"no server to start: {error}")


@pytest.fixture(scope="module")
def parent() -> Iterator[Path]:
    """A directory that the server's own user can reach (pytest's own is closed to it)."""
    directory = Path(tempfile.mkdtemp(prefix="geoservice-embedded-"))
    directory.chmod(0o755)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="module")
def home(parent: Path) -> Iterator[Path]:
    home = parent / "home"
    embedded.start(home)
    yield home
    embedded.remove(home)


@pytest.fixture
def stopped(home: Path) -> Path:
    embedded.stop(home)
    return home


def postmaster(data: Path) -> int:
    return int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])


def answer(url: str, query: str = "SELECT 1") -> object:
    with connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row and row[0]


def test_it_starts_with_a_database_of_its_own_and_postgis(home: Path) -> None:
    url = embedded.start(home)
    assert answer(url, "SELECT current_database()") == "geoservice"
    extensions = "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'"
    assert answer(url, extensions) == 1


def test_a_running_one_is_taken_over(home: Path) -> None:
    url = embedded.start(home)
    process = postmaster(home / "cluster" / "data")
    assert embedded.start(home) == url
    assert postmaster(home / "cluster" / "data") == process


def test_the_password_is_readable_by_its_owner_alone(home: Path) -> None:
    password = home / "password"
    assert password.stat().st_mode & 0o777 == 0o600
    assert password.read_text(encoding="utf-8") in embedded.start(home)


def test_without_the_password_nobody_gets_in(home: Path) -> None:
    password = (home / "password").read_text(encoding="utf-8")
    wrong = embedded.start(home).replace(password, "wrong")
    with pytest.raises(DatabaseUnavailable, match="password"):
        answer(wrong)


def test_it_recovers_after_its_server_was_killed(home: Path) -> None:
    url = embedded.start(home)
    with connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 429 AS counties")
    process = postmaster(home / "cluster" / "data")
    os.kill(process, signal.SIGKILL)
    recovered = embedded.start(home)
    assert postmaster(home / "cluster" / "data") != process
    assert answer(recovered, "SELECT counties FROM kept") == 429


@pytest.mark.parametrize("lock", ["", "{own}\n/elsewhere\n", "{other}\n/elsewhere\n0\n5432\n"])
def test_a_lock_that_no_server_of_it_holds_is_no_obstacle(
    stopped: Path, tmp_path: Path, lock: str
) -> None:
    """An empty lock, the number of a process that is no server, of a server of other data."""
    other = tmp_path / "postgres"
    other.symlink_to(shutil.which("sleep") or "/bin/sleep")
    sleeper = subprocess.Popen([other, "60"], cwd="/")
    try:
        text = lock.format(own=os.getpid(), other=sleeper.pid)
        (stopped / "cluster" / "data" / "postmaster.pid").write_text(text, encoding="utf-8")
        assert answer(embedded.start(stopped)) == 1
    finally:
        sleeper.kill()
        sleeper.wait()


def test_the_last_user_stops_it(stopped: Path) -> None:
    with embedded.running(stopped) as first:
        with embedded.running(stopped) as second:
            assert second == first
        assert answer(first) == 1
    with pytest.raises(DatabaseUnavailable, match="no cluster runs in"):
        embedded.url_of(stopped)


def test_a_killed_user_keeps_nothing_running(stopped: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from geoservice.database import embedded\n"
        "with embedded.running(pathlib.Path(sys.argv[1])) as url:\n"
        "    print(url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    user = subprocess.Popen(
        [sys.executable, "-c", program, stopped],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with user:
        assert user.stdout is not None
        url = user.stdout.readline().strip()
        user.kill()
    assert answer(url) == 1, "the server outlives who started it"
    with embedded.running(stopped) as adopted:
        assert adopted == url
    with pytest.raises(DatabaseUnavailable):
        embedded.url_of(stopped)


def test_stopping_what_does_not_run_is_no_error(stopped: Path, parent: Path) -> None:
    embedded.stop(stopped)
    embedded.stop(parent / "never made")


@pytest.mark.parametrize(
    "name", ["with space, comma and 'quote'", "پوشه‌ای با نام فارسی بلند برای سوکت", "x" * 120]
)
def test_any_path_will_do_and_removal_leaves_other_files(parent: Path, name: str) -> None:
    home = parent / name
    cluster = home / "cluster"
    (cluster / "data.new").mkdir(parents=True)  # as an initdb leaves it that was cut off
    (cluster / "data.new" / "PG_VERSION").write_text("15")
    (home / "mine.csv").write_text("id\n1\n")
    url = embedded.start(home, throw_away=True)
    socket = str(answer(url, "SHOW unix_socket_directories"))
    assert answer(url) == 1
    embedded.remove(home)
    assert [path.name for path in home.iterdir()] == ["mine.csv"]
    assert not Path(socket).exists()
    with pytest.raises(DatabaseUnavailable):
        answer(url)


def test_an_empty_home_is_removed_with_its_cluster(parent: Path) -> None:
    home = parent / "short lived"
    home.mkdir()
    (home / "password").write_text("x")
    embedded.remove(home)
    assert not home.exists()
    embedded.remove(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts the server as another user")
def test_below_a_closed_directory_the_data_go_outside() -> None:
    closed = Path(tempfile.mkdtemp(prefix="geoservice-closed-"))  # mode 0700
    home = closed / "home"
    try:
        url = embedded.start(home, throw_away=True)
        data = Path((home / "cluster.path").read_text(encoding="utf-8").strip())
        assert OUTSIDE in data.parents
        assert answer(url) == 1
        embedded.stop(home)
        assert answer(embedded.start(home)) == 1, "the pointer leads back to the data"
        embedded.remove(home)
        assert not data.parent.exists()
        assert not home.exists()
    finally:
        embedded.remove(home)
        shutil.rmtree(closed)
