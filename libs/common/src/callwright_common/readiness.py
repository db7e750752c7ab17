"""Whether a service can serve: it can while each of its conditions holds."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from callwright_common.logs import get_logger

Report = Callable[[bool], None]

_logger = get_logger(__name__)


class Readiness:
    """The conditions of one service; whoever watches one sets it, and the server's health follows all of them."""

    def __init__(self, *awaited: str) -> None:
        """Starts.

        Args:
            awaited: Conditions that do not hold until they are seen to; every other one holds until it is seen to fail.
        """
        self._problems = dict.fromkeys(awaited, "not looked at yet")
        self._report: Report = lambda _: None

    @property
    def ready(self) -> bool:
        """Whether every condition holds."""
        return not self._problems

    @property
    def problems(self) -> Mapping[str, str]:
        """What is wrong, by condition."""
        return MappingProxyType(self._problems)

    def set(self, condition: str, problem: str | None) -> None:
        """Says what is wrong with a condition now, None if nothing; operators see both texts, in logs too."""
        before = self._problems.get(condition)
        if problem == before:
            return
        if problem is None:
            del self._problems[condition]
            _logger.info("a condition of serving holds", condition=condition)
        else:
            self._problems[condition] = problem
            _logger.error("the service cannot serve", condition=condition, problem=problem)
        if problem is None or before is None:
            self._report(self.ready)

    def report_to(self, report: Report) -> None:
        """Tells the state now and again when it may have changed, for example to `Server.set_serving`."""
        self._report = report
        report(self.ready)
