"""The agreements as a worksheet, both ways: out, filled in at somebody's desk, and in again.

A hidden sheet keeps every cell as it went out. What differs from it is what the writer changed; where that differs from
what stands on the screen by now, two people changed the same and one of them has to choose.
"""
