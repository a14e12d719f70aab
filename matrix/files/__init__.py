"""Files that go out to who sat at the table: for prestatieafspraken, a spreadsheet, a map or another program."""
