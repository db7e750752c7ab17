"""Closed forms: numbers, sums, counts, days and hours, phone numbers, e-mail addresses and names as people say them."""
