"""Secrets at rest: what a key opens, how keys are replaced, and that nothing says them."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, select, text

from adapters.crypt import Crypt, Sealed, new_key, problem
from bot.errors import ConfigError
from bot.storage import Store, open_store

TOKEN = "xoxb-1-2-very-secret"


@pytest.fixture
def memory() -> Store:
    return open_store("sqlite://")


def test_what_one_key_sealed_it_opens_and_nothing_of_it_can_be_read() -> None:
    crypt = Crypt(new_key())

    sealed = crypt.seal(TOKEN)

    assert TOKEN not in sealed
    assert crypt.seal(TOKEN) != sealed
    assert crypt.open(sealed) == TOKEN


def test_the_first_key_seals_and_every_key_opens() -> None:
    old, new = new_key(), new_key()
    before = Crypt(old).seal(TOKEN)
    both = Crypt(f"{new}, {old}")

    assert both.open(before) == TOKEN
    assert Crypt(new).open(both.seal(TOKEN)) == TOKEN
    assert Crypt(new).open(both.again(before)) == TOKEN


def test_what_no_key_opens_is_told_in_a_sentence_without_keys_and_secrets() -> None:
    key, other = new_key(), new_key()
    sealed = Crypt(key).seal(TOKEN)

    for attempt in (Crypt(other).open, Crypt(other).again):
        with pytest.raises(ConfigError) as told:
            attempt(sealed)
        assert str(told.value).startswith("CIRCLET_SECRET_KEY: none of these keys opens")
        assert not any(secret in str(told.value) for secret in (key, other, sealed, TOKEN))
        assert told.value.__cause__ is None


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ("", "holds no key"),
        (" , ", "holds no key"),
        ("hunter2", "the key is none"),
        (f"{'A' * 43}=,hunter2", "number 2 of its 2 keys is none"),
        ("ключ", "the key is none"),
    ],
)
def test_a_key_that_is_none_is_named_by_its_place_and_not_repeated(keys: str, told: str) -> None:
    assert problem(keys).startswith(told)

    with pytest.raises(ConfigError) as error:
        Crypt(keys)
    assert str(error.value).startswith(f"CIRCLET_SECRET_KEY: {told}")
    assert "hunter2" not in str(error.value)


def test_a_crypt_does_not_show_its_keys() -> None:
    key = new_key()
    crypt = Crypt(key)
    assert key not in f"{crypt} {crypt!r} {Sealed(crypt)!r}"


def test_a_sealed_column_is_encrypted_on_its_way_in_and_opened_on_its_way_out(memory: Store) -> None:
    kept = Table("kept", MetaData(), Column("id", Integer, primary_key=True), Column("token", Sealed(Crypt(new_key()))))
    with memory.begin() as connection:
        kept.create(connection)
        connection.execute(kept.insert(), [{"id": 1, "token": TOKEN}, {"id": 2, "token": None}])
        opened = connection.execute(select(kept.c.token).order_by(kept.c.id)).scalars().all()
        raw = connection.execute(text("SELECT token FROM kept ORDER BY id")).scalars().all()

    assert opened == [TOKEN, None]
    assert raw[1] is None
    assert TOKEN not in raw[0]
    memory.close()
