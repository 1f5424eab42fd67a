"""What happens to people, conversations and installations; the app hears of it by events. Each returns its answer."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.acts import Acts
from tests.fakes.slack.wire import Answer
from tests.fakes.slack.world import Channel, User


class Changes(Acts):
    """``by`` is whoever does it. Events go out only where Slack sends them: a bot hears of channels that it is in."""

    def _event(self, channel: Channel, name: str) -> str:
        return f"{'channel' if channel.kind == 'public' else 'group'}_{name}"

    def _hears(self, channel: Channel) -> bool:
        return self.world.teams[channel.team].bot in channel.members

    async def _membership(self, kind: str, channel: Channel, user: str, **more: Any) -> Answer:
        if not self._hears(channel):
            return Answer(0, "not in the channel")
        letter = "C" if channel.kind == "public" else "G"
        return await self.happens(
            channel.team, kind, user=user, channel=channel.id, channel_type=letter, team=channel.team, **more
        )

    async def joins(self, user: str, channel: str, by: str | None = None) -> Answer:
        """Also the bot, when it is invited."""
        where = self.world.channels[channel]
        where.members[user] = None
        return await self._membership("member_joined_channel", where, user, **({"inviter": by} if by else {}))

    async def leaves(self, user: str, channel: str) -> Answer:
        where = self.world.channels[channel]
        del where.members[user]
        return await self._membership("member_left_channel", where, user)

    async def removes_bot(self, by: str, channel: str) -> Answer:
        """The bot is told that it left, no more."""
        where = self.world.channels[channel]
        del where.members[self.world.teams[where.team].bot]
        return await self.happens(where.team, self._event(where, "left"), channel=channel, actor_id=by)

    async def invites_bot(self, by: str, channel: str) -> Answer:
        return await self.joins(self.world.teams[self.world.channels[channel].team].bot, channel, by)

    async def renames(self, by: str, channel: str, name: str) -> Answer:
        self._place(by, channel)
        where = self.world.channels[channel]
        where.name = name
        shown = {"id": channel, "name": name, "name_normalized": name, "created": 0}
        return await self._about(where, "rename", channel=shown)

    async def archives(self, by: str, channel: str) -> Answer:
        where = self.world.channels[channel]
        where.archived = True
        return await self._about(where, "archive", channel=channel, user=by)

    async def unarchives(self, by: str, channel: str) -> Answer:
        where = self.world.channels[channel]
        where.archived = False
        return await self._about(where, "unarchive", channel=channel, user=by)

    async def deletes(self, by: str, channel: str) -> Answer:
        where = self.world.channels[channel]
        where.deleted = True
        return await self._about(where, "deleted", channel=channel, actor_id=by)

    async def _about(self, where: Channel, name: str, **event: Any) -> Answer:
        if where.kind != "public" and not self._hears(where):
            return Answer(0, "not in the channel")
        return await self.happens(where.team, self._event(where, name), **event)

    async def deactivates(self, user: str) -> Answer:
        """Somebody's account is closed: they are in no channel any more, and may not be written to."""
        person = self.world.users[user]
        person.deleted = True
        for channel in self.world.channels.values():
            if channel.kind in ("public", "private"):
                channel.members.pop(user, None)
        return await self._user_change(person)

    async def changes(self, user: str, **attributes: Any) -> Answer:
        """A person's name, zone, language, title: attributes of User."""
        person = self.world.users[user]
        for name, value in attributes.items():
            setattr(person, name, value)
        return await self._user_change(person)

    async def _user_change(self, person: User) -> Answer:
        return await self.happens(person.team, "user_change", user=person.shown(locale=True), cache_ts=0)

    async def uninstalls(self, team: str) -> tuple[Answer, Answer]:
        """Tokens are worth nothing from here on. Slack tells it in both ways, in no certain order."""
        for token in self.world.tokens.values():
            if team in self.world.teams_of(token):
                token.gone = True
        bot = self.world.teams[team].bot
        revoked = await self.happens(team, "tokens_revoked", tokens={"oauth": [], "bot": [bot]})
        return revoked, await self.happens(team, "app_uninstalled")
