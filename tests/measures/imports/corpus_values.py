"""What one cell of a workbook can hold: numbers, percentages, dates, formulas, errors, rich text."""

from collections.abc import Iterator
from datetime import date

from measures.imports.cells import Cell
from measures.imports.excel_files import FORMULA_WITHOUT_VALUE
from measures.imports.issues import Code
from tests.measures.imports.expected import Content, CorpusFile, Refusal, cells, number, percent
from tests.measures.imports.packages import HEADER, book, cell, line, strings, styles, text, workbook_xml

TOP = (1, cells("series", "period", "value"))
RICH = "<r><rPr>{look}</rPr><t>{text}</t></r>"
RAISED, LOWERED = '<vertAlign val="superscript"/>', '<vertAlign val="subscript"/>'


def files() -> Iterator[CorpusFile]:
    for made in (_numbers, _formats, _dates, _other_dates, _formulas, _errors, _rich, _plain):
        yield from made()


def one(about: str, value: str, expected: Cell, *, told: tuple[str, ...] = (), **parts: str) -> CorpusFile:
    """A table of one row whose value is this cell in C2."""
    row = (2, cells("A1", "Q2 2018/19") if expected.is_empty else cells("A1", "Q2 2018/19", expected))
    content = book(HEADER, line(2, value), **parts)
    return CorpusFile("figures.xlsx", content, Content({"S1": (TOP, row)}, told), f"xlsx cell: {about}")


def _numbers() -> Iterator[CorpusFile]:
    for stored, seen in {
        "27": "27", "0": "0", "-0": "0", "1898": "1898", "-5": "-5", "0.28999999999999998": "0.29",
        "0.30000000000000004": "0.3", "56.999999999999993": "57", "70.5": "70.5", "70.0": "70", "1E5": "100000",
        "1.5E-3": "0.0015", ".5": "0.5", "5.": "5", "39.130434782608695": "39.1304347826087",
        "12345678901234567890": "12345678901234567890", "999999999": "999999999", " 27 ": "27", "+3": "3",
    }.items():  # fmt: skip
        yield one(f"the number {stored!r}", cell("C2", stored), number(seen))
    for stored in (
        "NaN",
        "INF",
        "-INF",
        "1E999",
        "1E400",
        "27,5",
        "abc",
        "1E-400x",
        "0x1F",
        "1_000",
        "٢٧",
        "--1",
        "1E101",
    ):
        wrong = Cell(stored, error=f"a damaged cell that holds “{stored}”")
        yield one(f"the number {stored}", cell("C2", stored), wrong)
    yield one("a number too small to be one", cell("C2", "1E-400"), number("0"))
    yield one("a number without digits", cell("C2", ""), Cell())
    yield one("no number", cell("C2"), Cell())
    yield one(
        "a kind of cell that there is not", cell("C2", 1, kind="q"), Cell("1", error="a damaged cell that holds “1”")
    )


def _formats() -> Iterator[CorpusFile]:
    for code in (9, 10, "0.0%", "0%;-0%", "[Red]0%", "0.00 %", "#,##0%", "_-0%_-"):
        yield one(f"0.27 as {code}", cell("C2", 0.27, style=1), percent("27%"), formats=styles(code))
    for stored, seen in {"1": "100%", "0": "0%", "0.28999999999999998": "29%", "-0.05": "-5%", "27": "2700%"}.items():
        yield one(f"{stored} as a percentage", cell("C2", stored, style=1), percent(seen), formats=styles(9))
    for code in (
        0,
        1,
        2,
        3,
        4,
        11,
        37,
        49,
        '0"%"',
        r"0\%",
        "0_%",
        "0.0;0%",
        "General",
        "[$£-809]#,##0",
        '0 "days"',
        "@",
    ):
        yield one(f"27 as {code}", cell("C2", 27, style=1), number("27"), formats=styles(code))
    yield one("a format that is not defined", cell("C2", 27, style=1), number("27"), formats=styles(200))
    for about, style in (("there is not", "9"), ("is no number", "x"), ("is negative", "-1")):
        content = book(HEADER, line(2, f'<c r="C2" s="{style}"><v>1</v></c>'), formats=styles(9))
        yield CorpusFile("figures.xlsx", content, Refusal(Code.DAMAGED, "cell C2"), f"xlsx cell: a style that {about}")


def _dates() -> Iterator[CorpusFile]:
    day, month = date(2018, 9, 30), Cell("September 2018", day=date(2018, 9, 30))
    mac = {"WORKBOOK": workbook_xml({"S1": ""}, before='<workbookPr date1904="1"/>')}
    for system, serial, more in (("1900", 43373, {}), ("1904", 41911, mac)):
        for code in (14, 15, 16, 22, 30, "dd/mm/yyyy", "[$-809]d mmmm yyyy", 'yyyy"-"mm"-"dd', "yyyy-mm-dd;@"):
            (expected,) = cells(day)
            yield one(f"{system}, {code}", cell("C2", serial, style=1), expected, formats=styles(code), **more)
        for code in (17, "mmm-yy", "mmmm yyyy", "mm/yyyy"):
            yield one(f"{system}, {code}", cell("C2", serial, style=1), month, formats=styles(code), **more)
        time = Cell("2018-09-30 14:30")
        yield one(f"{system}, a time", cell("C2", f"{serial}.6041666667", style=1), time, formats=styles(22), **more)
        yield one(f"{system}, a year", cell("C2", serial, style=1), Cell("2018"), formats=styles("yyyy"), **more)
        seen = {"1900": date(1900, 1, 1), "1904": date(1904, 1, 2)}[system]
        yield one(f"{system}, the first day", cell("C2", 1, style=1), cells(seen)[0], formats=styles(14), **more)
        last = {"1900": 2958465, "1904": 2957003}[system]
        yield one(
            f"{system}, the last day",
            cell("C2", last, style=1),
            cells(date(9999, 12, 31))[0],
            formats=styles(14),
            **more,
        )
        for serial in (last + 1, -1, "1E15"):
            shown = "1000000000000000" if serial == "1E15" else str(serial)
            wrong = Cell(shown, error=f"a date that no calendar has (number {shown})")
            yield one(f"{system}, day {serial}", cell("C2", serial, style=1), wrong, formats=styles(14), **more)


def _other_dates() -> Iterator[CorpusFile]:
    for serial, seen in {59: date(1900, 2, 28), 61: date(1900, 3, 1)}.items():
        yield one(f"day {serial}", cell("C2", serial, style=1), cells(seen)[0], formats=styles(14))
    wrong = Cell("60", error="a date that no calendar has (number 60)")
    yield one("29 February 1900", cell("C2", 60, style=1), wrong, formats=styles(14))
    yield one("a time alone", cell("C2", 0.5, style=1), Cell("12:00:00"), formats=styles(20))
    yield one("a duration", cell("C2", 1.5, style=1), Cell("1 day, 12:00:00"), formats=styles(46))
    yield one(
        "almost midnight", cell("C2", "43372.999999999", style=1), cells(date(2018, 9, 30))[0], formats=styles(14)
    )
    for stored, seen in {
        "2018-09-30": cells(date(2018, 9, 30))[0],
        "2018-09-30T00:00:00": cells(date(2018, 9, 30))[0],
        "2018-09-30T14:30:00Z": Cell("2018-09-30 14:30+00:00"),
        "30/09/2018": Cell("30/09/2018", error="a damaged cell that holds “30/09/2018”"),
        "2018-02-31": Cell("2018-02-31", error="a damaged cell that holds “2018-02-31”"),
    }.items():
        yield one(f"the date {stored}", cell("C2", stored, kind="d"), seen)


def _formulas() -> Iterator[CorpusFile]:
    told = ("has 1 formula, read by the value stored",)
    without = Cell(formula=True, error=FORMULA_WITHOUT_VALUE)
    missing = ("1 without one",)
    number_27 = Cell("27", number("27").number, formula=True)
    for about, stored, expected, say in (
        ("a number", cell("C2", 27, formula="A1+1"), number_27, told),
        ("a text", cell("C2", "27", kind="str", formula='"27"'), Cell("27", formula=True), told),
        ("a truth", cell("C2", 1, kind="b", formula="1=1"), Cell("TRUE", formula=True), told),
        ("an error", cell("C2", "#DIV/0!", kind="e", formula="1/0"),
         Cell("#DIV/0!", formula=True, error="#DIV/0!"), told),
        ("no value", cell("C2", formula="A1+1"), without, missing),
        ("an empty value", cell("C2", "", formula="A1+1"), without, missing),
        ("no text", cell("C2", kind="str", formula="A1"), without, missing),
        ("nothing but itself", '<c r="C2"><f/></c>', without, missing),
        ("a shared formula", '<c r="C2"><f t="shared" si="0"/><v>27</v></c>', number_27, told),
        ("an array", '<c r="C2"><f t="array" ref="C2">A1</f><v>27</v></c>', number_27, told),
        ("another workbook", cell("C2", 27, formula="[1]S!A1"), number_27, told),
        ("a web address", cell("C2", 27, formula='WEBSERVICE("http://127.0.0.1:9/")'), number_27, told),
    ):  # fmt: skip
        yield one(f"a formula with {about}", stored, expected, told=say)
    rate = Cell("27%", percent("27%").number, percent=True, formula=True)
    yield one(
        "a formula with a percentage", cell("C2", 0.27, style=1, formula="A1"), rate, told=told, formats=styles(9)
    )
    day = Cell("2018-09-30", day=date(2018, 9, 30), formula=True)
    yield one("a formula with a date", cell("C2", 43373, style=1, formula="A1"), day, told=told, formats=styles(14))
    yield one("a formula with empty text", cell("C2", "", kind="str", formula='""'), Cell(), told=told)
    anew = {"WORKBOOK": workbook_xml({"S1": ""}, after='<calcPr fullCalcOnLoad="1"/>')}
    later = "asks to be calculated anew"
    yield one("never calculated", cell("C2", 0, formula="A1"), without, told=(*missing, later), **anew)
    yield one("to be calculated anew", cell("C2", 27, formula="A1"), number_27, told=(*told, later), **anew)
    yield one("0 where nothing is calculated anew", cell("C2", 0), number("0"), **anew)


def _errors() -> Iterator[CorpusFile]:
    for error in ("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"):
        yield one(error, cell("C2", error, kind="e"), Cell(error, error=error))
        yield one(f"{error} as a text", text("C2", error), Cell(error))
    yield one("an error without name", cell("C2", kind="e", formula=None, value=""), Cell("#ERROR", error="#ERROR"))
    for stored, seen in {"1": "TRUE", "0": "FALSE", "true": "TRUE"}.items():
        yield one(f"the truth {stored}", cell("C2", stored, kind="b"), Cell(seen))
    yield one("a truth that is none", cell("C2", 2, kind="b"), Cell("2", error="a damaged cell that holds “2”"))


def _rich() -> Iterator[CorpusFile]:
    plain = RICH.format(look="<b/>", text="85")
    for about, runs, expected in (
        ("a raised 1", plain + RICH.format(look=RAISED, text="1"), Cell("85¹", error="85 with a raised 1")),
        ("a lowered 2", plain + RICH.format(look=LOWERED, text="2"), Cell("852", error="85 with a lowered 2")),
        ("a raised letter", plain + RICH.format(look=RAISED, text="a"), Cell("85a", error="85 with a raised a")),
        ("a raised space", plain + RICH.format(look=RAISED, text=" "), Cell("85")),
        ("a struck-out 5", "<r><t>8</t></r>" + RICH.format(look="<strike/>", text="5"),
         Cell("85", error="8 with a struck-out 5")),
        ("all struck out", RICH.format(look="<strike/>", text="85"), Cell("85", error="a struck-out 85")),
        ("not struck out", RICH.format(look='<strike val="0"/>', text="85"), Cell("85")),
        ("bold and plain", plain + "<r><t>.5</t></r>", Cell("85.5")),
        ("a footnote on words", "<r><t>Referrals</t></r>" + RICH.format(look=RAISED, text="1"), Cell("Referrals¹")),
        ("all raised", RICH.format(look=RAISED, text="85"), Cell("⁸⁵")),
        ("a raised 1 in a period", "<r><t>Q2 2018/19</t></r>" + RICH.format(look=RAISED, text="1"),
         Cell("Q2 2018/19¹", error="Q2 2018/19 with a raised 1")),
        ("a reading aid", '<t>85</t><rPh sb="0" eb="1"><t>99</t></rPh><phoneticPr fontId="1"/>', Cell("85")),
    ):  # fmt: skip
        yield one(f"shared, {about}", cell("C2", 0, kind="s"), expected, shared=strings(runs))
        yield one(f"inline, {about}", f'<c r="C2" t="inlineStr"><is>{runs}</is></c>', expected)


def _plain() -> Iterator[CorpusFile]:
    unseen = "a control character"
    for stored, seen in {
        "27": Cell("27"), " 27\u00a0": Cell("27"), "27%": Cell("27%"), "": Cell(), "  ": Cell(), "=1+1": Cell("=1+1"),
        "_x000D_a": Cell("a"), "a_x000A_b": Cell("a\nb"), "_x005F_x0041_": Cell("_x0041_"), "a_x0041_": Cell("aA"),
        "a_x0000_": Cell("a\ufffd", error=unseen), "a_x0007_": Cell("a\ufffd", error=unseen),
        "_xD800_": Cell("_xD800_"),
        "😀": Cell("😀"), "\u202e72": Cell("\u202e72"), "[x]": Cell("[x]"), "1\u00a0898": Cell("1\u00a0898"),
        "x" * 32_767: Cell("x" * 32_767),
    }.items():  # fmt: skip
        yield one(f"inline text {stored[:20]!a}", text("C2", stored), seen)
        yield one(f"formula text {stored[:20]!a}", cell("C2", stored, kind="str"), seen)
        shared = strings(f'<t xml:space="preserve">{stored}</t>')
        yield one(f"shared text {stored[:20]!a}", cell("C2", 0, kind="s"), seen, shared=shared)
    for size in (32_768, 60_000):
        content = book(HEADER, line(2, cell("C2", 0, kind="s")), shared=strings(f"<t>{'ab' * (size // 2)}</t>"))
        yield CorpusFile("figures.xlsx", content, Refusal(Code.LONG_CELL, "“abab"), f"xlsx cell: {size} characters")
    for stored in ("1", "-1", "x", "", "1.0", "99999999999999999999"):
        content = book(HEADER, line(2, cell("C2", stored, kind="s")), shared=strings("<t>a</t>"))
        yield CorpusFile("figures.xlsx", content, Refusal(Code.DAMAGED, "cell C2"), f"xlsx cell: pointer {stored!r}")
    content = book(HEADER, line(2, cell("C2", 0, kind="s")))
    yield CorpusFile("figures.xlsx", content, Refusal(Code.DAMAGED, "cell C2"), "xlsx cell: shared text without table")
