"""``python -m bench.bare_teams``: an empty handler of the SDK, the peer of ``circlet web``."""

from __future__ import annotations

import os
from types import SimpleNamespace

from aiohttp import web
from botbuilder.core import ActivityHandler, InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import AdaptiveCardInvokeResponse


class Nothing(ActivityHandler):
    async def on_invoke_activity(self, *_: TurnContext) -> InvokeResponse:
        # Its own way of building an answer serialises it twice, and fails.
        said = "application/vnd.microsoft.activity.message"
        return InvokeResponse(status=200, body=AdaptiveCardInvokeResponse(status_code=200, type=said, value={}))


def main() -> None:
    settings = SimpleNamespace(
        APP_ID=os.environ["MICROSOFT_APP_ID"],
        APP_PASSWORD=os.environ["MICROSOFT_APP_PASSWORD"],
        APP_TYPE="MultiTenant",
        APP_TENANTID="",
        TO_CHANNEL_FROM_BOT_LOGIN_URL="https://login.microsoftonline.com/botframework.com",
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE="https://api.botframework.com",
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER="https://api.botframework.com",
        OAUTH_URL="https://api.botframework.com",
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=os.environ["TEAMS_OPENID_URL"],
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=os.environ["TEAMS_OPENID_URL"],
        CALLER_ID="",
    )
    adapter, handler = CloudAdapter(ConfigurationBotFrameworkAuthentication(settings)), Nothing()
    app = web.Application()

    async def messages(request: web.Request) -> web.StreamResponse:
        return await adapter.process(request, handler) or web.Response()

    app.router.add_post("/api/messages", messages)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None, access_log=None)


if __name__ == "__main__":
    main()
