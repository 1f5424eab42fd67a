"""Microsoft's keys and tokens: what the bot is shown, and what it gets. Keys change when they are told to."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://api.botframework.com"
HOUR = timedelta(hours=1)

_MADE = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
"""Made once: that takes a moment."""


class Signer:
    """Signs what Teams sends. ``kid`` is the key in use; earlier ones are still published."""

    def __init__(self, clock: Callable[[], datetime], app_id: str) -> None:
        self._clock = clock
        self._app_id = app_id
        self._turn = 0
        self.published = ["key-0"]

    @property
    def kid(self) -> str:
        return f"key-{self._turn}"

    def rotate(self, *, forget: bool = False) -> None:
        """From now on another key; ``forget``: the old ones are withdrawn."""
        self._turn += 1
        self.published = [self.kid] if forget else [*self.published, self.kid]

    def token(self, service_url: str, *, key: Any = None, kid: str | None = None, **instead: Any) -> str:
        """A genuine token; ``instead``: with other claims, or without those that are None."""
        now = self._clock()
        claims = {
            "iss": ISSUER,
            "aud": self._app_id,
            "serviceurl": service_url,
            "nbf": int((now - timedelta(minutes=5)).timestamp()),
            "exp": int((now + HOUR).timestamp()),
            **instead,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(told, key or self._key(), algorithm="RS256", headers={"kid": kid or self.kid})

    def jwks(self, endorsements: list[str]) -> dict[str, Any]:
        listed = []
        for kid in self.published:
            number = int(kid.partition("-")[2])
            public = RSAAlgorithm.to_jwk(_MADE[number % len(_MADE)].public_key())
            listed.append({**json.loads(public), "kid": kid, "use": "sig", "endorsements": endorsements})
        return {"keys": listed}

    def _key(self) -> Any:
        return _MADE[self._turn % len(_MADE)]
