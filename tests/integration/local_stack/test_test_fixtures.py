"""The fixtures that other tests rely on."""

import asyncio

import psycopg
import pytest
import redis

from fixtures.postgres import PostgresTestServer

pytest_plugins = ["pytester"]


def test_every_test_gets_an_empty_database_of_its_own(postgres_server: PostgresTestServer, postgres_url: str) -> None:
    other = postgres_server.create()
    try:
        with psycopg.connect(postgres_url) as connection:
            connection.execute("CREATE TABLE here (id int)")
        with psycopg.connect(other) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    finally:
        postgres_server.drop(other)
    assert tables == []


def test_a_template_is_prepared_once_and_copied_for_each_test(postgres_server: PostgresTestServer) -> None:
    prepared: list[str] = []

    def prepare(url: str) -> None:
        prepared.append(url)
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE slots (id int PRIMARY KEY)")

    copies = [postgres_server.copy_of_template("test_fixtures", prepare) for _ in range(2)]
    try:
        for url in copies:
            with psycopg.connect(url) as connection:
                connection.execute("INSERT INTO slots VALUES (1)")
    finally:
        for url in copies:
            postgres_server.drop(url)
    assert len(prepared) == 1
    assert len(set(copies)) == 2


@pytest.mark.parametrize("order", [1, 2])
def test_every_test_gets_an_empty_redis(redis_url: str, order: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left-behind", order)
        assert client.dbsize() == 1


def test_a_task_that_outlives_its_test_fails_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio

        kept = []

        async def test_leaking():
            kept.append(asyncio.create_task(asyncio.Event().wait(), name="left"))

        async def test_tidy():
            await asyncio.create_task(asyncio.sleep(0))

        def test_without_a_loop():
            asyncio.run(asyncio.sleep(0))
        """
    )
    result = pytester.runpytest(
        "-p", "fixtures.task_leaks", "-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"
    )
    result.assert_outcomes(passed=3, errors=1)
    result.stdout.fnmatch_lines(["*the test left 1 tasks running*Event.wait*"])


async def test_finished_tasks_are_no_leak() -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    await task
    assert task.done()
