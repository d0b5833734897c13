"""The journeys that people make, act by act, for walking them again with one call failing."""

from tests.functions.walks.acts import Act, latest_code
from tests.functions.walks.journeys import WALKS, Walk

__all__ = ["WALKS", "Act", "Walk", "latest_code"]
