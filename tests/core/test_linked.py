"""Workspaces of one organisation: what crosses between them, on whose word, and that it ends with that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from adapters.cli import main
from bot.groups import members
from bot.groups import store as groups
from bot.groups.rules import Group, Member
from bot.guides.rules import Guides
from bot.messages import Direct, Home, Receipt
from bot.outbox import elsewhere
from bot.outbox import store as outbox
from bot.outbox.rules import Due, key
from bot.people import store as people
from bot.people.rules import Workspace, labels
from bot.storage import Store
from tests.core.office import NOW, SECOND, Office
from tests.core.office import office as make_office

OWN = True


@pytest.fixture
def there(office: Office, guides: Guides) -> Office:
    return make_office(office.store, guides, "branch", staff=("dan", "eva"))


def link(one: Office, *others: Office) -> None:
    for other in others:
        with one.store.begin() as connection:
            known = {found.id: found for found in people.all_workspaces(connection)}
            people.link(connection, known[one.workspace], known[other.workspace])


def spread(here: Office, there: Office) -> Group:
    """A circle of here, with one from there in it."""
    link(here, there)
    group = here.circle()
    guest = Member(there.staff[0].id, "participant", "in", elsewhere=there.workspace)
    with here.store.begin() as connection:
        members.keep(connection, here.workspace, group.id, guest, NOW)
        return groups.load(connection, here.workspace, group.id)


def part(one: Office, *others: Office) -> int:
    with one.store.begin() as connection:
        known = {found.id: found for found in people.all_workspaces(connection)}
        left = members.part(connection, one.workspace, [other.workspace for other in others])
        people.unlink(connection, known[one.workspace])
        return left


def test_what_is_linked_is_found_and_what_is_not_is_not_there(office: Office, there: Office, guides: Guides) -> None:
    apart = make_office(office.store, guides, "apart", staff=("spy",))
    group = spread(office, there)

    with office.store.begin() as connection:
        assert people.one(connection, there.workspace, office.staff[0].id).name == "Ana"
        assert groups.load(connection, there.workspace, group.id).id == group.id
        for missing in (group.id, 999_999):
            with pytest.raises(KeyError):
                groups.load(connection, apart.workspace, missing)
        assert people.by_id(connection, apart.workspace, [office.staff[0].id, 999_999]) == {}
        assert people.find(connection, there.workspace, "ana") is None, "a platform's id means somebody in one place"


def test_links_join_organisations_and_end_for_one_alone(office: Office, there: Office, guides: Guides) -> None:
    third, fourth = (make_office(office.store, guides, name) for name in ("third", "fourth"))
    link(third, fourth)
    link(office, there, third)

    with office.store.begin() as connection:
        found = [one.id for one in people.linked_with(connection, fourth.workspace)]
    assert found == sorted([office.workspace, there.workspace, third.workspace])
    part(third)
    with office.store.begin() as connection:
        assert people.linked_with(connection, third.workspace) == ()
        assert len(people.linked_with(connection, fourth.workspace)) == 2


def test_what_a_group_says_is_said_in_each_of_its_homes(office: Office, there: Office) -> None:
    group = spread(office, there)
    office.queue(group, 1)
    wanted = office.key(group, 1)

    (here,) = office.claim(office.lane())
    (further,) = there.claim(there.lane())

    assert (here.key, further.key) == (wanted, f"{wanted}:@{there.workspace}")
    assert here.address == Home(group.id, "home", "Tuesday", "circle", ("ana", "ben", "chloe"))
    assert further.address == Home(group.id, None, "Tuesday", "circle", ("dan",))
    assert further.workspace == there.workspace
    assert there.bot.sent(further, Receipt("their home", "1"), NOW + SECOND)
    with office.store.begin() as connection:
        found = groups.at_home(connection, there.workspace, "their home")
        assert found is not None
        assert found.homes == ((office.workspace, "home"), (there.workspace, "their home"))


def test_words_that_change_are_changed_in_each_home_and_sent_again_in_each(office: Office, there: Office) -> None:
    group = spread(office, there)
    office.queue(group, 1)
    wanted = office.key(group, 1)
    for place in (office, there):
        for post in place.claim(place.lane()):
            place.bot.sent(post, Receipt(f"home {place.workspace}", "1"), NOW + SECOND)

    with office.store.begin() as connection:
        outbox.refresh(connection, office.workspace, wanted, NOW + SECOND)

    for place in (office, there):
        (edit,) = place.claim(place.lane(now=NOW + 2 * SECOND), NOW + 2 * SECOND)
        assert edit.edits == Receipt(f"home {place.workspace}", "1")
        place.bot.sent(edit, edit.edits, NOW + 2 * SECOND)
    with office.store.begin() as connection:
        outbox.again(connection, office.workspace, wanted, NOW + 3 * SECOND, None)
    for place in (office, there):
        assert len(place.claim(place.lane(now=NOW + 4 * SECOND), NOW + 4 * SECOND)) == 1


def test_what_is_said_to_somebody_is_said_where_they_are(office: Office, there: Office) -> None:
    group = spread(office, there)
    dan = there.staff[0]
    news = key("looks-after", group.id, dan.id, 1)
    office.keep([Due(news, office.workspace, NOW, group=group.id, person=dan.id)])

    assert office.claim(office.lane()) == ()
    (post,) = there.claim(there.lane())
    assert (post.key, post.address) == (news, Direct("dan"))
    with office.store.begin() as connection:
        assert news in outbox.find(connection, office.workspace, [news]), "the group still knows what it said"


def test_nobody_is_reached_in_a_workspace_in_which_the_group_has_no_home(office: Office, there: Office) -> None:
    link(office, there)
    group, dan = office.circle(), there.staff[0]
    office.keep([Due(f"looks-after:{group.id}:{dan.id}:1", office.workspace, NOW, group=group.id, person=dan.id)])

    assert office.claim(office.lane()) == ()
    assert there.claim(there.lane()) == ()


def test_a_home_in_which_nobody_is_left_hears_nothing(office: Office, there: Office) -> None:
    group = spread(office, there)
    with office.store.begin() as connection:
        gone = Member(there.staff[0].id, "participant", "left")
        members.keep(connection, office.workspace, group.id, gone, NOW)
    office.queue(group, 1)

    assert len(office.claim(office.lane())) == 1
    assert there.claim(there.lane()) == ()
    assert not there.has_work()


def test_apart_again_nobody_is_left_across_and_what_was_planned_is_not_said(office: Office, there: Office) -> None:
    group = spread(office, there)
    with office.store.begin() as connection:
        groups.keep_facilitator(connection, group, there.staff[0].id)
    office.queue(group, 1)

    assert part(there, office) == 1

    with office.store.begin() as connection:
        after = groups.load(connection, office.workspace, group.id)
        assert groups.of_person(connection, there.workspace, there.staff[0].id) == ()
        assert elsewhere.homes_of(connection, [group.id]) == {}
    assert [member.person for member in after.members] == [person.id for person in office.staff]
    assert after.facilitator is None
    assert there.claim(there.lane()) == ()
    assert len(office.claim(office.lane())) == 1


def test_workspaces_on_one_platform_are_told_apart_by_their_names() -> None:
    slack = Workspace(1, "slack", "T1", "Acme")
    second, teams = replace(slack, id=2, name="Acme Labs"), Workspace(3, "teams", "5f", "Acme")

    assert labels([slack, teams]) == {1: "Slack", 3: "Teams"}
    assert labels([slack, second, teams]) == {1: "Acme, Slack", 2: "Acme Labs, Slack", 3: "Teams"}


def test_whoever_runs_the_installation_links_and_unlinks(
    sqlite_store: Store, guides: Guides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_store.engine.url.render_as_string(hide_password=False))

    def circlet(*words: str) -> str:
        done = CliRunner().invoke(main, ["workspaces", *words])
        return done.output if done.exit_code == 0 else f"{done.exit_code}: {done.output}"

    assert "There is none yet" in circlet()
    here, there = make_office(sqlite_store, guides, "one"), make_office(sqlite_store, guides, "two")
    assert circlet() == "web:one  One\nweb:two  Two\n"
    assert "There is no workspace web:three. There is: web:one, web:two" in circlet("link", "web:one", "web:three")
    assert "cannot be linked with itself" in circlet("link", "web:one", "web:one")
    assert "are linked" in circlet("link", "web:one", "web:two")
    assert circlet() == "web:one  One  linked with web:two\nweb:two  Two  linked with web:one\n"
    spread(here, there)
    assert circlet("unlink", "web:two").endswith("who are not in their groups across it any more: 1\n")
    assert circlet() == "web:one  One\nweb:two  Two\n"
