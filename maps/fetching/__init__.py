"""Fetch the open data of CBS over the internet, whole or not at all, for the ordinary importers to read.

Nothing here runs by itself: only the command `fetch_open_data` of an administrator does, and for that one run.
"""

from maps.fetching.client import FetchRefused
from maps.fetching.run import Order, Sources, fetch_open_data

__all__ = ["FetchRefused", "Order", "Sources", "fetch_open_data"]
