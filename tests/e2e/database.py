"""The database of an installation under test: a file, or on PostgreSQL a database beside the one of DATABASE_URL."""

import os
import secrets
import sqlite3
from pathlib import Path


class File:
    def __init__(self, folder: Path):
        self.path = folder / "e2e.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def create(self):
        """SQLite makes the file by itself."""

    def keep_a_copy(self):
        """A file can be copied at any time."""

    def copy_from(self, other: "File"):
        with sqlite3.connect(other.path) as theirs, sqlite3.connect(self.path) as ours:
            theirs.backup(ours)

    def drop(self):
        """It goes with its folder."""


class Postgres:
    """Only a database that nobody is using can be copied, so what others start from is set aside beforehand."""

    def __init__(self, server: str):
        self.server = server
        self.name = f"e2e_{secrets.token_hex(6)}"
        self.url = f"{server.rpartition('/')[0]}/{self.name}"

    def create(self):
        self._execute(f"CREATE DATABASE {self.name}")

    def keep_a_copy(self):
        self._execute(f"CREATE DATABASE {self.name}_begin TEMPLATE {self.name}")

    def copy_from(self, other: "Postgres"):
        self._execute(f"CREATE DATABASE {self.name} TEMPLATE {other.name}_begin")

    def drop(self):
        for name in (self.name, f"{self.name}_begin"):
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _execute(self, statement: str):
        import environ
        import psycopg

        parts = environ.Env.db_url_config(self.server)
        with psycopg.connect(
            dbname=parts["NAME"], user=parts["USER"], password=parts["PASSWORD"], host=parts["HOST"],
            port=parts["PORT"] or None, autocommit=True,
        ) as connection:  # fmt: skip
            connection.execute(statement)


def database_for(folder: Path) -> File | Postgres:
    server = os.environ.get("DATABASE_URL", "")
    return Postgres(server) if server.startswith("postgres") else File(folder)
