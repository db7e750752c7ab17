"""Money as integer micro-units of one currency; `google.type.Money` on the wire.

1,000,000 micros are one unit (one dollar). The wire's nanos must be whole micros.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from google.type.money_pb2 import Money

from callwright_common.errors import InvalidArgumentError

MICROS_PER_UNIT = 1_000_000
NANOS_PER_MICRO = 1_000
MAX_MICROS = 2**53
"""Nine billion units: more than any budget, and exact in every language's JSON numbers."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of one currency, an ISO 4217 code, in micros."""

    micros: int
    currency: str

    @classmethod
    def from_proto(cls, message: Money) -> "Amount":
        """Returns the amount of a message; parts of a micro are dropped."""
        micros: int = message.units * MICROS_PER_UNIT + message.nanos // NANOS_PER_MICRO
        return cls(micros, message.currency_code)

    def to_proto(self) -> Money:
        """Returns the message."""
        return to_money(self.micros, self.currency)


def parse_micros(text: str) -> int:
    """Reads a decimal text such as `0.60`.

    Raises:
        ValueError: if it is no finite, non-negative number of whole micros below `MAX_MICROS`.
    """
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a decimal number") from None
    if not amount.is_finite() or amount < 0:
        raise ValueError("must be a finite amount that is not negative")
    micros = amount * MICROS_PER_UNIT
    if micros > MAX_MICROS:
        raise ValueError("is too large")
    if micros != micros.to_integral_value():
        raise ValueError("has more than six decimal places")
    return int(micros)


def format_micros(micros: int) -> str:
    """Returns the amount as a decimal text with at least two decimal places."""
    sign = "-" if micros < 0 else ""
    units, rest = divmod(abs(micros), MICROS_PER_UNIT)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{units}.{decimals}"


def to_money(micros: int, currency: str) -> Money:
    """Returns the wire form; units and nanos have the same sign."""
    sign = -1 if micros < 0 else 1
    units, rest = divmod(abs(micros), MICROS_PER_UNIT)
    return Money(currency_code=currency, units=sign * units, nanos=sign * rest * NANOS_PER_MICRO)


def from_money(money: Money, currency: str, field: str) -> int:
    """Reads an amount that is not negative.

    Raises:
        InvalidArgumentError: naming `field` if the currency differs or the amount is negative, too large or
            no whole micros.
    """
    if money.currency_code != currency:
        raise InvalidArgumentError(f"{field}.currency_code", f"must be {currency}")
    if money.units < 0 or not 0 <= money.nanos < MICROS_PER_UNIT * NANOS_PER_MICRO:
        raise InvalidArgumentError(field, "must not be negative, with nanos below one unit")
    if money.nanos % NANOS_PER_MICRO:
        raise InvalidArgumentError(f"{field}.nanos", "must be whole micros, a multiple of 1000")
    micros: int = money.units * MICROS_PER_UNIT + money.nanos // NANOS_PER_MICRO
    if micros > MAX_MICROS:
        raise InvalidArgumentError(field, "is too large")
    return micros
