"""The ports that a stack takes, and what is told of those that it cannot have."""

import re
import socket
from collections.abc import Iterator

import pytest

from local_stack import LocalStackError
from local_stack.loopback import free_ports
from local_stack.ports import ports_held
from local_stack.stack_settings import StackSettings

pytestmark = pytest.mark.usefixtures("without_settings_of_the_user")


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.fixture
def outgoing(taken_port: int) -> Iterator[socket.socket]:
    """An outgoing connection, whose port the kernel chose."""
    with socket.create_connection(("127.0.0.1", taken_port)) as connection:
        yield connection


def with_free_ports(**ports: int) -> StackSettings:
    zeros = {name: 0 for name in StackSettings.model_fields if name.endswith("_port")}
    return StackSettings().model_copy(update={**zeros, **ports})


def ports_of(settings: StackSettings) -> dict[str, int]:
    return {name: value for name, value in settings.model_dump().items() if name.endswith("_port")}


def test_every_zero_becomes_a_port_of_its_own() -> None:
    (wanted,) = free_ports(1)
    with ports_held(with_free_ports(budget_port=wanted), evade=False) as settings:
        ports = ports_of(settings)
    assert ports["budget_port"] == wanted
    assert len(set(ports.values())) == len(ports)
    assert all(port > 0 for port in ports.values())


def test_a_port_that_somebody_listens_on_is_named_with_its_setting(taken_port: int) -> None:
    with (
        pytest.raises(LocalStackError) as told,
        ports_held(with_free_ports(gateway_http_port=taken_port), evade=False, sleep=lambda _: pytest.fail("waits")),
    ):
        pass
    assert re.fullmatch(
        rf"port {taken_port} is taken by a program that listens there \(.+, process \d+\): end it, or choose another "
        r"port with GATEWAY_HTTP_PORT in the environment or in \.env",
        str(told.value),
    )


def test_an_outgoing_connection_is_waited_for_a_moment(outgoing: socket.socket) -> None:
    (port,) = {outgoing.getsockname()[1]}
    waited: list[float] = []
    with (
        pytest.raises(LocalStackError, match=rf"port {port} is taken by an outgoing connection .*BUDGET_PORT"),
        ports_held(with_free_ports(budget_port=port), evade=False, sleep=waited.append),
    ):
        pass
    assert 2 < sum(waited) < 4


def test_a_port_is_taken_as_soon_as_the_outgoing_connection_has_ended() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = socket.create_connection(listener.getsockname())
        port = int(connection.getsockname()[1])

        def end(_seconds: float) -> None:
            listener.accept()[0].close()
            connection.recv(1)
            connection.close()

        with ports_held(with_free_ports(budget_port=port), evade=False, sleep=end) as settings:
            assert settings.budget_port == port


def test_a_host_that_is_not_of_this_machine_is_named() -> None:
    for host in ("192.0.2.1", "no such host"):
        settings = with_free_ports().model_copy(update={"listen_host": host})
        with pytest.raises(LocalStackError, match=r"setting LISTEN_HOST: .*, not '"), ports_held(settings, evade=True):
            pass


def test_a_held_port_is_for_servers_and_for_no_outgoing_connection() -> None:
    with ports_held(with_free_ports(), evade=False) as settings:
        with socket.create_server(("127.0.0.1", settings.budget_port)) as listener:
            socket.create_connection(listener.getsockname()).close()
        with socket.socket() as outgoing, pytest.raises(OSError, match="in use"):
            outgoing.bind(("127.0.0.1", settings.budget_port))
        with ports_held(with_free_ports(), evade=False) as other:
            assert not set(ports_of(settings).values()) & set(ports_of(other).values())
    with socket.socket() as outgoing:
        outgoing.bind(("127.0.0.1", settings.budget_port))


def test_one_port_is_for_one_setting_of_one_stack() -> None:
    port, other = free_ports(2)
    twice = with_free_ports(budget_port=port, piper_port=port)
    problem = rf"port {port} is taken by another setting or another start of Callwright: .* PIPER_PORT"
    with pytest.raises(LocalStackError, match=problem), ports_held(twice, evade=False):
        pass
    with ports_held(with_free_ports(budget_port=other), evade=False):
        again = with_free_ports(persistence_port=other)
        with pytest.raises(LocalStackError, match="PERSISTENCE_PORT"), ports_held(again, evade=False):
            pass
        with ports_held(StackSettings(persistence_port=port), evade=True) as free:
            assert free.persistence_port == port
    with ports_held(with_free_ports(budget_port=other), evade=False) as settings:
        assert settings.budget_port == other


def test_a_taken_port_is_evaded_where_that_is_wanted(taken_port: int) -> None:
    with ports_held(StackSettings(gateway_http_port=taken_port), evade=True) as settings:
        assert settings.gateway_http_port not in {0, taken_port}


def test_stacks_that_evade_do_not_meet_at_the_default_ports() -> None:
    with ports_held(StackSettings(budget_port=free_ports(1)[0]), evade=True) as first:
        with ports_held(StackSettings(), evade=True) as second:
            assert first.orchestrator_port != second.orchestrator_port
        assert StackSettings().orchestrator_port not in ports_of(first).values()
