"""What is encrypted at rest: text sealed with the keys in CIRCLET_SECRET_KEY. Knows neither tables nor platforms.

The keys are Fernet's (AES-128 and HMAC-SHA256). The first one seals; each one opens, so that a key can be replaced
without a moment in which something cannot be read.
"""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64decode
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text, TypeDecorator

from bot.errors import ConfigError

VARIABLE = "CIRCLET_SECRET_KEY"


class Crypt:
    """Seals and opens text. ``keys`` is one or more keys with commas between; raises ConfigError, repeating none."""

    def __init__(self, keys: str) -> None:
        if found := problem(keys):
            raise ConfigError(f"{VARIABLE}: {found}")
        self._fernet = MultiFernet([Fernet(key) for key in _each(keys)])
        self._sign = tuple(hmac.digest(urlsafe_b64decode(key), b"circlet signs", "sha256") for key in _each(keys))

    def __repr__(self) -> str:
        return "Crypt(…)"

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def sign(self, text: str) -> bytes:
        """With the first key. Apart from what seals: neither tells anything about the other."""
        return self.signatures(text)[0]

    def signatures(self, text: str) -> tuple[bytes, ...]:
        """With each key, the first one first."""
        return tuple(hmac.digest(key, text.encode(), "sha256") for key in self._sign)

    def open(self, sealed: str) -> str:
        """Raises ConfigError where no key fits."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken:
            raise ConfigError(UNREADABLE) from None

    def again(self, sealed: str) -> str:
        """The same text, sealed with the first key. Raises ConfigError where no key fits."""
        try:
            return self._fernet.rotate(sealed).decode()
        except InvalidToken:
            raise ConfigError(UNREADABLE) from None


UNREADABLE = (
    f"{VARIABLE}: none of these keys opens what is stored in the database. Put the key back with which it was stored, "
    "behind the present one and a comma"
)


class Sealed(TypeDecorator[str]):
    """A column that is encrypted on its way into the database and opened on its way out."""

    impl = Text
    cache_ok = True

    def __init__(self, crypt: Crypt) -> None:
        super().__init__()
        self.crypt = crypt

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.crypt.seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else self.crypt.open(value)


def new_key() -> str:
    return Fernet.generate_key().decode()


def kept_key(file: Path) -> str:
    """The key that was made for an installation on this computer alone, and is kept beside its data; made where there
    is none. For its owner's eyes only. Two that make it at once get the same one."""
    if not file.exists():
        new = file.with_name(f"{file.name}.{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(new_key())
        with suppress(FileExistsError):
            file.hardlink_to(new)
        new.unlink()
    return file.read_text().strip()


def problem(keys: str) -> str:
    """What is wrong with keys that somebody has set, as the rest of a sentence; "" where nothing is."""
    each = _each(keys)
    if not each:
        return "holds no key: circlet secrets new prints one"
    for number, key in enumerate(each, start=1):
        try:
            Fernet(key)
        except ValueError:
            which = "the key is none" if len(each) == 1 else f"number {number} of its {len(each)} keys is none"
            return f"{which} (44 characters, as circlet secrets new prints them; several with commas between)"
    return ""


def _each(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(",") if key.strip())
