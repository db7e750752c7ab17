"""What callers ask in their own words is answered by the campaign, by what tells of that thing and of no other."""

import pytest

from callwright_common.campaign import Campaign
from fakes.campaigns import load_example
