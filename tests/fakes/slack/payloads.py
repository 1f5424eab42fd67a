"""What Slack sends when somebody types, presses or submits. https://docs.slack.dev/reference/interaction-payloads"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.slack.views import View
from tests.fakes.slack.world import APP_ID, Channel, Json, Message, User, World


class Impossible(ValueError):
    """Slack's own client would not let a person do this."""


def named(channel: Channel) -> str:
    return {"im": "directmessage", "private": "privategroup"}.get(channel.kind, channel.name)


def _escaped(world: World, team: str, text: str) -> Iterator[str]:
    ids = {user.name: user.id for user in world.users.values() if user.team == team}
    for part in re.split(r"(<@[UW]\w+(?:\|[^>]*)?>|@[\w.-]+)", text):
        if mention := re.fullmatch(r"<@(\w+)(?:\|[^>]*)?>", part):
            known = world.users.get(mention[1])
            yield f"<@{mention[1]}|{known.name if known else ''}>"
        elif part.startswith("@") and part[1:] in ids:
            yield f"<@{ids[part[1:]]}|{part[1:]}>"
        else:
            yield part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def command(world: World, user: User, channel: Channel, text: str, response_url: str) -> dict[str, str]:
    """As a form, with ``should_escape``: @ana becomes <@U1|ana>, and what looks like markup is no longer any."""
    name, _, rest = text.partition(" ")
    team = world.teams[user.team]
    found = {"token": "legacy", "team_id": team.id, "team_domain": team.name.lower(), "api_app_id": APP_ID}
    found |= {"channel_id": channel.id, "channel_name": named(channel), "user_id": user.id, "user_name": user.name}
    found |= {"command": name, "text": "".join(_escaped(world, team.id, rest.strip())), "response_url": response_url}
    found |= {"trigger_id": world.modals.trigger(user.id, team.id), "is_enterprise_install": "false"}
    return found | ({"enterprise_id": team.enterprise, "enterprise_name": "Org"} if team.enterprise else {})


def interaction(world: World, kind: str, user: User, view: View | None = None) -> Json:
    team = world.teams[user.team]
    found: Json = {"type": kind, "api_app_id": APP_ID, "token": "legacy", "is_enterprise_install": False}
    found["team"] = {"id": team.id, "domain": team.name.lower()}
    found["enterprise"] = {"id": team.enterprise, "name": "Org"} if team.enterprise else None
    if kind == "view_submission" and team.enterprise:
        found["team"] |= {"enterprise_id": team.enterprise, "enterprise_name": "Org"}
        found["enterprise"] = None
    found["user"] = {"id": user.id, "username": user.name, "name": user.name, "team_id": team.id}
    found["trigger_id"] = world.modals.trigger(user.id, team.id, view.id if view else None)
    return found


def press_in_message(
    world: World, user: User, channel: Channel, message: Message, action: Json, response_url: str
) -> Json:
    private = message.only_for is not None
    found = interaction(world, "block_actions", user)
    found["container"] = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": private,
    }
    found["channel"] = {"id": channel.id, "name": named(channel)}
    found |= {"state": {"values": {}}, "response_url": response_url, "actions": [action]}
    return found if private else found | {"message": message.shown()}


def press_in_view(world: World, user: User, view: Json, open_view: View | None, action: Json) -> Json:
    found = interaction(world, "block_actions", user, open_view)
    found["container"] = {"type": "view", "view_id": view["id"]}
    return found | {"view": view, "actions": [action]}


# ── elements and their values ────────────────────────────────────────────────────────────────────────────────────────


def elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every element that one can act on, with the id of its block."""
    for block in blocks:
        inner = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*inner, block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and "action_id" in element:
                yield block["block_id"], element


def action(world: World, blocks: list[Json], action_id: str, value: Any = None) -> Json:
    for block_id, element in elements(blocks):
        if element["action_id"] != action_id:
            continue
        found = {"action_id": action_id, "block_id": block_id, "type": element["type"], "action_ts": world.new_ts()}
        if element["type"] == "button":
            return found | {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        return found | chosen(element, value)
    there = ", ".join(element["action_id"] for _, element in elements(blocks))
    raise Impossible(f"there is no {action_id!r} to press; there is: {there or 'nothing'}")


def state(view: View, values: Mapping[str, Any]) -> Json:
    """The state of a form filled in: what is not in ``values`` keeps its initial value. Refuses what a client would."""
    found: Json = {}
    inputs = {block["block_id"]: block for block in view.content["blocks"] if block["type"] == "input"}
    if unknown := sorted(set(values) - set(inputs)):
        raise Impossible(f"the form has no field {', '.join(unknown)}; it has {', '.join(inputs)}")
    for id, block in inputs.items():
        element = block["element"]
        value = values[id] if id in values else initial(element)
        if value in (None, "", [], ()) and not block.get("optional", False):
            raise Impossible(f"{block['label']['text']!r} ({id}) must be filled in")
        found[id] = {element["action_id"]: {"type": element["type"], **chosen(element, value)}}
    return found


def initial(element: Json) -> Any:
    """What an element holds before anybody touches it, in the words of ``values``."""
    for key in ("initial_value", "initial_date", "initial_time", "initial_user", "initial_users"):
        if key in element:
            return element[key]
    if "initial_option" in element:
        return element["initial_option"]["value"]
    return [option["value"] for option in element.get("initial_options", [])] or None


def chosen(element: Json, value: Any) -> Json:
    """An element's value as a payload has it. ``value``: words, an option's value, a list of those, an id, a date."""
    match element["type"]:
        case "plain_text_input" | "number_input" | "email_text_input" | "url_text_input":
            text = None if value in (None, "") else str(value)
            if text is not None and not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3000):
                raise Impossible(f"{len(text)} characters do not fit {element['action_id']}")
            return {"value": text}
        case "static_select" | "radio_buttons" | "overflow":
            return {"selected_option": None if value in (None, "") else _option(element, str(value))}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": [_option(element, str(one)) for one in value or ()]}
        case "users_select":
            return {"selected_user": value or None}
        case "multi_users_select":
            if len(value or ()) > element.get("max_selected_items", 1_000):
                raise Impossible(f"at most {element['max_selected_items']} people fit {element['action_id']}")
            return {"selected_users": list(value or ())}
        case "datepicker":
            return {"selected_date": value or None}
        case "timepicker":
            return {"selected_time": value or None}
        case kind:
            raise NotImplementedError(f"the fake's people cannot fill in a {kind}")


def _option(element: Json, value: str) -> Json:
    groups = element.get("option_groups", [])
    options = element.get("options", []) + [option for group in groups for option in group["options"]]
    for option in options:
        if option["value"] == value:
            return {"text": option["text"], "value": option["value"]}
    raise Impossible(f"{value!r} is none of the options: {', '.join(str(one['value']) for one in options[:20])}")
