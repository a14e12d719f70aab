"""Work that makes hundreds of thousands of objects which all live until its end."""

import gc
from contextlib import contextmanager


@contextmanager
def without_garbage_collection():
    """Looking through them again and again took a quarter of the time of a plan (24 buurten: 29 to 22 CPU seconds) and
    7% of computing the country."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
