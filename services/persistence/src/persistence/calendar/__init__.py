"""The calendar: the slots that campaigns offer."""
