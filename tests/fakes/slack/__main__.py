"""``python -m tests.fakes.slack --port 8765``: a Slack of one's own, to play with by hand."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.hand import state


async def serve(port: int, request_url: str | None) -> None:
    async with FakeSlack(port=port, request_url=request_url) as fake:
        lines = [f"{name}={value}" for name, value in state(fake)["secrets"].items()]
        sys.stdout.write("\n".join([f"A fake Slack: {fake.root}/fake/", *lines, ""]))
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.slack", description="A fake Slack on this machine.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--request-url", help="where the app listens, e.g. http://127.0.0.1:3000/slack/events")
    arguments = parser.parse_args()
    try:
        asyncio.run(serve(arguments.port, arguments.request_url))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
