"""What stands on each page of the site: values in, HTML out. Reads and writes nothing but its own templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any, assert_never

from babel import Locale
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.guides.library import Article
from bot.guides.links import LIBRARY, is_article
from bot.guides.rules import ENGLISH, Guide, Guides, Session
from bot.guides.words import cover, on_paper, rhythm, sections, session_name, size, to_study
from bot.i18n import Translator, language_name, languages, plain_language, translator
from bot.markup import Bold, Code, Italic, Link, Mention, Plain, Span, Spans, plain
from bot.messages import Block, List, Text

STYLE = "style.css"
_SIZES = (("", 5200), ("small", 5900))
"""How many letters fit a sheet in the usual size and in a small one, also of a wide font; more get the smallest."""

_LINE = 60
"""About how many letters are in a line of a column."""


@dataclass(frozen=True, slots=True)
class Page:
    """``path`` is below the site's folder, with slashes."""

    path: str
    html: str


@lru_cache(maxsize=1)
def _templates() -> Environment:
    loader = PackageLoader("adapters.site")
    return Environment(
        loader=loader, autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def pages(guides: Guides) -> Iterator[Page]:
    """Every page of the site, in every language that is written, and once more in each other way to address its
    readers."""
    written = _written(guides)
    yield _page("index.html", "languages.html", ENGLISH, written, names=tuple(map(_Tongue, written)))
    for language in written:
        yield from _Language(guides, language, written).pages()


def style() -> str:
    """The one style sheet, for the screen and for paper."""
    return _templates().get_template(STYLE).render()


def _written(guides: Guides) -> tuple[str, ...]:
    """Each language, and after it its other ways: "de", "de@formal", "en"."""
    found = {guide.language for guide in guides.all} | {article.language for article in guides.library.all}
    return tuple(sorted(one for one in found if plain_language(one) in guides.languages))


@dataclass(frozen=True, slots=True)
class _Tongue:
    """A language, or a way to address people in it, as pages name it: ``tag`` is what a browser understands."""

    language: str

    @property
    def tag(self) -> str:
        return plain_language(self.language)

    @property
    def folder(self) -> str:
        return self.language.replace("@", "-")

    @property
    def name(self) -> str:
        """Its own name for itself, also where the bot does not speak it."""
        if self.language != self.tag and self.language in languages():
            return language_name(self.language)
        name = (Locale.parse(self.tag, sep="-").get_display_name() or self.tag).capitalize()
        return name if self.language == self.tag else f"{name} ({self.language.removeprefix(f'{self.tag}@')})"

    @property
    def t(self) -> Translator:
        return translator(self.language if self.language in languages() else self.tag)


def _page(path: str, template: str, language: str, written: Sequence[str], **values: Any) -> Page:
    top = "../" * path.count("/")
    here = path.partition("/")[2]
    others = [(one, f"{top}{one.folder}/{here}") for one in map(_Tongue, written) if "/" in path]
    tongue = _Tongue(language)
    common = {"say": on_paper(tongue.t), "top": top, "language": tongue, "others": others}
    common |= {"home": f"{top}{tongue.folder}/index.html"}
    html = _templates().get_template(template).render(**common, **values)
    return Page(path, html)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What has to find room on one sheet of paper."""

    parts: tuple[tuple[str, tuple[Block, ...]], ...]

    @property
    def size(self) -> str:
        """How small its letters are: as large as they can be."""
        length = sum(_length(block) for _, blocks in self.parts for block in blocks)
        return next((size for size, most in _SIZES if length <= most), "smallest")


def _length(block: Block) -> int:
    """About how many letters it takes: a line that is begun is half full."""
    match block:
        case Text(text):
            return len(plain(text)) + _LINE // 2
        case List(items):
            return sum(len(plain(item)) + _LINE // 2 for item in items)
        case _:
            return 0


@dataclass(frozen=True, slots=True)
class _Language:
    """The pages of one language. In another way to address its readers they are the same ones, also those without a
    line that differs: so every link finds its page."""

    guides: Guides
    language: str
    all: Sequence[str]

    @property
    def tag(self) -> str:
        return plain_language(self.language)

    @property
    def t(self) -> Translator:
        return _Tongue(self.language).t

    def pages(self) -> Iterator[Page]:
        guides = [self.guides.get(one.id, self.language) for one in self.guides.all if one.language == self.tag]
        articles = sorted(self._articles(), key=lambda one: one.title)
        cards = [(guide, rhythm(self.t, guide), size(self.t, guide)) for guide in guides]
        yield self._page("index.html", "index.html", cards=cards, articles=articles, html=self._spans("library/"))
        for guide in guides:
            yield from self._guide(guide)
        for article in articles:
            yield self._article(article, {one.slug: one for one in articles})

    def _page(self, path: str, template: str, **values: Any) -> Page:
        folder = _Tongue(self.language).folder
        return _page(f"{folder}/{path}", template, self.language, self._written(path), **values)

    def _written(self, path: str) -> tuple[str, ...]:
        """The languages that this page is written in."""
        folder, _, file = path.partition("/")
        if folder == "library":
            slug = file.removesuffix(".html")
            return self._all_in(one.language for one in self.guides.library.all if one.slug == slug)
        if folder not in self.guides.ids:
            return tuple(self.all)
        return self._all_in(one.language for one in self.guides.all if one.id == folder)

    def _all_in(self, found: Iterable[str]) -> tuple[str, ...]:
        plain = set(found)
        return tuple(one for one in self.all if plain_language(one) in plain)

    def _articles(self) -> tuple[Article, ...]:
        library = self.guides.library
        slugs = (one.slug for one in library.all if one.language == self.tag)
        return tuple(one for slug in slugs if (one := library.get(slug, self.language)) is not None)

    def _guide(self, guide: Guide) -> Iterator[Page]:
        t = self.t
        names = {session.number: self._name(guide, session) for session in guide.sessions}
        common = {"guide": guide, "names": names, "html": self._spans("../library/"), "blocks": self._blocks()}
        about = {"rhythm": rhythm(t, guide), "size": size(t, guide), "parts": cover(t, guide)}
        yield self._page(f"{guide.id}/index.html", "guide.html", **common, **about)
        all_sheets = [(session, self._sheets(guide, session)) for session in guide.sessions]
        yield self._page(f"{guide.id}/all.html", "booklet.html", **common, **about, sessions=all_sheets)
        for session, sheets in all_sheets:
            near = [one for one in guide.sessions if abs(one.number - session.number) == 1]
            yield self._page(
                f"{guide.id}/{_file(session)}",
                "session.html",
                **common,
                session=session,
                sheets=sheets,
                before=next((one for one in near if one.number < session.number), None),
                after=next((one for one in near if one.number > session.number), None),
                file=_file,
            )

    def _sheets(self, guide: Guide, session: Session) -> tuple[_Sheet, ...]:
        """The parts of a session as they lie on paper: what the group has before it, and what each reads alone."""
        own = to_study(self.t, guide)
        parts = sections(self.t, guide, session)
        found = (tuple(one for one in parts if (one[0] in own) == alone) for alone in (False, True))
        return tuple(_Sheet(parts) for parts in found if parts)

    def _name(self, guide: Guide, session: Session) -> str:
        return session_name(self.t, session.number, guide.every)

    def _article(self, article: Article, known: dict[str, Article]) -> Page:
        further = [known[slug] for slug in article.links if slug in known]
        return self._page(
            f"library/{article.slug}.html",
            "article.html",
            article=article,
            further=further,
            html=self._spans(""),
            blocks=self._blocks(""),
        )

    def _spans(self, library: str) -> Any:
        known = {one.slug for one in self._articles()}
        return partial(spans, library=library, known=known)

    def _blocks(self, library: str = "../library/") -> Any:
        known = {one.slug for one in self._articles()}
        return partial(blocks, library=library, known=known)


def _file(session: Session) -> str:
    return f"week-{session.number:02}.html"


def blocks(found: Sequence[Block], *, library: str, known: set[str]) -> Markup:
    """Paragraphs and lists; a guide has nothing else."""
    return Markup("\n").join(_block(block, library, known) for block in found)


def _block(block: Block, library: str, known: set[str]) -> Markup:
    match block:
        case Text(text):
            return Markup("<p>{}</p>").format(spans(text, library=library, known=known))
        case List(items, ordered):
            lines = (Markup("<li>{}</li>").format(spans(item, library=library, known=known)) for item in items)
            tag = Markup("ol" if ordered else "ul")
            return Markup("<{0}>{1}</{0}>").format(tag, Markup("\n").join(lines))
        case _:
            raise TypeError(f"a guide has no {type(block).__name__}")


def spans(found: Spans, *, library: str, known: set[str]) -> Markup:
    """``library``: where the articles lie from here. A link to one that is not there keeps only its words."""
    return Markup("").join(_span(span, library, known) for span in found)


def _span(span: Span, library: str, known: set[str]) -> Markup:
    match span:
        case Plain(text):
            return escape(text)
        case Bold(text):
            return Markup("<strong>{}</strong>").format(text)
        case Italic(text):
            return Markup("<em>{}</em>").format(text)
        case Code(text):
            return Markup("<code>{}</code>").format(text)
        case Link(text, url) if is_article(span):
            slug = url.removeprefix(LIBRARY)
            if slug not in known:
                return escape(text)
            return Markup('<a href="{}{}.html">{}</a>').format(library, slug, text)
        case Link(text, url):
            return Markup('<a href="{}">{}</a>').format(url, text)
        case Mention(_, name):
            return escape(name)
        case _:
            assert_never(span)
