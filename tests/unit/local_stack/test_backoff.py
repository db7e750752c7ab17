"""The waiting time before a restart."""

from hypothesis import given
from hypothesis import strategies as st

from local_stack.processes.supervisor import Backoff


def test_the_delay_doubles_up_to_its_bound() -> None:
    backoff = Backoff(first=0.5, longest=3.0)
    assert [backoff.delay(failures) for failures in range(1, 6)] == [0.5, 1.0, 2.0, 3.0, 3.0]


@given(failures=st.integers(1, 10**9))
def test_the_delay_is_bounded_for_any_number_of_failures(failures: int) -> None:
    backoff = Backoff()
    assert backoff.first <= backoff.delay(failures) <= backoff.longest
