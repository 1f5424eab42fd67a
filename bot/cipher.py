"""What seals a person's answers before they are stored. Only its shape: the keys are the installation's."""

from __future__ import annotations

from typing import Protocol


class Cipher(Protocol):
    """Seals text and opens it again. What is sealed twice looks different each time, so it cannot be compared."""

    def seal(self, text: str) -> str: ...

    def sign(self, text: str) -> bytes:
        """32 bytes that only who has the key can make of this text: the same each time."""
        ...

    def signatures(self, text: str) -> tuple[bytes, ...]:
        """What each key that is still known makes of this text, the present one first."""
        ...

    def open(self, sealed: str) -> str:
        """Raises ConfigError where no key fits."""
        ...
