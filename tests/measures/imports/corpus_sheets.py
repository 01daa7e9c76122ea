"""Sheets: what is hidden, merged, far away, in no order; and workbooks as a sound program writes them."""

import datetime
import io
from collections.abc import Iterator
from dataclasses import replace

import xlsxwriter

from measures.imports.cells import Cell
from measures.imports.issues import Code
from tests.measures.imports.expected import Content, CorpusFile, Refusal, cells, number, percent
from tests.measures.imports.packages import (
    HEADER,
    MAIN,
    RELATIONS,
    SHEET,
    book,
    cell,
    line,
    packed,
    parts,
    relation,
    relations,
    row,
    sheet,
    text,
    workbook_xml,
)

TOP = (1, cells("series", "period", "value"))
LINE = (2, cells("A1", "Q2 2018/19", number("27")))
ROW = line(2, cell("C2", 27))
COVERED = Cell(merged=True)
DAMAGED = Refusal(Code.DAMAGED)


def files() -> Iterator[CorpusFile]:
    for made in (_hidden, _merged, _far, _order, _sheets, _written, _names):
        for about, content, expected, *name in made():
            yield CorpusFile(name[0] if name else "figures.xlsx", content, expected, f"xlsx: {about}")


def one_sheet(*lines, told: tuple[str, ...] = ()) -> Content:
    return Content({"S1": tuple(lines)}, told)


def _hidden():
    for value in ("1", "true"):
        content = book(HEADER, ROW.replace('r="2" ', f'r="2" hidden="{value}" ', 1))
        yield f"a hidden row, {value}", content, one_sheet(TOP, LINE, told=("1 hidden row with content: 2.",))
    content = book(HEADER, *[row(each, cell(f"A{each}", each), more='hidden="1"') for each in range(2, 15)])
    rows = [(each, cells(number(str(each)))) for each in range(2, 15)]
    yield (
        "13 hidden rows",
        content,
        one_sheet(TOP, *rows, told=("13 hidden rows with content: 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 3 more",)),
    )
    yield "an empty hidden row", book(HEADER, ROW, row(3, more='hidden="1"')), one_sheet(TOP, LINE)
    for about, first, last, told in (("a column", 2, 2, ("1 hidden column with content: B.",)),
                                     ("all from B on", 2, 16384, ("2 hidden columns with content: B, C.",)),
                                     ("an empty column", 9, 9, ())):  # fmt: skip
        before = f'<cols><col min="{first}" max="{last}" hidden="1"/></cols>'
        yield f"hidden: {about}", book(HEADER, ROW, before=before), one_sheet(TOP, LINE, told=told)
    two = [sheet(HEADER, ROW), sheet(HEADER, line(2, cell("C2", 1)))]
    for state in ("hidden", "veryHidden"):
        made = parts(*two, WORKBOOK=workbook_xml({"S1": "", "S2": f'state="{state}"'}))
        expected = Content({"S1": (TOP, LINE), "S2": (TOP, (2, cells("A1", "Q2 2018/19", number("1"))))},
                           ("1 hidden sheet with content: “S2”.",))  # fmt: skip
        yield f"a sheet that is {state}", packed(made), expected
    made = parts(sheet(), two[0], WORKBOOK=workbook_xml({"Cover": "", "S1": 'state="hidden"'}))
    yield "figures on a hidden sheet alone", packed(made), one_sheet(TOP, LINE, told=("1 hidden sheet",))
    made = parts(two[0], sheet(), WORKBOOK=workbook_xml({"S1": "", "Lists": 'state="hidden"'}))
    yield "an empty hidden sheet", packed(made), one_sheet(TOP, LINE)


def merged(*references: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={each!r}/>' for each in references)}</mergeCells>"


def _merged():
    down = book(HEADER, ROW, row(3, text("B3", "Q1 2018/19"), cell("C3", 1)), after=merged("A2:A3"))
    yield "a label over two rows", down, one_sheet(TOP, LINE, (3, (COVERED, *cells("Q1 2018/19", number("1")))))
    values = book(HEADER, ROW, row(3, text("A3", "A2"), text("B3", "Q1 2018/19")), after=merged("C2:C3"))
    yield "a value over two rows", values, one_sheet(TOP, LINE, (3, (*cells("A2", "Q1 2018/19"), COVERED)))
    title = book(row(1, text("A1", "Figures")), row(2, text("A2", "a"), text("B2", "b")), after=merged("A1:C1"))
    yield "a title across", title, one_sheet((1, (Cell("Figures"), COVERED, COVERED)), (2, cells("a", "b")))
    under = book(HEADER, ROW, line(3, cell("C3", 9)), after=merged("C2:C3"))
    hidden = replace(number("9"), merged=True)
    yield "a value under a merged range", under, one_sheet(TOP, LINE, (3, (*cells("A1", "Q2 2018/19"), hidden)))
    whole = (1, (Cell("series"), *[replace(each, merged=True) for each in TOP[1][1:]], *[COVERED] * 197))
    everything = (2, (*[replace(each, merged=True) for each in LINE[1]], *[COVERED] * 197))
    yield "everything merged", book(HEADER, ROW, after=merged("A1:XFD1048576")), one_sheet(whole, everything)
    yield "one cell merged", book(HEADER, ROW, after=merged("A2:A2")), one_sheet(TOP, LINE)
    far = [f"A{100 + 2 * each}:B{101 + 2 * each}" for each in range(1001)]
    yield "1,000 merged ranges", book(HEADER, ROW, after=merged(*far[:-1])), one_sheet(TOP, LINE)
    yield "1,001 merged ranges", book(HEADER, ROW, after=merged(*far)), Refusal(Code.MERGES, "S1")
    bomb = [f"A{100 + 2 * each}:XFD{101 + 2 * each}" for each in range(200_000)]
    yield "200,000 merged ranges", book(HEADER, ROW, after=merged(*bomb)), Refusal(Code.MERGES, "1,000")
    yield "merged ranges that overlap", book(HEADER, ROW, after=merged("A1:B2", "B2:C3")), DAMAGED
    yield "a merged range twice", book(HEADER, ROW, after=merged("A1:B2", "A1:B2")), DAMAGED
    for reference in ("", "A0:B1", "A1:", ":A1", "A1:B", "1A:2B", "A1:XFE1", "A1:A1048577", "x" * 1000):
        expected = one_sheet(TOP, LINE) if reference == "A1:" else DAMAGED
        yield f"the merged range {reference[:20]!r}", book(HEADER, ROW, after=merged(reference)), expected


def _far():
    for place, about in (("XFD1048576", "the last cell"), ("GS1048576", "the last row of column 201")):
        yield about, book(HEADER, ROW, row(1048576, cell(place, 1))), Refusal(Code.COLUMNS, place)
    yield "column 201", book(row(1, cell("A1", 1), cell("GS1", 1))), Refusal(Code.COLUMNS, "beyond column GR")
    wide = (1, (*cells(number("1")), *[Cell()] * 198, *cells(number("2"))))
    yield "column 200", book(row(1, cell("A1", 1), cell("GR1", 2))), one_sheet(wide)
    for place in ("A1048576", "A1004"):
        far = book(HEADER, ROW, row(int(place[1:]), cell(place, 1)))
        yield f"far below, {place}", far, Refusal(Code.FAR_CELL, f"{int(place[1:]):,}")
    yield (
        "1,000 rows below",
        book(HEADER, ROW, row(1002, cell("A1002", 1))),
        one_sheet(TOP, LINE, (1002, cells(number("1")))),
    )
    formatted = book(HEADER, ROW, row(3, '<c r="XFD3" s="0"/>'), row(1048576, '<c r="A1048576"/>'))
    yield "far cells that are only formatted", formatted, one_sheet(TOP, LINE)
    yield "a table far below", book(row(900_000, cell("A900000", 1))), one_sheet((900_000, cells(number("1"))))
    many = "".join(f'<row r="{each}"><c r="A{each}"><v>1</v></c></row>' for each in range(2, 5002))
    expected = [(each, cells(number("1"))) for each in range(2, 5002)]
    yield "5,000 rows", book(HEADER, many), one_sheet(TOP, *expected)
    more = many + '<row r="5002"><c r="A5002"><v>1</v></c></row>'
    yield "5,001 rows", book(HEADER, more), Refusal(Code.ROWS, "S1")
    for size in ("A1:A1", "A1:XFD1048576", "nonsense", ""):
        before = f'<dimension ref="{size}"/>'
        yield f"the size given as {size!r}", book(HEADER, ROW, before=before), one_sheet(TOP, LINE)


def _order():
    bare = "<row><c t='inlineStr'><is><t>a</t></is></c><c><v>1</v></c></row><row><c><v>2</v></c></row>"
    yield "no references", book(bare), one_sheet((1, cells("a", number("1"))), (2, cells(number("2"))))
    gaps = book(row(3, cell("C3", 1)), row(7, cell("B7", 2)))
    yield "gaps", gaps, one_sheet((3, cells(None, None, number("1"))), (7, cells(None, number("2"))))
    stray = book(row(1, '<c r="A1"><t>8</t></c>', text("B1", "5")))
    yield "a text that stands outside a cell's", stray, one_sheet((1, cells(None, "5")))
    wrong = {
        "rows out of order": (HEADER, line(3, cell("C3", 1)), ROW),
        "a row twice": (HEADER, ROW, ROW),
        "cells out of order": (row(1, cell("B1", 1), cell("A1", 2)),),
        "a cell twice": (row(1, cell("A1", 1), cell("A1", 2)),),
        "a cell of another row": (row(1, cell("A2", 1)),),
        "row 0": (row(0, cell("A1", 1)),),
        "row 1048577": (row(1048577, cell("", 1)),),
        "row x": ('<row r="x"/>',),
        "row 1.0": ('<row r="1.0"/>',),
        **{
            f"cell {name!r}": (row(1, cell(name, 1)),)
            for name in ("A0", "1A", "AAAA1", "XFE1", "a1", "A", "A1:B2", "é1")
        },
        "a hidden column without number": (),
    }
    for about, rows in wrong.items():
        before = '<cols><col min="x" max="2" hidden="1"/></cols>' if not rows else ""
        yield about, book(*rows, before=before), DAMAGED


def _sheets():
    sound = sheet(HEADER, ROW)
    yield "sound", book(HEADER, ROW), one_sheet(TOP, LINE)
    prefixed = sound.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?").replace("xmlns=", "xmlns:x=")
    yield "names with a prefix", packed(parts(prefixed)), one_sheet(TOP, LINE)
    strict = sound.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
    yield "the strict format", packed(parts(strict)), one_sheet(TOP, LINE)
    utf16 = sound.replace("UTF-8", "UTF-16").encode("utf-16")
    yield "a sheet in UTF-16", packed(parts(sound) | {SHEET: utf16}), one_sheet(TOP, LINE)
    latin = sound.replace("UTF-8", "windows-1252").encode("cp1252")
    yield "a sheet in cp1252", packed(parts(sound) | {SHEET: latin}), one_sheet(TOP, LINE)
    far = parts(sound) | {RELATIONS: relations(relation(1, "worksheet", "/xl/worksheets/sheet1.xml"))}
    yield "a target from the root", packed(far), one_sheet(TOP, LINE)
    up = parts(sound) | {RELATIONS: relations(relation(1, "worksheet", "../xl/./worksheets/sheet1.xml"))}
    yield "a target with steps", packed(up), one_sheet(TOP, LINE)
    rows = [relation(each, kind, f"worksheets/sheet{each}.xml") for each, kind in ((1, "worksheet"), (2, "chartsheet"))]
    chart = parts(sound, sound) | {RELATIONS: relations(*rows)}
    yield "a chart sheet", packed(chart), one_sheet(TOP, LINE)
    yield "an empty sheet beside", packed(parts(sound, sheet())), one_sheet(TOP, LINE)
    yield "empty sheets alone", packed(parts(sheet(), sheet(row(1, cell("A1"))))), Refusal(Code.EMPTY_FILE, "no cells")
    yield "no sheets", packed(parts()), Refusal(Code.EMPTY_FILE)
    names = workbook_xml({"S1": ""}).replace("</sheets>", '<sheet name="S1" r:id="rId2"/></sheets>')
    yield "two sheets of one name", packed(parts(sound, sound, WORKBOOK=names)), DAMAGED
    rows = [relation(each, "worksheet", "worksheets/sheet1.xml") for each in (1, 2)]
    yield "two sheets of one part", packed(parts(sound, sound) | {RELATIONS: relations(*rows)}), DAMAGED
    for name in ("../x", "a\tb", "\u202egnp", "x" * 300, "<b>&", ""):
        made = parts(sound, WORKBOOK=workbook_xml({name: ""}))
        yield f"a sheet named {name[:20]!a}", packed(made), Content({name: (TOP, LINE)})


def _written():
    yield (
        "as a program writes it",
        written(),
        Content(
            {
                "Figures": (
                    (1, cells("Figures of the quarter", COVERED, COVERED)),
                    (3, cells("series", "period", "value", "note")),
                    (4, cells("A1", datetime.date(2018, 9, 30), percent("27%"), "counted “twice”")),
                    (
                        5,
                        cells(
                            "E1", "Q2 2018/19", number("1898"), Cell("1898.5", number("1898.5").number, formula=True)
                        ),
                    ),
                    (6, cells("B8", "Q2 2018/19", Cell("70²", error="70 with a raised 2"))),
                ),
                "Notes": ((1, cells("Every value as it is held.")),),
            },
            ("has 1 formula", "calculated anew"),
        ),
    )


def written() -> bytes:
    """By XlsxWriter, with what real workbooks have beside their cells."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    rate, day, raised = (
        made.add_format(each) for each in ({"num_format": "0%"}, {"num_format": "dd/mm/yyyy"}, {"font_script": 1})
    )
    figures = made.add_worksheet("Figures")
    figures.merge_range("A1:C1", "Figures of the quarter")
    figures.write_row("A3", ["series", "period", "value", "note"])
    figures.write_string("A4", "A1")
    figures.write_datetime("B4", datetime.datetime(2018, 9, 30), day)  # noqa: DTZ001
    figures.write_number("C4", 0.27, rate)
    figures.write_string("D4", "counted “twice”")
    figures.write_row("A5", ["E1", "Q2 2018/19", 1898])
    figures.write_formula("D5", "=C5+0.5", None, 1898.5)
    figures.write_row("A6", ["B8", "Q2 2018/19"])
    figures.write_rich_string("C6", "70", raised, "2")
    figures.data_validation("C4:C100", {"validate": "decimal", "criteria": ">=", "value": 0})
    figures.autofilter("A3:D6")
    figures.freeze_panes(3, 1)
    figures.write_comment("A4", "Looked at.")
    figures.conditional_format("C4:C6", {"type": "data_bar"})
    chart = made.add_chart({"type": "line"})
    chart.add_series({"values": "=Figures!$C$4:$C$6"})
    figures.insert_chart("F2", chart)
    made.add_worksheet("Notes").write_string("A1", "Every value as it is held.")
    made.close()
    return out.getvalue()


def _names():
    sound = book(HEADER, ROW)
    for name in (
        "figures.xlsm",
        "figures",
        "FIGURES.XLSX",
        "a\r\nb.xlsx",
        "../../x.xlsx",
        "\u202exslx.figures",
        "x" * 300,
    ):
        yield f"name {name[:20]!a}", sound, one_sheet(TOP, LINE), name
    for name in ("figures.csv", "figures.TXT", "figures.tsv"):
        yield f"name {name!a}", sound, one_sheet(TOP, LINE, told=("The name ends",)), name
