"""The holidays by which callers name days and on which a campaign may be closed, and on which day each falls."""

from datetime import date, timedelta
from enum import StrEnum

from dateutil.easter import easter  # type: ignore[import-untyped]
from dateutil.relativedelta import FR, MO, SU, TH, relativedelta  # type: ignore[import-untyped]


class Holiday(StrEnum):
    """A day with a name in the countries that campaigns call in."""

    NEW_YEARS_DAY = "new_years_day"
    MARTIN_LUTHER_KING_DAY = "martin_luther_king_day"
    VALENTINES_DAY = "valentines_day"
    PRESIDENTS_DAY = "presidents_day"
    SAINT_PATRICKS_DAY = "saint_patricks_day"
    GOOD_FRIDAY = "good_friday"
    EASTER_MONDAY = "easter_monday"
    EARLY_MAY_BANK_HOLIDAY = "early_may_bank_holiday"
    MOTHERS_DAY = "mothers_day"
    MEMORIAL_DAY = "memorial_day"
    SPRING_BANK_HOLIDAY = "spring_bank_holiday"
    JUNETEENTH = "juneteenth"
    FATHERS_DAY = "fathers_day"
    CANADA_DAY = "canada_day"
    INDEPENDENCE_DAY = "independence_day"
    SUMMER_BANK_HOLIDAY = "summer_bank_holiday"
    LABOR_DAY = "labor_day"
    COLUMBUS_DAY = "columbus_day"
    CANADIAN_THANKSGIVING = "canadian_thanksgiving"
    HALLOWEEN = "halloween"
    VETERANS_DAY = "veterans_day"
    THANKSGIVING = "thanksgiving"
    DAY_AFTER_THANKSGIVING = "day_after_thanksgiving"
    CHRISTMAS_EVE = "christmas_eve"
    CHRISTMAS_DAY = "christmas_day"
    BOXING_DAY = "boxing_day"
    NEW_YEARS_EVE = "new_years_eve"


_IN_THE_YEAR = {
    Holiday.NEW_YEARS_DAY: relativedelta(month=1, day=1),
    Holiday.MARTIN_LUTHER_KING_DAY: relativedelta(month=1, day=1, weekday=MO(3)),
    Holiday.VALENTINES_DAY: relativedelta(month=2, day=14),
    Holiday.PRESIDENTS_DAY: relativedelta(month=2, day=1, weekday=MO(3)),
    Holiday.SAINT_PATRICKS_DAY: relativedelta(month=3, day=17),
    Holiday.EARLY_MAY_BANK_HOLIDAY: relativedelta(month=5, day=1, weekday=MO(1)),
    Holiday.MOTHERS_DAY: relativedelta(month=5, day=1, weekday=SU(2)),
    Holiday.MEMORIAL_DAY: relativedelta(month=5, day=31, weekday=MO(-1)),
    Holiday.SPRING_BANK_HOLIDAY: relativedelta(month=5, day=31, weekday=MO(-1)),
    Holiday.JUNETEENTH: relativedelta(month=6, day=19),
    Holiday.FATHERS_DAY: relativedelta(month=6, day=1, weekday=SU(3)),
    Holiday.CANADA_DAY: relativedelta(month=7, day=1),
    Holiday.INDEPENDENCE_DAY: relativedelta(month=7, day=4),
    Holiday.SUMMER_BANK_HOLIDAY: relativedelta(month=8, day=31, weekday=MO(-1)),
    Holiday.LABOR_DAY: relativedelta(month=9, day=1, weekday=MO(1)),
    Holiday.COLUMBUS_DAY: relativedelta(month=10, day=1, weekday=MO(2)),
    Holiday.CANADIAN_THANKSGIVING: relativedelta(month=10, day=1, weekday=MO(2)),
    Holiday.HALLOWEEN: relativedelta(month=10, day=31),
    Holiday.VETERANS_DAY: relativedelta(month=11, day=11),
    Holiday.THANKSGIVING: relativedelta(month=11, day=1, weekday=TH(4)),
    Holiday.DAY_AFTER_THANKSGIVING: relativedelta(month=11, day=2, weekday=FR(4)),
    Holiday.CHRISTMAS_EVE: relativedelta(month=12, day=24),
    Holiday.CHRISTMAS_DAY: relativedelta(month=12, day=25),
    Holiday.BOXING_DAY: relativedelta(month=12, day=26),
    Holiday.NEW_YEARS_EVE: relativedelta(month=12, day=31),
}
_FROM_EASTER = {Holiday.GOOD_FRIDAY: timedelta(days=-2), Holiday.EASTER_MONDAY: timedelta(days=1)}


def falls_on(holiday: Holiday, year: int) -> date:
    """Returns the day of a year on which a holiday falls; one on a weekend is not moved."""
    in_the_year = _IN_THE_YEAR.get(holiday)
    day: date = easter(year) + _FROM_EASTER[holiday] if in_the_year is None else date(year, 1, 1) + in_the_year
    return day
