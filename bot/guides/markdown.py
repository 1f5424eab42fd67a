"""The Markdown of guides: a text taken apart into a title and sections of neutral blocks. Pure; drops nothing silently.

Only what every platform can show is read: paragraphs, flat lists, bold, italic, code and https links. The rest is a
finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.guides.links import LIBRARY
from bot.guides.rules import Finding
from bot.markup import Bold, Code, Italic, Link, Plain, Span, Spans, plain
from bot.messages import List, Text

_UNSUPPORTED = {
    "html_block": "HTML is not supported",
    "html_inline": "HTML is not supported",
    "image": "an image is not supported",
    "table_open": "a table is not supported; use a list",
    "fence": "a code block is not supported",
    "code_block": "a code block is not supported; begin the line without spaces",
    "blockquote_open": "a quotation block is not supported",
    "hr": "a ruled line is not supported",
    "heading_open": "a heading inside a list is not supported",
    "s_open": "struck out text is not supported",
    "hardbreak": "a forced line break is not supported; take the spaces or the backslash off the line's end",
}
_ARTICLE = re.compile(re.escape(LIBRARY) + r"[a-z0-9]+(-[a-z0-9]+)*")
_HTTPS = re.compile(r"https://[\w-]+(\.[\w-]+)*(:\d+)?([/?#]\S*)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the line it stands in; for a list, the line of each item."""

    lines: tuple[int, ...]
    block: Text | List


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    line: int
    content: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Page:
    title: str
    sections: tuple[Section, ...]


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 (the parser's name)
        """Every link is one: a refused one would stay in the text as its brackets, and nobody would be told."""
        return True


def _parser() -> MarkdownIt:
    parser = _Parser("commonmark").enable(["table", "strikethrough"])
    # A reference would vanish from the page, an underlined line would become a heading by accident, and an entity could
    # bring in a character that must not be there.
    return parser.disable(["reference", "lheading", "entity"])


def parse(text: str) -> tuple[Page, tuple[Finding, ...]]:
    """The page of a text, and what is wrong with its form. Whether its sections are the right ones is for `pages`."""
    findings: list[Finding] = []
    title: str | None = None
    sections: list[Section] = []
    heading: tuple[str, int] | None = None
    content: list[Placed] = []
    for token, inner in _elements(_parser().parse(text)):
        line = _line(token)
        match token.type, token.tag:
            case "heading_open", "h1":
                words = _heading(inner, findings)
                if title is not None or heading or content:
                    findings.append(Finding(line, "only the first line is a title, with one #; a section has ##"))
                elif not words:
                    findings.append(Finding(line, "the title is empty"))
                title = words if title is None else title
            case "heading_open", "h2":
                _close(heading, content, sections, findings)
                heading, content = (_heading(inner, findings), line), []
            case "heading_open", _:
                findings.append(Finding(line, "a heading below ## is not supported"))
            case _:
                content += _placed(token, inner, findings)
    _close(heading, content, sections, findings)
    if title is None:
        findings.append(Finding(1, "the file must begin with a title: # Title"))
    return Page(title or "", tuple(sections)), tuple(findings)


def _close(
    heading: tuple[str, int] | None, content: list[Placed], sections: list[Section], findings: list[Finding]
) -> None:
    if heading:
        sections.append(Section(*heading, tuple(content)))
    elif content:
        findings.append(Finding(content[0].lines[0], "text before the first section"))


def _elements(tokens: Sequence[Token]) -> Iterator[tuple[Token, Sequence[Token]]]:
    """Each element of this level with the tokens inside it."""
    start = depth = 0
    for index, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            yield tokens[start], tokens[start + 1 : index]
            start = index + 1


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _heading(inner: Sequence[Token], findings: list[Finding]) -> str:
    spans = _inline(inner[0], findings)
    if any(not isinstance(span, Plain) for span in spans):
        findings.append(Finding(_line(inner[0]), "a heading is plain words, without formatting or links"))
    return plain(spans).strip()


def _placed(token: Token, inner: Sequence[Token], findings: list[Finding]) -> list[Placed]:
    match token.type:
        case "paragraph_open":
            spans = _inline(inner[0], findings)
            return [Placed((_line(token),), Text(spans))] if spans else []
        case "bullet_list_open" | "ordered_list_open":
            if token.attrGet("start") is not None:
                findings.append(Finding(_line(token), "a numbered list begins with 1; keep its steps together"))
            items = [(_line(item), _item(item, content, findings)) for item, content in _elements(inner)]
            ordered = token.type == "ordered_list_open"
            return [Placed(tuple(line for line, _ in items), List(tuple(spans for _, spans in items), ordered))]
        case kind:
            findings.append(Finding(_line(token), _UNSUPPORTED.get(kind, f"{kind} is not supported")))
            return []


def _item(item: Token, content: Sequence[Token], findings: list[Finding]) -> Spans:
    """The one paragraph of a list's item."""
    spans: Spans | None = None
    for token, inner in _elements(content):
        match token.type:
            case "paragraph_open" if spans is None:
                spans = _inline(inner[0], findings)
            case "paragraph_open":
                findings.append(Finding(_line(token), "an item of a list is one paragraph"))
            case "bullet_list_open" | "ordered_list_open":
                findings.append(Finding(_line(token), "a list inside a list is not supported"))
                spans = spans or ()
            case kind:
                findings.append(Finding(_line(token), _UNSUPPORTED.get(kind, f"{kind} is not supported")))
                spans = spans or ()
    if spans is None:
        findings.append(Finding(_line(item), "an item of a list is empty"))
    return spans or ()


def _inline(token: Token, findings: list[Finding]) -> Spans:
    """The spans of a paragraph. Where formats are inside each other, a link wins over bold, and bold over italic."""
    line = _line(token)
    spans: list[Span] = []
    bold = italic = 0
    link: tuple[str, list[str]] | None = None
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline" | "softbreak":
                words = " " if child.type == "softbreak" else child.content
                line += child.type == "softbreak"
                if link:
                    link[1].append(words)
                else:
                    spans.append(_span(words, child.type == "code_inline", bold, italic))
            case "strong_open" | "strong_close":
                bold += child.nesting
            case "em_open" | "em_close":
                italic += child.nesting
            case "link_open":
                url = str(child.attrGet("href") or "")
                findings += [Finding(line, problem) for problem in _link_problems(url, child)]
                link = (url, [])
            case "link_close":
                if link:
                    spans.append(Link("".join(link[1]), link[0]))
                if link and not "".join(link[1]).strip():
                    findings.append(Finding(line, "a link without words: write [words](https://…)"))
                link = None
            case "s_close":
                pass  # its opening was the finding
            case kind:
                findings.append(Finding(line, _UNSUPPORTED.get(kind, f"{kind} is not supported")))
                line += kind == "hardbreak"
    return _joined(spans)


def _link_problems(url: str, token: Token) -> Iterator[str]:
    if not _HTTPS.fullmatch(url) and not _ARTICLE.fullmatch(url):
        yield f"a link must begin with https:// or library:, this one is {url[:60]!r}"
    if token.attrGet("title"):
        yield "a link has no title of its own: write [words](https://…)"


def _span(words: str, code: bool, bold: int, italic: int) -> Span:
    if code:
        return Code(words)
    if bold:
        return Bold(words)
    return Italic(words) if italic else Plain(words)


def _joined(spans: list[Span]) -> Spans:
    """Neighbours of one kind as one span, none of them empty."""
    out: list[Span] = []
    for span in spans:
        match out[-1] if out else None, span:
            case _, Plain("") | Bold("") | Italic(""):
                continue
            case Plain(before), Plain(text):
                out[-1] = Plain(before + text)
            case Bold(before), Bold(text):
                out[-1] = Bold(before + text)
            case Italic(before), Italic(text):
                out[-1] = Italic(before + text)
            case _:
                out.append(span)
    return tuple(out)
