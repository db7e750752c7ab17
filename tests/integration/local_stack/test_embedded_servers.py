"""The embedded PostgreSQL and Redis, as real processes."""

import os
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from fakes.running_servers import running
from local_stack import LocalStackError
from local_stack.processes.server_account import ServerAccount, unprivileged_account
from local_stack.servers import embedded_redis
from local_stack.servers.embedded_postgres import EmbeddedPostgres
from local_stack.servers.embedded_redis import EmbeddedRedis, redis_server_program


def pid_of(connection: psycopg.Connection[Any]) -> str:
    """Returns the process id of the server, not of the process that serves the connection."""
    row = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
    assert row is not None
    return str(row[0]).split()[0]


def test_postgres_asks_for_its_password_on_loopback() -> None:
    with running(EmbeddedPostgres(durable=False)) as server:
        with psycopg.connect(server.url()) as connection:
            method = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = 'callwright'").fetchone()
            encoding = connection.execute("SHOW server_encoding").fetchone()
            owner = Path(f"/proc/{pid_of(connection)}").stat().st_uid
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.url().replace("callwright:", "callwright:x"))
    assert method is not None
    assert str(method[0]).startswith("SCRAM-SHA-256")
    assert encoding == ("UTF8",)
    account = unprivileged_account()
    assert owner == (account.uid if account else os.geteuid())


def test_nothing_of_postgres_is_left_behind() -> None:
    with running(EmbeddedPostgres(durable=False)) as server, psycopg.connect(server.url()) as connection:
        row, pid = connection.execute("SHOW data_directory").fetchone(), pid_of(connection)
    assert row is not None
    assert not Path(str(row[0])).exists()
    assert not Path(f"/proc/{pid}").exists()


def test_a_given_directory_keeps_its_data_under_a_new_password(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("postgres")
    _open_for(base)
    with running(EmbeddedPostgres(base / "data")) as first, psycopg.connect(first.url()) as connection:
        connection.execute("CREATE TABLE calls (id int)")
    with running(EmbeddedPostgres(base / "data")) as second:
        assert second.url() != first.url()
        with psycopg.connect(second.url()) as connection:
            assert connection.execute("SELECT count(*) FROM calls").fetchone() == (0,)


def test_a_cluster_whose_making_was_interrupted_is_made_anew(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("postgres")
    _open_for(base)
    half = base / "data.unfinished"
    half.mkdir()
    (half / "PG_VERSION").write_text("18")
    with running(EmbeddedPostgres(base / "data")) as server, psycopg.connect(server.url()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not half.exists()


def test_a_directory_with_something_else_is_left_alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    base = tmp_path_factory.mktemp("postgres")
    _open_for(base)
    (base / "data").mkdir()
    (base / "data" / "diary.txt").write_text("dear diary")
    with pytest.raises(LocalStackError, match="holds something else"), running(EmbeddedPostgres(base / "data")):
        pass
    assert (base / "data" / "diary.txt").read_text() == "dear diary"


def _open_for(directory: Path) -> None:
    """Lets the account of the server enter a directory of the test when the test runs as root."""
    if unprivileged_account() is not None:
        for each in (directory, *directory.parents[:2]):
            each.chmod(0o711)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL under another account")
def test_a_directory_that_the_server_cannot_enter_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with (
        pytest.raises(LocalStackError, match=r"cannot enter .*closed.* choose a directory"),
        running(EmbeddedPostgres(closed / "data")),
    ):
        pass


def test_an_account_enters_only_what_is_open_to_it(tmp_path: Path) -> None:
    nobody = ServerAccount("nobody", 65534, 65534)
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    assert nobody.can_traverse(Path("/usr/bin"))
    assert not nobody.can_traverse(closed / "inside")


def test_redis_asks_for_its_password() -> None:
    with running(EmbeddedRedis()) as server:
        with redis.Redis.from_url(server.url()) as client:
            pid = client.info("server")["process_id"]
        with (
            redis.Redis(port=server.port, retry=Retry(NoBackoff(), 0)) as client,
            pytest.raises(redis.AuthenticationError),
        ):
            client.ping()
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        assert server.url().split("@")[0].encode().rpartition(b":")[2] not in arguments
    assert not Path(f"/proc/{pid}").exists()


def test_a_redis_of_the_system_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert redis_server_program() == program


def test_a_machine_without_redis_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(embedded_redis, "PACKAGE", "a_package_that_is_not_installed")
    with pytest.raises(LocalStackError, match="apt-get install redis-server"):
        redis_server_program()
