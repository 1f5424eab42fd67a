"""``python -m tests.fakes.teams --port 8766``: a connector of one's own, for the bot to talk to."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.fakes.teams.fake import APP, FakeTeams


async def serve(port: int, bot_url: str, latency: float, app_id: str) -> None:
    async with FakeTeams(port=port, bot_url=bot_url, app_id=app_id) as fake:
        if latency:
            fake.faults.slow(latency)
        lines = [f"{name.upper()}={value}" for name, value in fake.settings.items()]
        sys.stdout.write("\n".join([f"A fake connector: {fake.service_url}", *lines, ""]))
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.teams", description="A fake connector of Teams.")
    parser.add_argument("--port", type=int, default=8766)
    parser.add_argument("--bot-url", default="", help="where the bot listens, e.g. http://127.0.0.1:8080/api/messages")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer takes")
    parser.add_argument("--anonymous", action="store_true", help="ask for no token")
    arguments = parser.parse_args()
    try:
        asyncio.run(serve(arguments.port, arguments.bot_url, arguments.latency, "" if arguments.anonymous else APP))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
