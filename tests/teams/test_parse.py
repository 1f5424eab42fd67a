"""Teams' activities, whole ones, as inbound values; and that garbage is refused and nothing worse."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams import parse
from adapters.teams.parse import BadPayload, Profile
from adapters.teams.render import activities, dialog, form_card
from bot.actions import action
from bot.forms import Choice, DateInput, Form, MultiChoice, Option, PeopleInput, Scale, TextInput, TimeInput, YesNo
from bot.inbound import Actor, Place, Press, Submission
from bot.markup import Plain
from bot.messages import Button, Message, Text

JSON = dict[str, Any]
ANA_ID = "6c1f0a5e-0000-4000-8000-00000000000a"
BEN_ID = "6c1f0a5e-0000-4000-8000-00000000000b"
ANA = Actor(1, ANA_ID, "Ana", "Europe/Berlin", "en")
BEN = Actor(1, BEN_ID, "Ben")
THREAD = "19:circle@thread.tacv2;messageid=1700000000000"

PERSONAL: JSON = {
    "type": "message",
    "id": "1700000000123",
    "channelId": "msteams",
    "serviceUrl": "https://smba.example.org/emea/",
    "from": {"id": "29:ana", "name": "Ana", "aadObjectId": ANA_ID},
    "recipient": {"id": "28:bot", "name": "Circlet"},
    "conversation": {"id": "a:ana", "conversationType": "personal", "tenantId": "t"},
    "locale": "en-US",
    "localTimezone": "Europe/Berlin",
    "text": "agenda 3",
    "textFormat": "plain",
}
CHANNEL: JSON = PERSONAL | {
    "conversation": {"id": THREAD, "conversationType": "channel", "isGroup": True, "tenantId": "t"},
    "replyToId": "1700000000000",
}
TO_BOT = {"type": "mention", "mentioned": {"id": "28:bot", "name": "Circlet"}, "text": "<at>Circlet</at>"}
OF_BEN = {"type": "mention", "mentioned": {"id": "29:ben", "name": "Ben"}, "text": "<at>Ben</at>"}


def said(text: str, *entities: JSON, **more: Any) -> JSON:
    return CHANNEL | {"text": text, "entities": list(entities)} | more


def execute(data: JSON, **more: Any) -> JSON:
    value = {"action": {"type": "Action.Execute", "verb": "submit", "data": data}, "trigger": "manual"}
    return (
        CHANNEL | {"type": "invoke", "name": "adaptiveCard/action", "value": value, "replyToId": "1700000000777"} | more
    )


def task(name: str, data: JSON, **more: Any) -> JSON:
    return PERSONAL | {"type": "invoke", "name": f"task/{name}", "value": {"data": data}} | more


# ── who and where ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_somebody_is_known_by_their_id_in_the_directory() -> None:
    assert parse.actor(PERSONAL, 1) == ANA
    assert parse.person_id({"id": "29:x"}) == "29:x"
    assert parse.person_id({"id": "29:x", "objectId": "o"}) == "o"
    with pytest.raises(BadPayload, match="without an id"):
        parse.person_id({"name": "Ana"})


def test_the_roster_knows_better_and_what_it_leaves_out_is_taken_from_the_activity() -> None:
    told = parse.actor(PERSONAL, 1, Profile("Ana Lopez", None, "de"))

    assert told == Actor(1, ANA_ID, "Ana Lopez", "Europe/Berlin", "de")


def test_the_zone_and_the_language_may_come_with_the_client() -> None:
    told = {"type": "clientInfo", "timezone": "Asia/Kolkata", "locale": "de-AT"}
    without = {key: value for key, value in PERSONAL.items() if key not in ("locale", "localTimezone")}

    assert parse.zone(without | {"entities": [told]}) == "Asia/Kolkata"
    assert parse.language(without | {"entities": [told]}) == "de"
    assert parse.zone(without) is None
    assert parse.language(without | {"locale": ""}) is None


@pytest.mark.parametrize("zone", ["W. Europe Standard Time", "../etc/passwd", "", 7, None, "Europe/Nowhere"])
def test_a_zone_that_is_none_stays_unknown(zone: object) -> None:
    assert parse.zone(PERSONAL | {"localTimezone": zone}) is None


@pytest.mark.parametrize(
    ("activity", "place"),
    [
        (PERSONAL, Place("a:ana", "direct")),
        (CHANNEL, Place(THREAD, "group")),
        (PERSONAL | {"conversation": {"id": "19:x", "conversationType": "groupChat"}}, Place("19:x", "group")),
        (PERSONAL | {"conversation": {"id": "c"}}, Place("c", "direct")),
        (PERSONAL | {"conversation": {"id": "c", "isGroup": True}}, Place("c", "group")),
        (execute({"t": "agenda:1"}), Place(THREAD, "group", "1700000000777")),
        (PERSONAL | {"value": {"t": "agenda:1"}, "replyToId": "5"}, Place("a:ana", "direct", "5")),
    ],
)
def test_where_it_happened_and_the_root_of_a_thread_is_no_message_of_ours(activity: JSON, place: Place) -> None:
    assert parse.place(activity) == place


def test_a_dialog_belongs_to_where_it_was_opened() -> None:
    in_channel = {"id": "19:circle@thread.tacv2", "conversationType": "channel", "isGroup": True}
    sent = task("submit", {"t": "goal:1", "s": 1, "c": THREAD, "m": "1700000000777"}, conversation=in_channel)

    assert parse.place(sent) == Place(THREAD, "group", "1700000000777")


def test_nobody_can_say_that_a_dialog_was_opened_elsewhere() -> None:
    forged = task("submit", {"t": "create", "s": 1, "c": "19:secret@thread.tacv2"})

    assert parse.place(forged) == Place("a:ana", "direct")


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("agenda 3", "agenda 3"),
        ("/circle agenda 3", "agenda 3"),
        ("circle agenda 3", "agenda 3"),
        ("Circlet: agenda 3", "agenda 3"),
        ("@Circlet agenda 3", "agenda 3"),
        ("/agenda 3", "agenda 3"),
        ("  circle  ", ""),
        ("", ""),
        ("circles", "circles"),
        ("circletime", "circletime"),
        ("goal a &lt;at&gt;x&lt;/at&gt; &amp;amp; &quot;b&quot;&nbsp;c", 'goal a <at>x</at> &amp; "b" c'),
        ("goal one\r\ntwo\u200b\x07", "goal one\ntwo"),
        ("create &quot;North&quot;", 'create "North"'),
    ],
)
def test_all_ways_to_ask_mean_the_command(text: str, read: str) -> None:
    assert parse.command(PERSONAL | {"text": text}, ANA).text == read


def test_a_mention_of_the_bot_is_left_out() -> None:
    for text in ("<at>Circlet</at> agenda", "<at>Circlet</at>&nbsp;agenda\n", "agenda <at>Circlet</at>"):
        command = parse.command(said(text, TO_BOT), ANA)
        assert command.text == "agenda"
        assert command.mentioned == ()
        assert command.place == Place(THREAD, "group")


def test_people_are_meant_by_ids_and_known_by_ours() -> None:
    activity = said(
        "<at>Circlet</at> pair <at>Ana</at> <at>Ben</at>", TO_BOT, {**OF_BEN, "text": "<at>Ana</at>"}, OF_BEN
    )
    activity["entities"][1]["mentioned"] = {"id": "29:ana", "name": "Ana"}

    assert parse.mentioned_ids(activity) == ("29:ana", "29:ben")
    command = parse.command(activity, ANA, {"29:ana": ANA, "29:ben": BEN})
    assert command.text == f"pair <@{ANA_ID}> <@{BEN_ID}>"
    assert command.mentioned == (ANA, BEN)


def test_two_of_one_name_are_two_people() -> None:
    other = OF_BEN | {"mentioned": {"id": "29:ben2", "name": "Ben"}}
    second = Actor(1, "second", "Ben")
    activity = said("<at>Circlet</at> invite <at>Ben</at> <at>Ben</at>", TO_BOT, OF_BEN, other)

    assert parse.command(activity, ANA, {"29:ben": BEN, "29:ben2": second}).text == f"invite <@{BEN_ID}> <@second>"


def test_whoever_is_unknown_stays_a_name_that_the_core_can_speak_of() -> None:
    activity = said("<at>Circlet</at> invite <at>Ben</at> and <at>Nobody</at>", TO_BOT, OF_BEN)

    assert parse.command(activity, ANA).text == "invite @Ben and @Nobody"


def test_a_command_that_is_too_long_stays_too_long_for_the_core() -> None:
    assert len(parse.command(PERSONAL | {"text": "goal " + "x" * 9000}, ANA).text) == 4001


# ── buttons and forms ────────────────────────────────────────────────────────────────────────────────────────────────

FIELDS = Form(
    action("checkin", 17, 3),
    "Week 3",
    (
        TextInput("step", "Step", "Called Ida", long=True),
        Choice("met", "Met?", (Option("yes", "Yes"),), "yes"),
        MultiChoice("days", "Days", (Option("a,b", "One"), Option("50%", "Two"), Option("c", "Three")), ("a,b", "50%")),
        Scale("rating", "How?", 1, 5, value=4),
        PeopleInput("people", "Who?", (ANA_ID, BEN_ID), most=3),
        DateInput("day", "Day", "2026-12-07"),
        TimeInput("time", "At", "10:00"),
        YesNo("share", "Share", True),
    ),
    "Send",
)
HELD = {
    "step": "Called Ida",
    "met": "yes",
    "days": ("a,b", "50%"),
    "rating": "4",
    "people": (ANA_ID, BEN_ID),
    "day": "2026-12-07",
    "time": "10:00",
    "share": "yes",
}


def filled(card: Mapping[str, Any]) -> JSON:
    """What a client sends of a form that nobody has touched."""
    inputs = {one["id"]: one.get("value", "") for one in card["body"] if one["type"].startswith("Input.")}
    return {**inputs, **card["actions"][0]["data"]}


def test_what_is_drawn_in_place_is_what_is_sent() -> None:
    sent = execute(filled(form_card(FIELDS)))

    assert parse.is_submission(sent)
    assert not parse.fetches(sent)
    assert parse.mentioned_ids(sent) == (ANA_ID, BEN_ID)
    assert parse.typed_values(sent) == HELD
    read = parse.submission(sent, ANA, {ANA_ID: ANA, BEN_ID: BEN})
    assert read == Submission(ANA, Place(THREAD, "group", "1700000000777"), "checkin:17:3", HELD, (ANA, BEN))


def test_what_is_drawn_in_a_dialog_is_what_is_sent() -> None:
    shown = dialog(FIELDS, place=Place("a:ana", "direct", "7"))["card"]["content"]
    sent = task("submit", filled(shown))

    assert parse.is_submission(sent)
    assert parse.submission(sent, ANA) == Submission(ANA, Place("a:ana", "direct", "7"), "checkin:17:3", HELD)


def test_an_old_button_sends_a_message_with_a_value() -> None:
    sent = PERSONAL | {"text": None, "value": filled(form_card(FIELDS)), "replyToId": "7"}

    assert parse.is_action(sent)
    assert parse.submission(sent, ANA).values == HELD


def test_a_button_is_pressed_and_one_that_opens_a_form_fetches_it() -> None:
    (card,) = [one["attachments"][0]["content"] for one in activities(Message((Text((Plain("Hi"),)), *BUTTONS)))]
    agenda, goal = card["body"][1]["actions"]

    assert parse.press(execute(agenda["data"]), ANA) == Press(
        ANA, Place(THREAD, "group", "1700000000777"), "agenda:17:3"
    )
    asked = task("fetch", goal["data"], replyToId="9")
    assert parse.fetches(asked)
    assert not parse.is_submission(asked)
    assert parse.press(asked, ANA) == Press(ANA, Place("a:ana", "direct", "9"), "goal:17")


BUTTONS = (Button("Agenda", action("agenda", 17, 3)), Button("My goal", action("goal", 17)))


def test_nothing_that_is_typed_can_overrule_the_token() -> None:
    sent = execute({"t": "goal:1", "s": 1, "f.t": "leave:1", "f.text": "x", "f2.text": "y", "other": "z"})

    assert parse.submission(sent, ANA).token == "goal:1"
    assert parse.submission(sent, ANA).values == {"t": "leave:1", "text": "y"}


def test_what_was_left_open_is_empty_and_what_is_not_text_is_read_as_such() -> None:
    sent = execute({"t": "x", "s": 1, "f.a": None, "f.b": 4, "p.c": "", "m.d": "", "f.e": "x\x00y"})

    assert parse.submission(sent, ANA).values == {"a": "", "b": "4", "c": (), "d": (), "e": "xy"}


@pytest.mark.parametrize(
    "broken",
    [
        execute({}),
        execute({"t": 7}),
        execute({"t": ""}),
        execute({"t": "a\nb"}),
        execute({"t": "x", "s": 1, "f.a": {"deep": 1}}),
        execute({"t": "x", "s": 1} | {f"f.{n}": "" for n in range(80)}),
        CHANNEL | {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": "x"}},
        CHANNEL | {"type": "invoke", "name": "task/submit", "value": []},
    ],
)
def test_an_action_without_its_parts_is_none(broken: JSON) -> None:
    with pytest.raises(BadPayload):
        parse.submission(broken, ANA)


@pytest.mark.parametrize("broken", [{"conversation": None}, {"conversation": {"id": "x" * 900}}, {"text": ["a"]}])
def test_words_without_their_parts_are_none(broken: JSON) -> None:
    with pytest.raises(BadPayload):
        parse.command(PERSONAL | broken, ANA)


def test_a_problem_never_repeats_what_was_sent() -> None:
    with pytest.raises(BadPayload) as found:
        parse.press(execute({"t": "secret\nwords"}), ANA)
    assert "secret" not in str(found.value)


# ── anything at all ──────────────────────────────────────────────────────────────────────────────────────────────────

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
PARTS = ["type", "name", "text", "value", "from", "recipient", "conversation", "entities", "replyToId", "locale"]
WHOLE = (PERSONAL, CHANNEL, execute({"t": "x", "s": 1}), task("submit", {"t": "x"}))


@given(st.dictionaries(st.sampled_from(PARTS), anything, max_size=6), st.sampled_from(WHOLE))
def test_garbage_is_refused_and_nothing_worse(broken: JSON, whole: JSON) -> None:
    activity = whole | broken
    parse.is_action(activity)
    parse.is_submission(activity)
    for read in (
        lambda: parse.actor(activity, 1),
        lambda: parse.command(activity, ANA),
        lambda: parse.press(activity, ANA),
        lambda: parse.submission(activity, ANA),
        lambda: parse.mentioned_ids(activity),
    ):
        with suppress(BadPayload):
            read()


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_names_only_those_who_are_known(text: str) -> None:
    command = parse.command(said(f"<at>Circlet</at> {text}", TO_BOT, OF_BEN), ANA, {"29:ben": BEN})

    assert len(command.mentioned) <= 1
    assert "\x00" not in command.text
