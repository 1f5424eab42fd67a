"""``python -m bench.bare_bolt``: a Bolt app with empty handlers, the peer of ``circlet web``."""

from __future__ import annotations

import os

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck


async def somebody() -> AuthorizeResult:
    """Without asking Slack, as Circlet does not ask for each request either."""
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token=os.environ["SLACK_BOT_TOKEN"])


async def nothing(ack: AsyncAck) -> None:
    await ack()


def main() -> None:
    bolt = AsyncApp(signing_secret=os.environ["SLACK_SIGNING_SECRET"], authorize=somebody)
    bolt.command("/circle")(nothing)

    async def events(request: web.Request) -> web.Response:
        answer = await bolt.async_dispatch(await to_bolt_request(request))
        response: web.Response = await to_aiohttp_response(answer)
        return response

    app = web.Application()
    app.router.add_post("/slack/events", events)
    web.run_app(app, host="127.0.0.1", port=int(os.environ["PORT"]), print=None, access_log=None)


if __name__ == "__main__":
    main()
