"""A small program that behaves like Microsoft's connector: conversations, members, messages, tokens, and their keys.

    async with FakeTeams() as fake:
        fake.bot_url = "http://127.0.0.1:8080/api/messages"
        await fake.installs("ana")
        answer = await fake.says("ana", fake.chat("ana"), "help")

By hand: ``python -m tests.fakes.teams --port 8766``.
"""

from tests.fakes.teams.acts import Answer
from tests.fakes.teams.fake import FakeTeams

__all__ = ["Answer", "FakeTeams"]
