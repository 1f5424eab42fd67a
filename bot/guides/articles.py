"""An article of the library, read from its text, and what is wrong with it. Pure.

Its file is named by its slug. Below its title stand three lines that say what it is about, whom it is for and under
which terms it may be used; then a summary in one sentence and the article itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.guides.library import AUDIENCES, Article, lines
from bot.guides.links import is_article, linked, unlinked_blocks, unlinked_spans
from bot.guides.markdown import Page, Placed, Section, parse
from bot.guides.rules import Finding
from bot.guides.sections import hard_to_read, sentence_lengths
from bot.markup import Link, Spans, plain
from bot.messages import Text

ARTICLE_WORDS = (150, 400)
MOST_TAGS = 8
LONGEST_TITLE = 70

_SECTIONS = ("Summary", "Article")
_HEAD = re.compile(r"(?P<key>Tags|For|Licence): *(?P<value>.*?) *", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


def read_article(text: str, slug: str, language: str, others: frozenset[str]) -> tuple[Article, tuple[Finding, ...]]:
    """An article, and what is wrong with it; it counts only where nothing is. ``others``: the slugs that there are."""
    findings: list[Finding] = []
    head, rest = _head(text, findings)
    page, found = parse(rest)
    findings += found
    sections = _gathered(page, findings)
    summary = _summary(sections.get("Summary"), findings)
    body = sections.get("Article")
    blocks = tuple(placed.block for placed in body.content) if body else ()
    if len(page.title) > LONGEST_TITLE:
        findings.append(Finding(1, f"the title has {len(page.title)} characters, at most {LONGEST_TITLE} fit a button"))
    made = Article(
        slug=slug,
        language=language,
        title=page.title,
        tags=_tags(head, findings),
        audience=_audience(head, findings),
        licence=head.get("Licence", (0, ""))[1],
        summary=unlinked_spans(summary),
        blocks=unlinked_blocks(blocks),
        links=tuple(one.slug for one in linked((Text(summary), *blocks)) if one.slug != slug),
    )
    for section in sections.values():
        _check_links(section, slug, others, findings)
    if body is not None:
        _check(body, findings)
    return made, tuple(findings)


def _head(text: str, findings: list[Finding]) -> tuple[Mapping[str, tuple[int, str]], str]:
    """The lines between the title and the first section, with their numbers, and the text without them."""
    rows = text.split("\n")
    head: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(rows[1:], 2):
        if line.startswith("#"):
            break
        if not line.strip():
            continue
        found = _HEAD.fullmatch(line)
        if found is None:
            findings.append(Finding(number, "before the first section only Tags:, For: and Licence: are expected"))
        elif found["key"] in head:
            findings.append(Finding(number, f"{found['key']} is there twice"))
        else:
            head[found["key"]] = (number, found["value"])
        rows[number - 1] = ""
    for key in ("Tags", "For", "Licence"):
        if not head.get(key, (0, ""))[1]:
            findings.append(Finding(head.get(key, (2, ""))[0], f"{key}: is missing, or says nothing"))
    return head, "\n".join(rows)


def _gathered(page: Page, findings: list[Finding]) -> Mapping[str, Section]:
    found: dict[str, Section] = {}
    for section in page.sections:
        if section.name not in _SECTIONS:
            findings.append(Finding(section.line, f"unknown section: {section.name}"))
        elif section.name in found:
            findings.append(Finding(section.line, f"duplicate section: {section.name}"))
        else:
            found[section.name] = section
    findings += [Finding(1, f"missing section: {name}") for name in _SECTIONS if name not in found]
    return found


def _summary(section: Section | None, findings: list[Finding]) -> Spans:
    if section is None:
        return ()
    match section.content:
        case (Placed(_, Text(spans)),) if len(_SENTENCE_END.findall(plain(spans))) == 1:
            return spans
        case _:
            findings.append(Finding(section.line, "Summary must be one sentence"))
            return ()


def _tags(head: Mapping[str, tuple[int, str]], findings: list[Finding]) -> tuple[str, ...]:
    line, value = head.get("Tags", (2, ""))
    tags = tuple(tag.strip() for tag in value.split(",") if tag.strip())
    if len(tags) > MOST_TAGS or len(set(tags)) != len(tags):
        findings.append(Finding(line, f"Tags: at most {MOST_TAGS}, each once"))
    return tags


def _audience(head: Mapping[str, tuple[int, str]], findings: list[Finding]) -> tuple[str, ...]:
    line, value = head.get("For", (2, ""))
    named = tuple(one.strip() for one in value.split(",") if one.strip())
    findings += [
        Finding(line, f"For: {one[:40]!r} is none of {', '.join(AUDIENCES)}") for one in named if one not in AUDIENCES
    ]
    return named


def _check(body: Section, findings: list[Finding]) -> None:
    least, most = ARTICLE_WORDS
    count = sum(len(plain(spans).split()) for placed in body.content for spans in lines(placed.block))
    if not least <= count <= most:
        findings.append(Finding(body.line, f"the article has {count} words, {least} to {most} are asked for"))
    lengths = (n for one in body.content for spans in lines(one.block) for n in sentence_lengths(plain(spans)))
    if problem := hard_to_read(tuple(lengths)):
        findings.append(Finding(body.line, problem))


def _check_links(section: Section, slug: str, others: frozenset[str], findings: list[Finding]) -> None:
    for line, link in _links(section):
        target = link.url.partition(":")[2]
        if target == slug:
            findings.append(Finding(line, "a link to the article itself"))
        elif target not in others:
            findings.append(Finding(line, f"{link.url}: the library has no such article"))


def _links(section: Section) -> Iterator[tuple[int, Link]]:
    for placed in section.content:
        for line, spans in zip(placed.lines, lines(placed.block), strict=False):
            yield from ((line, span) for span in spans if isinstance(span, Link) and is_article(span))
