"""views.*: modals and the App Home."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.call import Call
from tests.fakes.slack.limits import problems
from tests.fakes.slack.views import BadView, View
from tests.fakes.slack.world import Json, Refusal


def _content(call: Call, kind: str) -> dict[str, Any]:
    view = call.json("view", "invalid_arguments")
    if not isinstance(view, dict):
        raise Refusal("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: view"]})
    call.refuse("invalid_arguments", problems(view))
    if view["type"] != kind:
        call.refuse("invalid_arguments", [f"view.type must be {kind} here"])
    return view


def _found(call: Call) -> View:
    id = call.text("view_id") or call.text("external_id")
    if not id:
        raise Refusal("missing_argument")
    try:
        return call.world.modals.find(id, call.teams)
    except BadView as problem:
        raise Refusal(str(problem)) from None


def open_view(call: Call) -> Json:
    content = _content(call, "modal")
    try:
        view = call.world.modals.open(call.required("trigger_id", "invalid_trigger_id"), call.teams, content)
    except BadView as problem:
        raise Refusal(str(problem)) from None
    return {"view": view.shown()}


def push(call: Call) -> Json:
    content = _content(call, "modal")
    try:
        view = call.world.modals.push(call.required("trigger_id", "invalid_trigger_id"), call.teams, content)
    except BadView as problem:
        raise Refusal(str(problem)) from None
    return {"view": view.shown()}


def update(call: Call) -> Json:
    content = _content(call, "modal")
    view = _found(call)
    try:
        call.world.modals.change(view, content, call.text("hash") or None)
    except BadView as problem:
        raise Refusal(str(problem)) from None
    return {"view": view.shown()}


def publish(call: Call) -> Json:
    content = _content(call, "home")
    user = call.user(call.required("user_id", "invalid_arguments"))
    homes = call.world.teams[user.team].homes
    before = homes.get(user.id)
    if call.text("hash") and (before is None or before["hash"] != call.text("hash")):
        raise Refusal("hash_conflict")
    modals = call.world.modals
    id = before["id"] if before else call.world.new_id("V")
    view = View(id, user.id, user.team, modals.prepared(content), modals.new_hash(), id)
    homes[user.id] = view.shown()
    return {"view": homes[user.id]}
