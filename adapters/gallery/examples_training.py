"""The examples of trainings, certificates, preparations and circle mentors, as ``examples.py`` has them of the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from adapters.gallery.cast import ANA, BEN, CHLOE, CIRCLE, CIRCLE_GUIDE, MEETING, PAIR, PEOPLE, WEEK_1, T
from bot.checkins import facilitating
from bot.forms import Form
from bot.groups import words as groups
from bot.guides.library import Article
from bot.guides.rules import Question
from bot.home import words as home
from bot.library import words as library
from bot.markup import fill, literal
from bot.meetings import words as meetings
from bot.messages import List, Message, Text
from bot.supporting import words as supporting
from bot.supporting.rules import Standing
from bot.training import lessons
from bot.training import words as training
from bot.training.rules import Certificate, Course
from bot.training.words import Taken

LESSON = replace(
    WEEK_1,
    reading=(Text(fill("You are _there_ to ask. <!channel> is not a mention.")), Text(literal("That is most of it."))),
    task=(Text(literal("Call one facilitator for a quarter of an hour.")),),
    reflection="What did you nearly say?",
)
SECOND = replace(LESSON, number=2, title="Watch a meeting", exercise=())
QUIZ = (
    Question(
        1, "When is a call over?", "When the next step is clear", "Then the circle moves.", ("Never", "At noon"), "over"
    ),
    Question(
        1,
        "Who *decides*?",
        "The circle",
        "They live with it.",
        ("You", "A very long answer, " + "so long " * 12),
        "decides",
    ),
)
TRAINING = replace(
    CIRCLE_GUIDE, id="circle-mentor", title="Circle mentor", training=True, sessions=(LESSON, SECOND), quiz=QUIZ
)
BEGUN = Taken(TRAINING, Course(frozenset({1}), frozenset({1}), frozenset(), {(1, "over"): True, (1, "decides"): False}))
DONE = Certificate(
    17,
    1,
    ANA.id,
    "circle-mentor",
    1,
    "en",
    "Circle mentor",
    ("A goal for these weeks", "Watch a meeting"),
    "Ana *bold* <!channel>",
    date(2026, 12, 9),
    "K7QW2ABCK7QW2ABC",
)
COMPLETE = Taken(
    TRAINING, Course(frozenset({1, 2}), frozenset({1, 2}), frozenset(), {(1, "over"): True, (1, "decides"): True}), DONE
)
SOLO = replace(TRAINING, id="mentor-preparation", title="Preparation for mentors", kind="solo", training=False, quiz=())
ARTICLE = Article(
    "somebody-is-silent",
    "en",
    "Somebody is silent",
    ("silence",),
    ("facilitator", "participant"),
    "CC BY 4.0",
    literal("A silent person is rarely an absent one."),
    (Text(fill("Ask **once**, then wait.")), List((literal("Ten seconds are long."), literal("Longer is fine.")))),
)
OTHER = replace(ARTICLE, slug="somebody-dominates", title="Somebody dominates")
STANDING = Standing(CIRCLE, 1, 12, MEETING, 3, 2, 1, 1, "Ana")
PAGE = "https://circlet.example.org/certificates/17-K7QW-2ABC-K7QW-2ABC"

TRAININGS: dict[str, Message | Form] = {
    "training.all_of": training.all_of(T, [BEGUN, Taken(SOLO, Course()), COMPLETE]),
    "training.overview": training.overview(T, Taken(TRAINING, Course())),
    "training.overview: begun": training.overview(T, BEGUN),
    "training.overview: complete": training.overview(T, COMPLETE),
    "training.lesson": lessons.lesson(T, BEGUN, LESSON, "I _nearly_ gave advice.", (ARTICLE,)),
    "training.lesson: the last step": lessons.lesson(T, COMPLETE, SECOND, "", (), training.completed(T, COMPLETE)),
    "training.lesson: without a key": lessons.lesson(T, replace(BEGUN, sealed=False), SECOND, "", ()),
    "training.exercise": lessons.exercise(T, TRAINING, LESSON),
    "training.quiz_form": lessons.quiz_form(T, TRAINING, Course(), LESSON),
    "training.explained": lessons.explained(
        T, BEGUN, LESSON, {1: "When the next step is clear", 2: QUIZ[1].choices[0][1]}
    ),
    "training.reflection_form": lessons.reflection_form(T, TRAINING, LESSON, "I _nearly_ gave advice."),
    "training.certificate": training.certificate(T, DONE, PAGE),
    "training.certificate: no page": training.certificate(T, DONE, ""),
    "training.certificate: no key": training.certificate(T, replace(DONE, mark=""), ""),
    "training.offer": training.offer(T, PAIR, Taken(SOLO, Course()), "mentor"),
    "training.offer: to the mentee": training.offer(T, PAIR, Taken(SOLO, Course()), "mentee"),
    "supporting.mentor_form": supporting.mentor_form(T, CIRCLE, ()),
    "supporting.mentor_form: which group": supporting.mentor_form(
        T, None, (groups.group_choice(T, ((7, CIRCLE.name), (8, PAIR.name))),)
    ),
    "supporting.mentors": supporting.mentors(T, CIRCLE, [(BEN, "supports"), (CHLOE, "asked")], more=True),
    "supporting.mentors: nobody": supporting.mentors(T, CIRCLE, (), more=True),
    "supporting.asked": supporting.asked(T, CIRCLE, BEN),
    "supporting.ended": supporting.ended(T, CIRCLE, BEN),
    "supporting.request": supporting.request(T, CIRCLE, ANA),
    "supporting.agreed": supporting.agreed(T, CIRCLE),
    "supporting.declined": supporting.declined(T, CIRCLE),
    "supporting.stopped": supporting.stopped(T, CIRCLE),
    "supporting.supported": supporting.supported(T, (STANDING, replace(STANDING, session=None)), (ARTICLE,), ANA.zone),
    "supporting.supported: none": supporting.supported(T, (), (ARTICLE,), ANA.zone),
    "supporting.hint": supporting.hint(T, CIRCLE, 1, 2, ANA, (ARTICLE,)),
    "supporting.hint: nobody leads": supporting.hint(T, CIRCLE, 1, 1, None, ()),
    "supporting.backed": supporting.backed(T, BEN, ends=False),
    "supporting.backed: no longer": supporting.backed(T, BEN, ends=True),
    "supporting.cannot": supporting.cannot(T, CIRCLE, BEN),
    "supporting.let_go": supporting.let_go(T, CIRCLE),
    "library.topics": library.topics(T, [("facilitator", (ARTICLE, OTHER)), ("participant", (ARTICLE,))], 2),
    "library.found": library.found(T, "*silent* <!channel>", (ARTICLE, OTHER), 3),
    "library.nothing_found": library.nothing_found(T, "*xylophone*"),
    "library.article": library.article(T, ARTICLE, (OTHER,)),
    "library.search_form": library.search_form(T),
    "home.home: with what they support and can learn": home.home(
        T, ANA, (), (STANDING,), home.to_learn(T, library=True, training=True)
    ),
    "meetings.agenda: with what helps": meetings.agenda(
        T, CIRCLE, TRAINING, LESSON, MEETING, short=False, lead=True, offered=(ARTICLE,)
    ),
    "meetings.preview: with what helps": meetings.preview(
        T, CIRCLE, CIRCLE_GUIDE, WEEK_1, MEETING, may_post=False, offered=(ARTICLE, OTHER)
    ),
    "checkins.hint: with articles": facilitating.hint(
        T, CIRCLE, WEEK_1, [BEN.id, CHLOE.id], (), PEOPLE, (ARTICLE, OTHER)
    ),
}
