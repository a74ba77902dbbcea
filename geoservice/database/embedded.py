"""A private PostgreSQL cluster in a directory of ours, for a laptop and for tests.

It listens on a Unix socket and a free loopback port, asks for a password that was made at
random, and survives being killed. PostgreSQL refuses to run as root, so root starts it as the
unprivileged user `postgres`; where that user cannot reach the directory (a checkout below
/root, say), the data goes to /var/lib/geoservice and the directory keeps a pointer to it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shlex
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from geoservice.database import server_user
from geoservice.database.server_binaries import server_binaries
from geoservice.database.server_process import is_running
from geoservice.errors import DatabaseUnavailable

_ROLE = "geoservice"
_DATABASE = "geoservice"
_MADE = ("password", "cluster.path", "users.lock", "start.lock")
_OUTSIDE = Path("/var/lib/geoservice")
# Bytes sort alike everywhere; but trigrams and case need to know which characters are letters.
_CTYPE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
_SOCKET_PATH_LIMIT = 85  # bytes; the kernel's is 107, and the server adds /.s.PGSQL.12345.lock

# Modest: a laptop runs other things too.
_CONFIGURATION = """
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
effective_cache_size = 1GB
max_wal_size = 2GB
random_page_cost = 1.1
max_connections = 100
timezone = 'UTC'
"""

# Only for clusters that are thrown away: a crash may lose or break their data.
_THROW_AWAY = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"

# So long a server that was killed may still look alive.
_DYING_S = 1.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster's directories; `data` belongs to the user that the server runs as."""

    home: Path
    data: Path

    @property
    def socket_directory(self) -> Path:
        """Short enough for a Unix socket, and without the comma that would end its name."""
        inside = self.data.parent / "socket"
        name = os.fsencode(inside)
        if len(name) <= _SOCKET_PATH_LIMIT and b"," not in name:
            return inside
        return Path(tempfile.gettempdir()) / f"geoservice-{_digest(self.data)}"

    @property
    def password_file(self) -> Path:
        """Readable by whoever runs the service, by nobody else."""
        return self.home / "password"


@contextmanager
def running(home: Path) -> Iterator[str]:
    """The URL of the cluster of `home`, which runs for as long as anybody is in this block.

    Each user holds a shared lock on a file; the last to leave stops the server. The kernel frees
    the locks of whoever is killed.
    """
    _make(home)
    with (home / "users.lock").open("w") as users, (home / "start.lock").open("w") as starting:
        fcntl.flock(users, fcntl.LOCK_SH)
        fcntl.flock(starting, fcntl.LOCK_EX)
        url = start(home)
        fcntl.flock(starting, fcntl.LOCK_UN)
        try:
            yield url
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still works in it
            else:
                stop(home)


def start(home: Path, *, throw_away: bool = False) -> str:
    """Start the cluster of `home`, making it first if need be; returns its URL.

    A running one is taken over; one that was killed recovers. Raises DatabaseUnavailable with
    what the server said, NotFound where PostgreSQL or PostGIS is not installed.
    """
    _make(home)
    cluster = _locate(home)
    binaries = server_binaries()
    if not (cluster.data / "PG_VERSION").exists():
        _create(cluster, binaries, throw_away=throw_away)
    if is_running(cluster.data):
        try:
            return _with_database(cluster)
        except DatabaseUnavailable:
            time.sleep(_DYING_S)
            if is_running(cluster.data):
                raise
    _launch(cluster, binaries)
    return _with_database(cluster)


def _make(home: Path) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"the embedded database cannot live in {home}: {error.strerror}; "
            "name another directory with GEOSERVICE_HOME"
        ) from error


def stop(home: Path) -> None:
    """Stop the cluster of `home`, if it runs; open transactions are rolled back."""
    if home.is_dir() and is_running((cluster := _locate(home)).data):
        server_user.run(
            [server_binaries() / "pg_ctl", "stop", "-D", cluster.data, "-m", "fast", "-w"]
        )


def remove(home: Path) -> None:
    """Stop the cluster and delete all that was made for it; other files in `home` stay."""
    if not home.is_dir():
        return
    stop(home)
    cluster = _locate(home)
    shutil.rmtree(cluster.socket_directory, ignore_errors=True)
    shutil.rmtree(cluster.data.parent, ignore_errors=True)
    for name in _MADE:
        (cluster.home / name).unlink(missing_ok=True)
    for directory in (cluster.home, _OUTSIDE):
        with suppress(OSError):  # it is not empty, or was never made
            directory.rmdir()


def url_of(home: Path) -> str:
    """The URL of the cluster of `home`; DatabaseUnavailable where it does not run."""
    if not home.is_dir() or not is_running((cluster := _locate(home)).data):
        raise DatabaseUnavailable(f"no cluster runs in {home.absolute()}; start one: make demo")
    return _url(cluster)


def _locate(home: Path) -> Cluster:
    home = home.absolute()
    inside = home / "cluster" / "data"
    if os.geteuid() != 0 or (inside / "PG_VERSION").exists():
        return Cluster(home, inside)
    pointer = home / "cluster.path"
    if pointer.exists():
        return Cluster(home, Path(pointer.read_text(encoding="utf-8").strip()))
    if server_user.can_reach(home):
        return Cluster(home, inside)
    return Cluster(home, _OUTSIDE / _digest(home) / "data")


def _create(cluster: Cluster, binaries: Path, *, throw_away: bool) -> None:
    server_user.refuse_nameless()
    if cluster.home not in cluster.data.parents:
        (cluster.home / "cluster.path").write_text(f"{cluster.data}\n", encoding="utf-8")
    new = cluster.data.with_name("data.new")  # so that one cut off is not taken for whole
    shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(cluster.data, ignore_errors=True)
    for directory in (cluster.data.parent, new):
        directory.mkdir(parents=True, exist_ok=True)
        server_user.give(directory)
    password = secrets.token_urlsafe(24)
    cluster.password_file.touch(mode=0o600)
    cluster.password_file.write_text(password, encoding="utf-8")
    readable = cluster.data.parent / "initial-password"
    readable.touch(mode=0o600)
    readable.write_text(password, encoding="utf-8")
    server_user.give(readable)
    try:
        server_user.run(
            [
                *(binaries / "initdb", "-D", new, "-U", _ROLE, "--pwfile", readable),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", f"--lc-ctype={_CTYPE}"),
            ]
        )
    finally:
        readable.unlink()
    extra = _CONFIGURATION + (_THROW_AWAY if throw_away else "")
    with (new / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(extra)
    new.rename(cluster.data)


def _launch(cluster: Cluster, binaries: Path) -> None:
    directory = cluster.socket_directory
    directory.mkdir(parents=True, exist_ok=True)
    server_user.give(directory)
    log = cluster.data.parent / "server.log"
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={_port(cluster)} -k {shlex.quote(str(directory))}"
    )
    command = [binaries / "pg_ctl", "start", "-D", cluster.data, "-l", log, "-w", "-o", options]
    # After a kill -9 the old server's children may hold its shared memory for a moment.
    for attempt in range(5):
        try:
            server_user.run(command)
        except DatabaseUnavailable as error:
            if attempt == 4:
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
                raise DatabaseUnavailable(f"{error}\n{tail}") from error
            time.sleep(1)
        else:
            return


def _url(cluster: Cluster) -> str:
    # Line 4 of postmaster.pid is the port, as PostgreSQL documents it.
    lines = (cluster.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    password = quote(cluster.password_file.read_text(encoding="utf-8").strip(), safe="")
    return f"postgresql://{_ROLE}:{password}@127.0.0.1:{int(lines[3])}/{_DATABASE}"


def _with_database(cluster: Cluster) -> str:
    """The URL of the running cluster, our database in it."""
    url = _url(cluster)
    administration = url.removesuffix(_DATABASE) + "postgres"
    try:
        with psycopg.connect(administration, autocommit=True, connect_timeout=10) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [_DATABASE]
            ).fetchone()
            if not found:
                connection.execute(f"CREATE DATABASE {_DATABASE}")
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(
            f"the embedded cluster in {cluster.data} does not answer: {error}"
        ) from error
    return url


def _port(cluster: Cluster) -> int:
    """The port of the last run where it is free, so that whoever is connected finds it again."""
    options = cluster.data / "postmaster.opts"
    last = re.search(r"port=(\d+)", options.read_text("utf-8")) if options.exists() else None
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(last[1]) if last else 0))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path).encode()).hexdigest()[:12]
