"""Installing: the app's secrets, what an admin granted, tokens and their rotation."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.world import APP_ID, SCOPES, Json, Refusal, Team, Token, World

TWELVE_HOURS = 43_200


@dataclass(slots=True)
class Grant:
    """What an admin allowed; exchanged once for a token."""

    team: str
    user: str
    scopes: frozenset[str]
    enterprise: str | None
    redirect_uri: str
    used: bool = False


@dataclass(slots=True)
class Office:
    """The app's registration: its secrets, the grants and the refresh tokens."""

    world: World
    client_id: str = "111.222"
    client_secret: str = "client-secret-of-the-fake"
    signing_secret: str = "signing-secret-of-the-fake"
    rotates: bool = False
    grants: dict[str, Grant] = field(default_factory=dict)
    refreshers: dict[str, Token] = field(default_factory=dict)

    def token(self, team: str | None, scopes: Any = SCOPES, enterprise: str | None = None) -> Token:
        rotates = self.rotates
        value = self.world.new_id(f"{'xoxe.' if rotates else ''}xoxb-{team or enterprise}-")
        token = Token(value, "bot", frozenset(scopes), team, enterprise)
        token.expires = self.world.seconds() + TWELVE_HOURS if rotates else None
        self.world.tokens[value] = token
        return token

    def app_token(self) -> Token:
        token = Token(self.world.new_id("xapp-1-"), "app", frozenset({"connections:write"}), None)
        self.world.tokens[token.value] = token
        return token

    def grant(self, team: Team, user: str, scopes: frozenset[str], redirect_uri: str, *, org: bool = False) -> str:
        code = self.world.new_id("code.")
        self.grants[code] = Grant(team.id, user, scopes, team.enterprise if org else None, redirect_uri)
        return code

    def access(self, args: Json, authorization: str) -> Json:
        """oauth.v2.access: a code, or a refresh token, against a token."""
        self._check(args, authorization)
        if args.get("grant_type") == "refresh_token":
            old = self.refreshers.pop(str(args.get("refresh_token")), None)
            if old is None or old.gone:
                raise Refusal("invalid_refresh_token")
            return self._answer(self.token(old.team, old.scopes, old.enterprise))
        grant = self.grants.get(str(args.get("code")))
        if grant is None:
            raise Refusal("invalid_code")
        if grant.used:
            raise Refusal("code_already_used")
        if args.get("redirect_uri", grant.redirect_uri) != grant.redirect_uri:
            raise Refusal("bad_redirect_uri")
        grant.used = True
        token = self.token(None if grant.enterprise else grant.team, grant.scopes, grant.enterprise)
        return self._answer(token) | {"authed_user": {"id": grant.user}}

    def _check(self, args: Json, authorization: str) -> None:
        id, secret = args.get("client_id"), args.get("client_secret")
        if authorization.startswith("Basic "):
            id, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
        if id != self.client_id:
            raise Refusal("invalid_client_id")
        if secret != self.client_secret:
            raise Refusal("bad_client_secret")

    def _answer(self, token: Token) -> Json:
        org = token.enterprise
        teams = self.world.teams
        team = teams[token.team] if token.team else next(one for one in teams.values() if one.enterprise == org)
        found: Json = {"access_token": token.value, "token_type": "bot", "app_id": APP_ID, "bot_user_id": team.bot}
        found |= {"scope": ",".join(sorted(token.scopes)), "is_enterprise_install": org is not None}
        found |= {"team": None if org else {"id": team.id, "name": team.name}}
        found |= {"enterprise": {"id": team.enterprise, "name": "The organisation"} if team.enterprise else None}
        if token.expires is not None:
            refresh = self.world.new_id("xoxe-1-")
            self.refreshers[refresh] = token
            found |= {"refresh_token": refresh, "expires_in": int(token.expires - self.world.seconds())}
        return found
