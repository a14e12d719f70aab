"""A whole session as one file: to carry it to another installation and back, whatever database either has.

`tables` says what a session is made of, `rows` turns it into plain data and back, `file` reads and writes the bytes,
`comparing` tells which of two histories is ahead, and `carrying` does it.
"""
