"""What Teams' own client shows of cards and dialogs, and what it sends when somebody types, presses or submits. Pure.

The plays speak of "ana" and of "dm-ana"; to Teams these are a directory id, for each bot a "29:…", and a chat "a:…".
Nothing that a person may have sent is refused here, as a real client would: the core must hold against more.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

JSON = dict[str, Any]

TENANT = "72f988bf-0000-4000-8000-000000000001"
BOT = {"id": "28:circlet", "name": "Circlet"}
PRIVATE = "a:"
_NAMED = re.compile(r"(?<![\w.%+@-])@(\w+)")


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def teams_id(person: str) -> str:
    """The id in the directory of somebody in the plays."""
    return f"aad-{person}"


def play_id(person: str) -> str:
    """ "ana" of an id in the directory, or of a "29:…"."""
    return person.removeprefix("aad-").removeprefix("29:")


def chat(conversation: str) -> str:
    """Teams' id of a conversation of the plays."""
    return f"{PRIVATE}{conversation[3:]}" if conversation.startswith("dm-") else conversation


def conversation(chat: str) -> str:
    """The plays' id of one of Teams' conversations."""
    return f"dm-{chat[len(PRIVATE) :]}" if chat.startswith(PRIVATE) else chat


def is_private(chat: str) -> bool:
    return chat.startswith(PRIVATE)


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _activity(kind: str, person: str, where: str, zone: str) -> JSON:
    named = play_id(person)
    kinds = {"a": "personal", "19": "channel" if "@thread.tacv2" in where else "groupChat"}
    return {
        "type": kind,
        "id": "1796374800000",
        "channelId": "msteams",
        "serviceUrl": "https://smba.example.org/emea/",
        "from": {"id": f"29:{named}", "name": named.title(), "aadObjectId": person},
        "recipient": BOT,
        "conversation": {
            "id": where,
            "tenantId": TENANT,
            "conversationType": kinds[where.partition(":")[0]],
            **({} if is_private(where) else {"isGroup": True}),
        },
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "en-US",
        "localTimezone": zone,
    }


def written(person: str, where: str, text: str, zone: str, known: Collection[str]) -> JSON:
    """Words in a chat: the bot is mentioned where it is not alone with somebody, and @ana becomes a mention."""
    entities: list[JSON] = []
    called = "" if is_private(where) else f"{_mention(entities, BOT)}&nbsp;"
    parts = []
    for number, part in enumerate(_NAMED.split(text)):
        named = {"id": f"29:{part}", "name": part.title()}
        if number % 2 and part in known:
            parts.append(_mention(entities, named))
        else:
            parts.append(html.escape(f"@{part}" if number % 2 else part, quote=False))
    said = {"text": f"{called}{''.join(parts)}\n", "textFormat": "plain", "entities": entities}
    return _activity("message", person, where, zone) | said


def _mention(entities: list[JSON], who: JSON) -> str:
    text = f"<at>{html.escape(who['name'], quote=False)}</at>"
    entities.append({"type": "mention", "mentioned": who, "text": text})
    return text


def pressed(person: str, where: str, zone: str, action: JSON, message: str | None) -> JSON:
    """``message`` is None where a button is sent that nobody was shown."""
    told = _activity("invoke", person, where, zone) | ({} if message is None else {"replyToId": message})
    data = action["data"]
    if "msteams" in data:
        return told | {"name": "task/fetch", "value": {"data": data, "context": {"theme": "default"}}}
    return told | _execute(action, data)


def filled(person: str, where: str, zone: str, shown: JSON, values: Mapping[str, Any]) -> JSON:
    """A form filled in with values as the plays have them; ``shown`` as ``form`` made it."""
    data = {**shown["submit"]["data"]}
    for one in shown["inputs"]:
        name = field_of(one["id"])
        data[one["id"]] = _typed(one, values[name] if name in values else _initial(one))
    assert set(values) <= {field_of(one["id"]) for one in shown["inputs"]}, f"the form has no {set(values)}"
    told = _activity("invoke", person, where, zone)
    if shown["message"] is not None:
        told |= {"replyToId": shown["message"]}
    if shown["submit"]["type"] == "Action.Submit":
        return told | {"name": "task/submit", "value": {"data": data, "context": {"theme": "default"}}}
    return told | _execute(shown["submit"], data)


def _execute(action: JSON, data: JSON) -> JSON:
    sent = {"type": "Action.Execute", "verb": action.get("verb", ""), "data": data}
    return {"name": "adaptiveCard/action", "value": {"action": sent, "trigger": "manual"}}


def _typed(element: Mapping[str, Any], value: Any) -> str:
    """Teams sends texts: several are parted by commas, and people are ids of the directory."""
    match element["type"]:
        case "Input.Toggle":
            return "yes" if value else "no"
        case "Input.ChoiceSet" if "choices.data" in element:
            return ",".join(map(teams_id, value))
        case "Input.ChoiceSet" if element.get("isMultiSelect"):
            return ",".join(one.replace("%", "%25").replace(",", "%2C") for one in value)
        case _:
            return "" if value is None else str(value)


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


def cards(activities: Sequence[Mapping[str, Any]]) -> list[JSON]:
    return [one["attachments"][0]["content"] for one in activities]


def text(body: Sequence[Mapping[str, Any]]) -> str:
    """All that a card says, a line each, and its buttons; what unfolds is not seen yet, and a chart is its words."""
    return "\n".join(_lines(body))


def _lines(elements: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for element in elements:
        match element["type"]:
            case "TextBlock":
                yield element["text"]
            case "RichTextBlock":
                yield "".join(run["text"] for run in element["inlines"])
            case "Container":
                yield from _lines(element["items"])
            case "ColumnSet":
                yield " ".join(line for column in element["columns"] for line in _lines(column["items"]))
            case "Table":
                for row in element["rows"]:
                    yield " | ".join(" ".join(_lines(cell["items"])) for cell in row["cells"])
            case "ActionSet":
                yield from (f"[{action['title']}]" for action in element["actions"])
            case kind if kind.startswith("Chart."):
                yield from _lines([element["fallback"]])
            case _:
                yield element.get("label") or element.get("title", "")


def unseen(told: str, shown: str) -> list[str]:
    """Words of the neutral message that the card does not show. Where a line is too long, a word may be parted."""
    lines = shown.replace("\n", "")
    return [word for word in re.findall(r"\w+", told) if word not in lines]


def buttons(body: Sequence[Mapping[str, Any]]) -> list[JSON]:
    """Those that send or unfold something, in order; a link only opens its page."""
    rows = (element["actions"] for element in body if element["type"] == "ActionSet")
    return [action for row in rows for action in row if action["type"] != "Action.OpenUrl"]


def token(action: Mapping[str, Any]) -> str:
    """What a button means; one that unfolds, what its form does."""
    inner = action["card"]["actions"][0] if action["type"] == "Action.ShowCard" else action
    return str(inner["data"]["t"])


def form(card: Mapping[str, Any], title: str, message: str | None) -> JSON:
    """A form as the plays have them, and what is needed to send it. ``message``: where it unfolded."""
    found = [one for one in card["body"] if one["type"].startswith("Input.")]
    (submit,) = card["actions"]
    around = [one for one in card["body"] if not one["type"].startswith("Input.")]
    return {
        "title": title,
        "token": submit["data"]["t"],
        "intro": around,
        "fields": [_field(one, _after(card["body"], one)) for one in found],
        "inputs": found,
        "submit": submit,
        "message": message,
    }


def _after(body: Sequence[Mapping[str, Any]], element: Mapping[str, Any]) -> str:
    """The small print below an input."""
    rest = takewhile(lambda one: one["type"] == "RichTextBlock", body[list(body).index(element) + 1 :])
    return text([one for one in rest if one.get("spacing") == "None"])


def problems(card: Mapping[str, Any]) -> dict[str, str]:
    """What stands at which field; "" is the whole form."""
    found: dict[str, str] = {}
    at = ""
    for element in card["body"]:
        if element["type"].startswith("Input."):
            at = field_of(element["id"])
        elif element["type"] == "RichTextBlock" and element["inlines"][0].get("color") == "Attention":
            said = text([element]).removeprefix("⚠ ")
            found[at] = f"{found[at]} {said}" if at in found else said
    return found


def field_of(name: str) -> str:
    return name.partition(".")[2]


def _field(element: Mapping[str, Any], hint: str) -> JSON:
    options = [{"value": one["value"], "label": one["title"]} for one in element.get("choices", [])]
    return {
        "id": field_of(element["id"]),
        "label": element.get("label") or element.get("title", ""),
        "hint": hint,
        "required": bool(element.get("isRequired")),
        "options": options,
        "value": _initial(element),
    }


def _initial(element: Mapping[str, Any]) -> Any:
    """What is in it before anybody touches it."""
    value = element.get("value", "")
    match element["type"]:
        case "Input.Toggle":
            return value == "yes"
        case "Input.ChoiceSet" if "choices.data" in element:
            return [play_id(person) for person in value.split(",") if person]
        case "Input.ChoiceSet" if element.get("isMultiSelect"):
            return [one.replace("%2C", ",").replace("%25", "%") for one in value.split(",") if one]
        case _:
            return value
