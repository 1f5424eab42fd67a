"""A PostgreSQL database that nobody has migrated yet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from tests.conftest import missing


@pytest.fixture
def new_server_database() -> Iterator[str]:
    """The address of an empty database on the PostgreSQL server that tests may use."""
    server = os.environ.get("CIRCLET_TEST_POSTGRES")
    if not server:
        missing("a PostgreSQL server (set CIRCLET_TEST_POSTGRES=postgresql://user@host/database)")
    name = f"circlet_{uuid4().hex[:12]}"
    address = make_url(str(server)).set(drivername="postgresql+pg8000")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield address.set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()
