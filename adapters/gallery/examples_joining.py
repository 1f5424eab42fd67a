"""The examples of a circle that lives on two platforms, as ``examples.py`` has them of everything else.

They are said in its first workspace, where those of the other are named and not mentioned.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from adapters.gallery.cast import ANA, BEN, CIRCLE, DEV, GOAL, NOW, PEOPLE, T
from bot.forms import Form
from bot.founding import words as founding
from bot.groups import words as groups
from bot.groups.rules import Member
from bot.home import words as home
from bot.joining import words as joining
from bot.messages import Message
from bot.spoken import said_in

GUEST = replace(BEN, workspace=2, name=f"{BEN.name} (Teams)")
ASKING = replace(DEV, workspace=2, name="Dev (Teams)")
SPREAD = replace(
    CIRCLE,
    members=(
        CIRCLE.members[0],
        Member(BEN.id, "participant", "in", elsewhere=2),
        CIRCLE.members[2],
        Member(DEV.id, "participant", "asking", elsewhere=2),
    ),
    elsewhere=((2, "teams-7"),),
)
WHO = {**PEOPLE, BEN.id: GUEST, DEV.id: ASKING}

JOINING: dict[str, Message | Form] = {
    "joining.asked": joining.asked(T),
    "joining.asks": said_in(joining.asks(T, SPREAD, ASKING), 1, T.language),
    "joining.let_in": said_in(joining.let_in(T, SPREAD, ASKING), 1, T.language),
    "joining.not_now": said_in(joining.not_now(T, SPREAD, ASKING), 1, T.language),
    "joining.refused": joining.refused(T),
    "groups.roster: on two platforms": said_in(
        groups.roster(T, SPREAD, WHO, {ANA.id: GOAL}, ANA.id, NOW, ("Teams",)), 1, T.language
    ),
    "groups.facilitator_form: on two platforms": groups.facilitator_form(
        T, SPREAD, (), date(2026, 12, 18), (ANA, GUEST)
    ),
    "founding.invite_form: on two platforms": founding.invite_form(T, SPREAD, (), ("Teams",)),
    "home.homeless: the home on another platform": home.homeless(T, SPREAD, "deleted", 2),
}
