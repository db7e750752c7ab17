"""What the rows of the fault catalogue share."""

from pathlib import Path

import pytest

from callwright_common.campaign import Campaign, load_campaign

CAMPAIGNS = Path(__file__).parents[2] / "campaigns"


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return load_campaign(CAMPAIGNS / "sunline-solar.yaml")
