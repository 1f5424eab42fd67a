"""A small program that behaves like Slack, for the real SDK to talk to: Web API, events, interactivity, Socket Mode.

    async with FakeSlack() as fake:
        client = AsyncWebClient(fake.token, base_url=fake.url, retry_handlers=[])
        fake.request_url = "http://127.0.0.1:8080/slack/events"
        answer = await fake.types("U1", "C1", "/circle help")

By hand: ``python -m tests.fakes.slack --port 8765``.
"""

from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.payloads import Impossible
from tests.fakes.slack.wire import Answer

__all__ = ["Answer", "FakeSlack", "Impossible"]
