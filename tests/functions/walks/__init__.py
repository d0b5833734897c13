"""The journeys that people make, act by act, for walking them again with one call failing."""

from tests.functions.walks.acts import Act, latest_code
from tests.functions.walks.journeys import WALKS, Walk
from tests.functions.walks.moments import Moment, calls_of

__all__ = ["WALKS", "Act", "Moment", "Walk", "calls_of", "latest_code"]
