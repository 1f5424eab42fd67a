"""What is said in a session of a training: its text, task, quiz and reflection. Values in, messages and forms out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.actions import action
from bot.forms import Choice, Form, Option, TextInput
from bot.guides.further import read_buttons
from bot.guides.library import Article
from bot.guides.rules import Guide, Question, Session
from bot.i18n import Translator
from bot.markup import fill, literal
from bot.messages import Ask, Block, Button, Divider, Heading, Message, Text
from bot.training.rules import LONGEST_REFLECTION, Course, is_through, questions, unanswered
from bot.training.words import Taken, to_certificate

# ── a session ────────────────────────────────────────────────────────────────────────────────────────────────────────


def lesson(
    t: Translator, one: Taken, session: Session, wrote: str, offered: Iterable[Article], news: str = ""
) -> Message:
    """A session of a training. ``wrote``: their reflection. ``news``: what has just come true, said first."""
    guide, course = one.guide, one.course
    blocks: list[Block] = [Text(fill("**{news}**", news=literal(news)))] if news else []
    blocks += [
        Heading(literal(_title(t, session))),
        Text(session.purpose),
        *session.reading,
        *_task(t, one, session),
        *_quiz(t, one, session),
        *_reflection(t, one, session, wrote),
        Divider(),
    ]
    if session.exercise:
        blocks.append(Button(t("The exercise, for a group"), action("lesson", guide.id, session.number, "exercise")))
    blocks += read_buttons(t, offered)
    blocks += to_certificate(t, one)
    blocks += _neighbours(t, guide, session, through=is_through(guide, course, session))
    return Message(tuple(blocks))


def exercise(t: Translator, guide: Guide, session: Session) -> Message:
    """What a group does in the meeting of this session; alone it takes one other person."""
    alone = t("Alone? Ask one colleague for twenty minutes, and do the part that two can do.")
    return Message(
        (
            Heading(literal(_title(t, session))),
            Text(fill(t("**Exercise**"))),
            *session.exercise,
            Text(literal(alone), "quiet"),
            Button(t("Back to the session"), action("lesson", guide.id, session.number), "primary"),
        )
    )


def _title(t: Translator, session: Session) -> str:
    return t("Session {n}: {title}").format(n=session.number, title=session.title)


def _task(t: Translator, one: Taken, session: Session) -> tuple[Block, ...]:
    if not session.task:
        return ()
    done = session.number in one.course.done
    where = (one.guide.id, session.number)
    tick: tuple[Block, ...] = (Button(t("I have done it"), action("did", *where, "yes"), "primary"),)
    if done:
        tick = (Text(literal(t("You have done this.")), "quiet"), Button(t("Not yet"), action("did", *where, "no")))
    return (Divider(), Text(fill(t("**Your task**"))), *session.task, *tick)


def _quiz(t: Translator, one: Taken, session: Session) -> tuple[Block, ...]:
    asked = len(questions(one.guide, session.number))
    if not asked:
        return ()
    rest = unanswered(one.guide, one.course, session.number)
    if not rest:
        said = t.count("The question is answered right.", "All {n} questions are answered right.", asked)
        return (Divider(), Text(fill(t("**Quiz**"))), Text(literal(said.format(n=asked)), "quiet"))
    said = t.count(
        "{n} question. You see at once why an answer is right, and can try again.",
        "{n} questions. You see at once why an answer is right, and can try again.",
        len(rest),
    )
    ask = Ask(t("Answer"), quiz_form(t, one.guide, one.course, session))
    return (Divider(), Text(fill(t("**Quiz**"))), Text(literal(said.format(n=len(rest)))), ask)


def _reflection(t: Translator, one: Taken, session: Session, wrote: str) -> tuple[Block, ...]:
    if not session.reflection:
        return ()
    blocks: list[Block] = [Divider(), Text(fill(t("**To think about**"))), Text(literal(session.reflection))]
    if wrote:
        blocks.append(Text(literal(wrote), "quote"))
    if one.sealed:
        label = t("Change what I wrote") if wrote else t("Write it down, for me alone")
        blocks.append(Ask(label, reflection_form(t, one.guide, session, wrote)))
    return tuple(blocks)


def _neighbours(t: Translator, guide: Guide, session: Session, *, through: bool) -> list[Block]:
    buttons: list[Block] = []
    if session.number > guide.first:
        before = t("← Session {n}").format(n=session.number - 1)
        buttons.append(Button(before, action("lesson", guide.id, session.number - 1)))
    buttons.append(Button(t("Overview"), action("course", guide.id)))
    if session.number < guide.last:
        after = t("Session {n} →").format(n=session.number + 1)
        onwards = action("lesson", guide.id, session.number + 1)
        buttons.append(Button(after, onwards, "primary" if through else "plain"))
    return buttons


# ── the quiz ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def quiz_form(t: Translator, guide: Guide, course: Course, session: Session) -> Form:
    """A question each, as far as they are still to be answered."""
    return Form(
        action("quiz", guide.id, session.number),
        t("Quiz, session {n}").format(n=session.number),
        tuple(
            Choice(
                f"q{n}", question.question, tuple(Option(name, text) for name, text in question.choices), required=True
            )
            for n, question in unanswered(guide, course, session.number)
        ),
        t("See the answers"),
        literal(t("Nobody gets a mark, and nobody else sees this.")),
    )


def explained(t: Translator, one: Taken, session: Session, given: Mapping[int, str], news: str = "") -> Message:
    """After a quiz: each answer that was given, and why the right one is. ``given``: question -> the answer's words."""
    asked = questions(one.guide, session.number)
    right = sum(asked[n - 1].right == text for n, text in given.items())
    head = t("Quiz, session {n}: {right} of {all} right").format(n=session.number, right=right, all=len(given))
    blocks: list[Block] = [Text(fill("**{news}**", news=literal(news)))] if news else []
    blocks.append(Heading(literal(head)))
    for n, text in sorted(given.items()):
        blocks += _explained(t, asked[n - 1], text)
    rest = unanswered(one.guide, one.course, session.number)
    if rest:
        label = t.count("Try that one again", "Try those {n} again", len(rest)).format(n=len(rest))
        blocks.append(Ask(label, quiz_form(t, one.guide, one.course, session), "primary"))
    blocks.append(Button(t("Back to the session"), action("lesson", one.guide.id, session.number)))
    if not rest and session.number < one.guide.last:
        after = t("Session {n} →").format(n=session.number + 1)
        blocks.append(Button(after, action("lesson", one.guide.id, session.number + 1), "primary"))
    blocks += to_certificate(t, one)
    return Message(tuple(blocks))


def _explained(t: Translator, question: Question, given: str) -> tuple[Block, ...]:
    said = t("**Right:** {answer}") if given == question.right else t("**Not quite:** {answer}")
    return (
        Divider(),
        Text(fill("**{question}**", question=literal(question.question))),
        Text(fill(said, answer=literal(given))),
        Text(literal(question.why)),
    )


# ── the reflection ───────────────────────────────────────────────────────────────────────────────────────────────────


def reflection_form(t: Translator, guide: Guide, session: Session, wrote: str) -> Form:
    return Form(
        action("reflect", guide.id, session.number),
        t("To think about"),
        (
            TextInput(
                "text",
                session.reflection,
                wrote,
                hint=t("It is encrypted, and only shown to you. Empty it to take it back."),
                long=True,
                limit=LONGEST_REFLECTION,
            ),
        ),
        t("Keep it"),
    )
