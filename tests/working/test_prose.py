"""The mini-markup, and the law that a text from outside comes out as it went in."""

from __future__ import annotations

import html
import re
import unicodedata

import pypdfium2  # type: ignore[import-untyped]
import pytest
import typst
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rechenweg.errors import NotationError
from rechenweg.numbers.notation import read_latex
from rechenweg.text import T
from rechenweg.working.document import Cell, Document, Table
from rechenweg.working.prose import Bold, CodeSpan, Italic, Math, Plain, escape, parse, plain
from rechenweg.working.prose import html as html_prose
from rechenweg.working.prose import latex as latex_prose
from rechenweg.working.prose import text as text_prose
from rechenweg.working.prose import typst as typst_prose
from rechenweg.working.writers import write

# What a candidate types: everything with a meaning in one of the forms, letters of both languages, some mathematics.
TYPED = st.text(
    alphabet=st.one_of(
        st.characters(min_codepoint=0x20, max_codepoint=0x7E),
        st.sampled_from("\n\täöüßÄÖÜéñ„“”’‚‘–—…·×−±²³µ°§½αβσΣ∂≤≥≈≠→"),
        st.sampled_from("\\#$*_`<>@~[]{}\"'/-=+.:;&%^|"),
    ),
    max_size=60,
)
NASTY = [
    "- a", "-0", "x -1", "+ a", "= a", "/ a: b", "1. a", "12345. a", "// a", "/* a */", "a -- b --- c", "-?", "...", "http://x.y/z_(w)",
    "#x", "#[x]", "$x$", "*x*", "_x_", "`x`", "<x>", "@x", "~", "\\", "\\u{41}", "[x](y);", "#let x = 1", "'x' \"y\"",
    "don't", "&amp; &#65;", "<script>", "%", "a  b", "]", "{", "x^2_3", "]]>", "```x```", "a\\\nb", "^", "''", "``",
]  # fmt: skip


def words(text: str) -> str:
    return " ".join(text.split())


@given(TYPED)
def test_escaped_text_is_read_as_itself(text: str) -> None:
    read = parse(escape(text))
    assert words(" ".join(item.text for paragraph in read for item in paragraph if isinstance(item, Plain))) == words(
        text
    )
    assert all(isinstance(item, Plain) for paragraph in read for item in paragraph)


@given(TYPED)
def test_text_survives_the_terminal_and_html(text: str) -> None:
    marked = escape(text)
    assert words(text_prose.prose(marked, "en")) == words(text)
    written = write(Document.of(T.same(marked)), "html", "en")
    assert words(html.unescape(re.sub(r"</?p>", " ", written))) == words(text)


def test_html_attributes_cannot_be_left() -> None:
    assert html_prose.escape("\" onload='x' <b>") == "&quot; onload=&#x27;x&#x27; &lt;b&gt;"


@settings(max_examples=20)
@given(st.lists(TYPED, min_size=1, max_size=40))
@example(NASTY)
@example([f"x {text}" for text in NASTY])
@example([f"{text} y" for text in NASTY])
def test_text_survives_typst(texts: list[str]) -> None:
    """Each text on a page of its own, as prose, as bold prose, as code and as a literal: all come back."""
    pages = []
    for text in texts:
        pages += [typst_prose.prose(escape(text), "en"), typst_prose.prose(f"**x{escape(text)}x**", "en")]
        pages += [typst_prose.escape(text), f"#raw({typst_prose.string(text)})"]
    setup = "#set page(width: 80cm, height: 30cm)\n#set text(ligatures: false)\n#set par(justify: false)\n"
    source = setup + "\n#pagebreak()\n".join(pages)
    found = _page_texts(typst.compile(source.encode()))
    for at, text in enumerate(texts):
        printed = [squeezed(page) for page in found[4 * at : 4 * at + 4]]
        wanted = squeezed(text)
        assert printed == [wanted, f"x{wanted}x", wanted, wanted]


def test_signs_that_fonts_join_are_kept_apart() -> None:
    for signs in ("--", "---", ",,", "<<", ">>", "``", "''", "?`", "!`"):
        assert typst_prose.escape(f"a{signs}b").startswith("a#text(ligatures: false)[")
    assert typst_prose.escape("U-Net, a<b") == "U-Net, a\\<b"


def squeezed(text: str) -> str:
    """Without white space: a page's text has none where a gap is drawn as distance, and some where lines end.

    PDFium reports a hyphen at the end of a line as U+FFFE.
    """
    return re.sub(r"\s", "", unicodedata.normalize("NFC", text).replace("\ufffe", "-"))


def _page_texts(pdf: object) -> list[str]:
    assert isinstance(pdf, bytes)
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


@given(TYPED)
def test_latex_text_has_no_character_with_a_meaning(text: str) -> None:
    """Whatever stays outside our own commands is a letter, a digit, or a sign that TeX takes literally."""
    latex = latex_prose.escape(text)
    left = re.sub(r"\$[^$]*\$|\\[a-z]+\{\}|\\[{}$&#%_,]|\{\}|\{[\[\]]\}", "", latex)
    assert not set(left) & set('\\{}$&#%_^<>|"[]')
    joined = ("--", "``", "''", ",,", "?`", "!`")
    assert not any(pair in latex for pair in joined) or set(text) & set("–—“”‘’")


def test_literal_cells_are_printed_as_they_are() -> None:
    row: tuple[Cell, ...] = ("*a* $b$ `c`",)
    table = Document.of(Table((), (row,)))
    assert "*a* $b$ `c`" in write(table, "text", "en")
    assert "*a* $b$ `c`" in write(table, "html", "en")
    assert r"\*a\* \$b\$ \`c\`" in write(table, "typst", "en")


# ---- the markup ----


def test_markers_are_read() -> None:
    (paragraph,) = parse("a **b *c* $x$** `d  *` $y_1$")
    assert paragraph == (
        Plain("a "),
        Bold((Plain("b "), Italic((Plain("c"),)), Plain(" "), Math(read_latex("x")))),
        Plain(" "),
        CodeSpan("d  *"),
        Plain(" "),
        Math(read_latex("y_1")),
    )


def test_blank_lines_part_and_line_breaks_do_not() -> None:
    assert parse("\n    one\n    two\n\n    \n    three\n") == ((Plain("one two"),), (Plain("three"),))
    assert parse("") == ()


def test_spaces_that_must_not_break_are_kept() -> None:
    assert parse("5\u00a0% of\n x") == ((Plain("5\u00a0% of x"),),)


def test_a_star_between_spaces_is_a_star() -> None:
    assert parse("2 * 3") == ((Plain("2 * 3"),),)


def test_apostrophes_are_set_and_code_is_not_touched() -> None:
    assert plain("don't use `don't` f'(x)") == "don’t use don't f'(x)"
    assert plain(escape("don't")) == "don't"


def test_a_dollar_can_be_written() -> None:
    assert plain(r"costs \$5 and \$6") == "costs $5 and $6"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cost is $5", 'text "cost is $5": expected a closing $ for the one at character 9, found none'),
        ("a **b* c", 'text "a **b* c": expected a closing'),
        ("`x", 'text "`x": expected a closing ` for the one at character 1, found none'),
        (r"let $\unknowncommand x$ be", r'text "let $\unknowncommand x$ be": '),
        ("x" * 100 + " $", 'text "' + "x" * 59 + '…": expected a closing $ for the one at character 102'),
    ],
)
def test_what_is_left_open_is_named(text: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        parse(text)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_german_formulas_in_prose() -> None:
    text = "mit $w = 0.5$"
    assert plain(text, "de") == "mit w = 0,5"
    assert "<mn>0,5</mn>" in html_prose.paragraphs(text, "de")[0]
    assert typst_prose.prose(text, "de") != typst_prose.prose(text, "en")
