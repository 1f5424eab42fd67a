"""Taking a training or a preparation alone. What somebody reads, answers and writes is seen by them alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hmac import compare_digest

from bot.errors import Invalid, Refused
from bot.forms import Form
from bot.groups.posts import recipient
from bot.groups.rules import Group
from bot.guides.further import articles
from bot.guides.rules import Guide, Guides, Session
from bot.i18n import Translator
from bot.messages import Message, Replace, Reply, Say
from bot.outbox import store as outbox
from bot.outbox.rules import Due, Row, key
from bot.people.rules import Person, Request
from bot.schedule.rules import wall
from bot.training import lessons, store, words
from bot.training.rules import (
    LONGEST_REFLECTION,
    Certificate,
    Course,
    left,
    mark_of,
    may_be_taken_alone,
    read_number,
    unanswered,
)
from bot.training.words import Taken
from bot.unit import Unit

# ── which one ────────────────────────────────────────────────────────────────────────────────────────────────────────


def train(unit: Unit, request: Request, now: datetime) -> Reply:
    """What there is to learn or, named, one of them; a message of its own, in which all the rest happens."""
    del now
    there = _offered(unit.guides, request.t)
    if not there:
        raise Refused(request.t("This installation has no training."))
    if request.has("guide"):
        return Say(words.overview(request.t, _taken(unit, request.person, _guide(unit, request))))
    if len(there) == 1:
        return Say(words.overview(request.t, _taken(unit, request.person, there[0])))
    return Say(words.all_of(request.t, [_taken(unit, request.person, guide) for guide in there]))


def course(unit: Unit, request: Request, now: datetime) -> Reply:
    """Back to the overview, in the same message."""
    del now
    return Replace(words.overview(request.t, _taken(unit, request.person, _guide(unit, request))))


def _offered(guides: Guides, t: Translator) -> tuple[Guide, ...]:
    """Everything that can be taken alone, in somebody's language: trainings before preparations."""
    every = (_in_language(guides, name, t) for name in guides.ids)
    return tuple(sorted((one for one in every if may_be_taken_alone(one)), key=lambda one: (not one.training, one.id)))


def _in_language(guides: Guides, name: str, t: Translator) -> Guide:
    return guides.get(name, t.language)


def _guide(unit: Unit, request: Request) -> Guide:
    there = {guide.id: guide for guide in _offered(unit.guides, request.t)}
    named = request.text("guide").lower()
    if named not in there:
        said = request.t("There is no training “{name}”. There is: {known}.")
        raise Refused(said.format(name=request.text("guide")[:60], known=request.t.list(list(there))))
    return there[named]


def _session(unit: Unit, request: Request) -> tuple[Guide, Session]:
    guide, number = _guide(unit, request), request.number("session")
    if number is None or not guide.first <= number <= guide.last:
        raise Refused(
            request.t("This training has the sessions {first} to {last}.").format(first=guide.first, last=guide.last)
        )
    return guide, guide.session(number)


def _taken(unit: Unit, person: Person, guide: Guide) -> Taken:
    done = store.course(unit.connection, person, guide.id)
    certificate = store.certificates_of(unit.connection, person).get(guide.id)
    return Taken(guide, done, certificate, unit.cipher is not None)


# ── a session ────────────────────────────────────────────────────────────────────────────────────────────────────────


def lesson(unit: Unit, request: Request, now: datetime) -> Reply:
    """Open a session: it counts as read. Any, in any order, as often as one likes."""
    guide, session = _session(unit, request)
    if request.text("part") == "exercise" and session.exercise:
        return Replace(lessons.exercise(request.t, guide, session))
    before = store.course(unit.connection, request.person, guide.id)
    store.keep_read(unit.connection, request.person, guide.id, session.number, now)
    return Replace(_page(unit, request, guide, session, _news(unit, request, guide, before, now)))


def did(unit: Unit, request: Request, now: datetime) -> Reply:
    """Tick a task, or take the tick back. Twice is once; a certificate that was given stays."""
    guide, session = _session(unit, request)
    before = store.course(unit.connection, request.person, guide.id)
    done = request.text("done") != "no"
    if done != (session.number in before.done):
        store.keep_read(unit.connection, request.person, guide.id, session.number, now)
        store.keep_done(unit.connection, request.person, guide.id, session.number, now if done else None)
    return Replace(_page(unit, request, guide, session, _news(unit, request, guide, before, now)))


def _page(unit: Unit, request: Request, guide: Guide, session: Session, news: str = "") -> Message:
    sealed = store.reflection(unit.connection, request.person, guide.id, session.number)
    wrote = unit.cipher.open(sealed) if sealed and unit.cipher is not None else ""
    offered = articles(unit.guides.library, request.t.language, session.articles)
    return lessons.lesson(request.t, _taken(unit, request.person, guide), session, wrote, offered, news)


# ── the quiz ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def quiz_form(unit: Unit, request: Request, now: datetime) -> Form:
    del now
    guide, session = _session(unit, request)
    done = store.course(unit.connection, request.person, guide.id)
    if not unanswered(guide, done, session.number):
        raise Refused(request.t("All questions of this session are answered right."))
    return lessons.quiz_form(request.t, guide, done, session)


def quiz(unit: Unit, request: Request, now: datetime) -> Reply:
    """Keep which answers were right, and explain each of them."""
    t = request.t
    guide, session = _session(unit, request)
    before = store.course(unit.connection, request.person, guide.id)
    given: dict[int, str] = {}
    right: dict[str, bool] = {}
    problems: dict[str, str] = {}
    for n, question in unanswered(guide, before, session.number):
        answer = dict(question.choices).get(request.text(f"q{n}"))
        if answer is None:
            problems[f"q{n}"] = t("Choose one of the answers.")
        else:
            given[n], right[question.name] = answer, answer == question.right
    if problems:
        raise Invalid(problems)
    store.keep_read(unit.connection, request.person, guide.id, session.number, now)
    store.keep_answers(unit.connection, request.person, guide.id, session.number, right, now)
    news = _news(unit, request, guide, before, now)
    if not given:
        # Sent a second time, from a form that was open: everything is right already.
        return Replace(_page(unit, request, guide, session, news))
    return Replace(lessons.explained(t, _taken(unit, request.person, guide), session, given, news))


# ── the reflection ───────────────────────────────────────────────────────────────────────────────────────────────────


def reflect_form(unit: Unit, request: Request, now: datetime) -> Form:
    del now
    guide, session = _session(unit, request)
    sealed = store.reflection(unit.connection, request.person, guide.id, session.number)
    if unit.cipher is None or not session.reflection:
        raise Refused(_nowhere_to_keep(request.t))
    return lessons.reflection_form(request.t, guide, session, unit.cipher.open(sealed) if sealed else "")


def reflect(unit: Unit, request: Request, now: datetime) -> Reply:
    """Keep what somebody thinks, for them alone; an empty text takes it back."""
    guide, session = _session(unit, request)
    text = request.text("text")
    if unit.cipher is None or not session.reflection:
        raise Refused(_nowhere_to_keep(request.t))
    if len(text) > LONGEST_REFLECTION:
        said = request.t("At most {n} characters; this has {count}.")
        raise Invalid({"text": said.format(n=LONGEST_REFLECTION, count=len(text))})
    store.keep_read(unit.connection, request.person, guide.id, session.number, now)
    sealed = unit.cipher.seal(text) if text else None
    store.keep_reflection(unit.connection, request.person, guide.id, session.number, sealed)
    return Replace(_page(unit, request, guide, session))


def _nowhere_to_keep(t: Translator) -> str:
    return t("I cannot keep this so that only you can read it, so I do not ask for it.")


# ── the certificate ──────────────────────────────────────────────────────────────────────────────────────────────────


def _news(unit: Unit, request: Request, guide: Guide, before: Course, now: datetime) -> str:
    """What to say where the training has just become complete; the certificate is on its way then, once."""
    after = store.course(unit.connection, request.person, guide.id)
    if not left(guide, after).nothing or left(guide, before).nothing:
        return ""
    if guide.training:
        made = _award(unit, request.person, guide, now)
        due = Due(key("certificate", made.id), made.workspace, now, person=made.person)
        outbox.queue(unit.connection, [due], now)
    return words.completed(request.t, _taken(unit, request.person, guide))


def _award(unit: Unit, person: Person, guide: Guide, now: datetime) -> Certificate:
    made = Certificate(
        id=0,
        workspace=person.workspace,
        person=person.id,
        guide=guide.id,
        version=guide.version,
        language=guide.language,
        title=guide.title,
        learned=tuple(session.title for session in guide.sessions),
        name=person.name,
        issued=wall(now, person.zone).date(),
    )
    return _numbered(unit, store.award(unit.connection, made))


def _numbered(unit: Unit, one: Certificate) -> Certificate:
    """With its number, as soon as there is a key to make it with."""
    if one.mark or unit.cipher is None:
        return one
    mark = mark_of(unit.cipher.sign(one.sworn))
    store.mark(unit.connection, one, mark)
    return replace(one, mark=mark)


def certificate(unit: Unit, request: Request, now: datetime) -> Reply:
    """One's own certificate once more."""
    del now
    found = store.certificates_of(unit.connection, request.person).get(request.text("guide"))
    if found is None:
        raise Refused(request.t("You have not completed this training yet."))
    found = _numbered(unit, found)
    return Say(words.certificate(request.t, found, _address(unit, found)))


def post_certificate(unit: Unit, row: Row, person: Person, now: datetime) -> Message | None:
    del now
    own = store.certificates_of(unit.connection, person).values()
    found = next((one for one in own if str(one.id) == row.args[0]), None)
    if found is None:
        return None
    found = _numbered(unit, found)
    return words.certificate(person.t, found, _address(unit, found))


def _address(unit: Unit, one: Certificate) -> str:
    return f"{unit.public_url}/certificates/{one.number}" if unit.public_url and one.number else ""


def genuine(unit: Unit, number: str) -> Certificate | None:
    """The certificate with this number; None where it is wrong in a single letter, where the database says something
    else than on the day on which it was given, or where the key with which it was made is gone."""
    read = read_number(number)
    found = store.certificate(unit.connection, read[0]) if read is not None else None
    if read is None or found is None or unit.cipher is None:
        return None
    # Compared in one go, so that the time it takes tells nothing of how much of it was right.
    sworn = [compare_digest(mark_of(one), read[1]) for one in unit.cipher.signatures(found.sworn)]
    return found if compare_digest(found.mark, read[1]) and any(sworn) else None


# ── preparations ─────────────────────────────────────────────────────────────────────────────────────────────────────


def preparation_for(guides: Guides, guide: str, role: str, language: str) -> Guide | None:
    """What somebody in this role of a guide prepares with alone, if there is such a thing."""
    name = guides.preparation(guide, role)
    return guides.get(name, language) if name is not None else None


def post_getready(unit: Unit, row: Row, group: Group, now: datetime) -> Message | None:
    """Before the first meeting, to who has not gone through it already."""
    del now
    person = recipient(unit, row, group)
    role = group.role(person.id)
    guide = preparation_for(unit.guides, group.guide, role or "", person.language)
    if guide is None or role is None or not group.is_in(person.id):
        return None
    taken = _taken(unit, person, guide)
    return None if taken.is_complete and row.receipt is None else words.offer(person.t, group, taken, role)
