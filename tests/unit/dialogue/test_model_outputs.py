"""What models write, well and badly: what of it reaches the voice, however the stream is cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dialogue import Reply, comparable_words
from fakes.model_outputs import Output, load_outputs

