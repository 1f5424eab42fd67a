"""auth.*, users.* and team.*: who the app is, and who the people are."""

from __future__ import annotations

from tests.fakes.slack.call import Call
from tests.fakes.slack.conversations import listed
from tests.fakes.slack.world import Json, Refusal


def auth_test(call: Call) -> Json:
    if call.token.team is None:
        if call.token.enterprise is None:
            return {"app_name": "Circlet", "app_id": "A0CIRCLET"}
        team = next(one for one in call.world.teams.values() if one.enterprise == call.token.enterprise)
        found: Json = {"team": call.token.enterprise, "team_id": call.token.enterprise, "is_enterprise_install": True}
    else:
        team = call.world.teams[call.token.team]
        found = {"team": team.name, "team_id": team.id, "is_enterprise_install": False}
    found |= {"url": "https://fake.slack.test/", "user": "circlet", "user_id": team.bot, "bot_id": team.bot_id}
    return found | ({"enterprise_id": team.enterprise} if team.enterprise else {})


def auth_revoke(call: Call) -> Json:
    if not call.flag("test"):
        call.token.revoked = True
        for team in call.teams:
            bots = [call.world.teams[team].bot]
            call.world.emit(team, "tokens_revoked", tokens={"oauth": [], "bot": bots})
    return {"revoked": not call.flag("test")}


def users_info(call: Call) -> Json:
    call.need("users:read")
    user = call.user(call.required("user", "user_not_found"))
    email = "users:read.email" in call.token.scopes
    return {"user": user.shown(email=email, locale=call.flag("include_locale"))}


def users_list(call: Call) -> Json:
    call.need("users:read")
    team = call.team()
    email = "users:read.email" in call.token.scopes
    people = [user for user in call.world.users.values() if user.team == team.id]
    page, more = call.page(people, 1000)
    members = [user.shown(email=email, locale=call.flag("include_locale")) for user in page]
    return {"members": members, "response_metadata": more, "cache_ts": int(call.world.seconds())}


def users_lookup_by_email(call: Call) -> Json:
    call.need("users:read.email")
    wanted = call.required("email").lower()
    for user in call.world.users.values():
        if user.team in call.teams and user.email.lower() == wanted and not user.deleted:
            return {"user": user.shown(email=True)}
    raise Refusal("users_not_found")


def users_conversations(call: Call) -> Json:
    """Of the app, or of somebody else in so far as the app sees them."""
    team = call.team()
    user = call.text("user") or team.bot
    call.user(user)
    return listed(call, [one for one in call.world.channels.values() if one.team == team.id and user in one.members])


def team_info(call: Call) -> Json:
    call.need("team:read")
    team = call.team()
    return {"team": {"id": team.id, "name": team.name, "domain": team.name.lower(), "enterprise_id": team.enterprise}}
