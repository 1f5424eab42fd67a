"""Installing Circlet in a workspace by *Add to Slack*: what Bolt needs for it, and its two pages.

Bolt speaks OAuth, ``store`` keeps what comes of it, ``installations`` uses it; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import yaml
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.installations import Credentials, OAuthTokens, web_client
from adapters.slack.store import STATE_SECONDS, States

MANIFEST = Path(__file__).parent / "manifest.yaml"
INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"


class InstallFlow(AsyncOAuthFlow):
    """Bolt's, and in the end the workspace is one of ours."""

    def __init__(self, tokens: OAuthTokens, states: States, credentials: Credentials, api_url: str) -> None:
        settings = AsyncOAuthSettings(
            client_id=credentials.client_id,
            client_secret=credentials.client_secret,
            scopes=scopes(),
            user_scopes=(),
            install_path=INSTALL,
            redirect_uri_path=REDIRECT,
            authorization_url=authorization_url(api_url),
            installation_store=tokens.installations,
            state_store=states,
            state_expiration_seconds=STATE_SECONDS,
        )
        super().__init__(client=web_client(None, api_url), settings=settings)
        self._tokens = tokens

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        await super().store_installation(request, installation)
        # An organisation's workspaces become ours one by one, with the first request from each.
        if team := installation.team_id:
            await self._tokens.workspace(team, installation.team_name or team, installation.enterprise_id)


def scopes() -> tuple[str, ...]:
    """What the app may do: written once, in the manifest."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


def authorization_url(api_url: str) -> str:
    """Where people allow the app: beside the API, whosever it is."""
    return urljoin(api_url, "../oauth/v2/authorize")


def add_routes(app: web.Application, flow: AsyncOAuthFlow) -> None:
    """The page that leads to Slack, and the one to which Slack leads back."""

    async def install(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await flow.handle_installation(await to_bolt_request(request)))

    async def redirect(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await flow.handle_callback(await to_bolt_request(request)))

    app.router.add_get(INSTALL, install)
    app.router.add_get(REDIRECT, redirect)


def listen_for_removal(app: AsyncApp, tokens: OAuthTokens) -> None:
    """Forget a workspace when Slack says that the app was removed from it, or that its tokens were revoked."""

    @app.event("app_uninstalled")
    async def _(body: Mapping[str, Any], context: AsyncBoltContext) -> None:
        at = datetime.fromtimestamp(body["event_time"], UTC)
        await tokens.removed(context.team_id, context.enterprise_id, at)

    @app.event("tokens_revoked")
    async def _(context: AsyncBoltContext) -> None:
        await tokens.revoked(context.team_id, context.enterprise_id)
