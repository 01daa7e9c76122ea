"""The pages of a file of benchmarks: choosing, the preview, the confirmation, the batch and its undoing."""

from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Who
from measures.imports.benchmark_batches import confirm
from measures.imports.tidy import Choice
from measures.models import Benchmark, ImportBatch
from measures.terms import Statistic
from tests.factories import NOW, make_benchmark
from tests.markup import parse
from tests.measures.imports.office import BASE, Office
from tests.measures.imports.tidy_files import COUNCILS, HEADER, content, line
from tests.statements import just_before

LINES = [
    line(),
    line(category="Under 1", percent="30"),
    line("E12000003", "22.9"),
    *[line(code, str(20 + number)) for number, code in enumerate(COUNCILS)],
]
FILE = content(*LINES)
MAY = [Who.ADMINISTRATOR, Who.ANALYST, Who.OFFICER]


class Room(Office):
    def send(self, content=FILE, who=Who.ANALYST):
        client = self.client(who)
        response = client.post(BASE, {"file": SimpleUploadedFile("data.csv", content)})
        assert response.status_code == 302, response.text[:300]
        return client, response["Location"]

    @property
    def typed(self):
        """England's and two neighbours' repeated referrals for B8."""
        return {
            "column_1": str(self.series.pk),
            "filter_0": "0",
            "areas": ["E92000001"],
            "authorities": "",
            "neighbours": "Doncaster\nE08000016\n",
            "statistic": "mean",
            "comparability": "close",
            "source": "DfE",
            "edition": "Children in need 2018",
            "published_on": "2018-10-25",
            "note": "A year’s figure",
        }

    def chosen(self, content=FILE, who=Who.ANALYST, **typed):
        client, path = self.send(content, who)
        response = client.post(path, {**self.typed, **typed})
        assert response.status_code == 302, response.text
        return client, response["Location"]


@pytest.fixture
def room(db):
    return Room()


def page(response, status=200):
    assert response.status_code == status, response.text[:500]
    return parse(response.text)


def message(tree, name):
    return tree.one("p", id=f"id_{name}_error").text.removeprefix("Error: ")


def table_of(tree, key):
    section = tree.one("section", id=key)
    return rows_of(section)


def rows_of(tree):
    """Cells of the one table; a narrow screen's period behind the name is left out."""
    rows = [[cell.text for cell in row.children if not isinstance(cell, str)] for row in tree.one("tbody").all("tr")]
    return [[name.removesuffix(f" {period}"), period, *others] for name, period, *others in rows]


class TestUpload:
    @pytest.mark.parametrize("who", MAY)
    def test_leads_to_the_choice(self, room, who):
        _, path = room.send(who=who)
        assert path == f"{BASE}{ImportBatch.objects.get().pk}/benchmarks/"

    @pytest.mark.parametrize("name", ["mapping", "preview"])
    def test_the_pages_of_values_lead_there_too(self, room, name):
        client, path = room.send()
        assert client.get(path.replace("benchmarks", name))["Location"] == path

    def test_a_file_of_values_has_no_such_page(self, room):
        batch = room.upload()
        assert room.client().get(f"{BASE}{batch.pk}/benchmarks/").status_code == 404
        assert room.client().get(f"{BASE}{batch.pk}/benchmarks/preview/").status_code == 404

    @pytest.mark.parametrize("who", [Who.OFFICER, Who.ADMINISTRATOR])
    def test_another_party_s_file_is_not_known(self, room, who):
        _, path = room.send()
        assert room.client(who).get(path).status_code == 404
        assert room.client(who).post(f"{path}preview/", {"digest": "x"}).status_code == 404

    @pytest.mark.parametrize("who", [Who.COMMISSIONER_DIRECTOR, Who.PROVIDER_DIRECTOR])
    def test_directors_choose_nothing(self, room, who):
        _, path = room.send()
        assert room.client(who).get(path).status_code == 403
        assert room.client(who).post(path, room.typed).status_code == 403


class TestChoice:
    def test_what_is_asked(self, room):
        client, path = room.send()
        tree = page(client.get(path))
        assert tree.one("h1").text == "Benchmarks from this file"
        labels = [node.text.removesuffix(" (optional)") for node in tree.one("main").all("label")]
        assert labels == [
            *("referral_count", "repeat_percent", "category"),
            *("England", "Yorkshire and The Humber", "Single authorities", "Statistical neighbours"),
            *("Mean or median of them", "Same definition", "Close, not the same", "Not comparable, so not drawn"),
            *("Source", "Edition", "Published on", "Note"),
        ]
        series = tree.one("select", name="column_1")
        assert [one.text for one in series.all("option")] == [
            *("Not wanted", "B8 Proceedings on track", "B8: E1 Contacts")
        ]
        assert tree.one("div", id="id_column_1_helptext").text == "Such as 21.9, 30, 22.9."

    def test_what_the_file_suggests(self, room):
        client, path = room.send()
        tree = page(client.get(path))
        [chosen] = [one for one in tree.one("select", name="filter_0").all("option") if "selected" in one.attrs]
        assert chosen.text == "Total"
        ticked = [one.attrs["value"] for one in tree.all("input", name="areas") if "checked" in one.attrs]
        assert ticked == ["E92000001"]

    def test_a_filter_of_one_value_is_not_asked(self, room):
        client, path = room.send(content(line()))
        assert page(client.get(path)).all("select", name="filter_0") == []
        client.post(path, {**room.typed, "neighbours": "", "statistic": ""})
        assert ImportBatch.objects.get().mapping["tidy"]["filters"] == {"category": "Total"}

    def test_a_filter_left_open_is_named_where_it_is_needed(self, room):
        client, path = room.chosen(filter_0="", neighbours="", statistic="")
        assert ImportBatch.objects.get().mapping["tidy"]["filters"] == {}
        tree = page(client.get(path))
        assert tree.one("p", class_="answer").text == "No new benchmarks, 2 rows refused."
        assert "Choose one value of “category”." in tree.one("section", id="refused").text

    def test_what_is_chosen_is_kept(self, room):
        client, path = room.chosen(authorities="Wakefield")
        kept = Choice.from_json(ImportBatch.objects.get().mapping["tidy"])
        assert kept == Choice(
            {"repeat_percent": room.series.pk},
            {"category": "Total"},
            ("E92000001", "E08000036"),
            ("E08000017", "E08000016"),
            Statistic.MEAN,
            kept.comparability,
            "DfE",
            "Children in need 2018",
            kept.published_on,
            "A year’s figure",
        )
        assert (str(kept.comparability), str(kept.published_on)) == ("close", "2018-10-25")
        tree = page(client.get(path.removesuffix("preview/")))
        assert tree.one("textarea", name="neighbours").text.split() == ["Barnsley", "Doncaster"]
        assert tree.one("textarea", name="authorities").text.split() == ["Wakefield"]
        assert tree.one("input", name="published_on").attrs["value"] == "2018-10-25"

    @pytest.mark.parametrize(
        ("name", "text", "says"),
        [
            (
                "neighbours",
                "Doncaster\nHull\nLeeds",
                "Not in this file: Hull, Leeds. Write them as the file does, such as Barnsley.",
            ),
            ("statistic", "", "Say whether the mean or the median of the neighbours is wanted."),
            ("neighbours", "", "Name the neighbours whose mean or median is wanted."),
            ("source", "", "Say who published the figure, such as DfE."),
            ("edition", "", "Say which release or table it stands in."),
            ("published_on", "soon", "Enter a day such as 6/12/2018."),
            ("note", "x" * 301, "Use 300 characters or fewer; this has 301."),
        ],
    )
    def test_what_is_wrong(self, room, name, text, says):
        client, path = room.send()
        tree = page(client.post(path, {**room.typed, name: text}), 422)
        assert message(tree, name) == says
        assert tree.one("title").text.startswith("Error: ")
        assert ImportBatch.objects.get().mapping["tidy"]["series"] == {}

    def test_one_series_for_two_columns(self, room):
        client, path = room.send()
        tree = page(client.post(path, {**room.typed, "column_0": str(room.series.pk)}), 422)
        says = "Another column is chosen for this series as well. Choose one of them."
        assert (message(tree, "column_0"), message(tree, "column_1")) == (says, says)

    def test_two_authorities_of_one_name(self, room):
        client, path = room.send(content(*LINES, line("E08000016", new_la_code="E99")))
        tree = page(client.post(path, {**room.typed, "neighbours": "Barnsley"}), 422)
        assert message(tree, "neighbours") == "Barnsley stands for 2 areas in this file: write its code."

    def test_what_is_still_missing(self, room):
        client, path = room.chosen(column_1="")
        # The preview leads back, and the page says why.
        assert client.get(path)["Location"] == path.removesuffix("preview/")
        tree = page(client.get(path.removesuffix("preview/")))
        assert tree.one("div", class_="answer").text == (
            "Choose at least one series that a column gives benchmarks for."
        )

    def test_a_question(self, room):
        lines = [one | {"time_period": "2018", "time_identifier": "Reporting year"} for one in LINES]
        client, path = room.chosen(content(*lines))
        choose = path.removesuffix("preview/")
        assert client.get(path)["Location"] == choose
        tree = page(client.get(choose))
        assert tree.one("p", class_="answer").text.startswith("One thing in this file can be read in two ways.")
        assert "Periods such as “2018 Reporting year” in row 2 name one year." in tree.text
        client.post(choose, {**room.typed, "answer_year_end": "ends"})
        assert "2017/18" in page(client.get(path)).text
        # It can be answered otherwise.
        [ticked] = [
            one for one in page(client.get(choose)).all("input", name="answer_year_end") if "checked" in one.attrs
        ]
        assert ticked.attrs["value"] == "ends"

    def test_a_file_that_lacks_a_column(self, room):
        client, path = room.send(content(line(), header=[name for name in HEADER if name != "time_identifier"]))
        tree = page(client.get(path))
        assert "There is no column “time_identifier”." in tree.one("div", class_="answer").text
        assert [one.attrs["action"] for one in tree.one("main").all("form")] == [path.replace("benchmarks", "discard")]


class TestPreview:
    def test_new_changed_unchanged_and_refused(self, room):
        make_benchmark(room.series)
        client, path = room.chosen(content(*LINES, line(period="2017", kind="Calendar year")))
        tree = page(client.get(path))
        assert tree.one("p", class_="answer").text == "1 new benchmark, 1 changed, 1 row refused."
        assert "All from DfE, Children in need 2018, published 25 October 2018. Close, not the same." in tree.text
        assert table_of(tree, "new") == [["B8 Statistical neighbours (mean)", "2017/18", "20.5%", "Row 5"]]
        assert table_of(tree, "changed") == [
            [
                "B8 England",
                "2017/18",
                "21.9% (DfE, Children in need 2018)",
                "21.9%, other day of publication, method, note",
                "Row 2",
            ]
        ]
        [[place, _, read, why]] = table_of(tree, "refused")
        assert (place, read.split(" in ")[0]) == ("Row 9", "2017 Calendar year")
        assert why.startswith("“2017” beside “calendar year” does not name one financial year or quarter.")
        assert [one.text for one in tree.one("aside", id="confirm").all("button")] == [
            *("Import 2 benchmarks", "Throw the file away")
        ]
        assert Benchmark.objects.count() == 1

    def test_another_figure_of_another_source(self, room):
        make_benchmark(room.series, value=30, source="ONS")
        client, path = room.chosen()
        [[_, _, old, new, _]] = table_of(page(client.get(path)), "changed")
        assert (old, new) == ("30.0% (ONS, Children in need 2018)", "21.9%")

    def test_what_has_no_figure_is_told(self, room):
        client, path = room.chosen(content(*LINES, line(percent="c", period="201617")))
        assert (
            "Without a figure, left out: 1 (c, confidential: 1), such as England 2016/17 (c)."
            in page(client.get(path)).text
        )

    def test_nothing_to_import(self, room):
        client, path = room.chosen()
        client.post(path, {"digest": digest(client, path)})
        client, path = room.chosen()
        tree = page(client.get(path))
        assert tree.one("p", class_="answer").text == "No new benchmarks, 2 unchanged."
        assert "There is nothing to import" in tree.text
        assert "This file was imported on" in tree.text

    def test_the_refused_rows_as_a_workbook(self, room):
        client, path = room.chosen(content(*LINES, line(period="2017", kind="Calendar year")))
        response = client.get(path.replace("benchmarks/preview/", "refused.xlsx"))
        assert (response.status_code, response.content[:2]) == (200, b"PK")

    def test_a_file_that_can_be_read_no_longer(self, room):
        client, path = room.chosen()
        ImportBatch.objects.update(content=b"\xd0\xcf\x11\xe0")
        for each in (path, path.removesuffix("preview/"), path.replace("benchmarks/preview/", "refused.xlsx")):
            assert client.get(each).status_code == 409

    def test_thrown_away(self, room):
        client, path = room.chosen()
        client.post(path.replace("benchmarks/preview/", "discard/"))
        assert not ImportBatch.objects.exists()


def digest(client, path):
    return page(client.get(path)).one("input", name="digest").attrs["value"]


class TestConfirm:
    @pytest.mark.parametrize("who", MAY)
    def test_what_the_preview_showed_is_held(self, room, who):
        client, path = room.chosen(who=who)
        response = client.post(path, {"digest": digest(client, path)})
        batch = ImportBatch.objects.get()
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/")
        assert [(row.comparator, row.statistic, row.method) for row in Benchmark.objects.order_by("comparator")] == [
            ("England", "", "Column repeat_percent, category: Total"),
            (
                "Statistical neighbours",
                "mean",
                "Mean of 2 of 2 authorities. Column repeat_percent, category: Total",
            ),
        ]
        tree = page(client.get(response["Location"]))
        assert "2 benchmarks imported from data.csv." in tree.text
        assert tree.one("p", class_="answer").text == "2 new."
        assert rows_of(tree) == [
            ["B8 England", "2017/18", "nothing held", "21.9%"],
            ["B8 Statistical neighbours (mean)", "2017/18", "nothing held", "20.5%"],
        ]

    def test_another_preview_than_was_seen(self, room):
        client, path = room.chosen()
        seen = digest(client, path)
        make_benchmark(room.series)
        tree = page(client.post(path, {"digest": seen}), 409)
        assert "What is held has changed since you opened this preview." in tree.one("div", role="alert").text
        assert tree.one("p", class_="answer").text == "1 new benchmark, 1 changed."
        assert Benchmark.objects.count() == 1

    def test_twice(self, room):
        client, path = room.chosen()
        seen = digest(client, path)
        client.post(path, {"digest": seen})
        response = client.post(path, {"digest": seen})
        assert response["Location"] == path.removesuffix("benchmarks/preview/")
        assert client.get(path.removesuffix("preview/"))["Location"] == path.removesuffix("benchmarks/preview/")

    # The file is read; the transaction begins.
    @pytest.mark.parametrize("before", ['SELECT "measures_importbatch"."content"', "SAVEPOINT"])
    def test_two_clicks_at_once(self, room, before):
        client, path = room.chosen()
        seen, batch = digest(client, path), ImportBatch.objects.get()
        first = partial(confirm, by=room.by(), batch=batch, digest=seen, now=NOW)
        with just_before(before, first):
            response = client.post(path, {"digest": seen})
        assert (response.status_code, response["Location"]) == (302, f"{BASE}{batch.pk}/")
        assert (ImportBatch.objects.get().state, Benchmark.objects.count()) == ("confirmed", 2)

    def test_thrown_away_meanwhile(self, room):
        client, path = room.chosen()
        seen = digest(client, path)
        with just_before("SAVEPOINT", ImportBatch.objects.all().delete):
            assert client.post(path, {"digest": seen}).status_code == 404

    def test_undone(self, room):
        client, path = room.chosen()
        client.post(path, {"digest": digest(client, path)})
        undo = path.replace("benchmarks/preview/", "undo/")
        tree = page(client.get(undo))
        assert "2 values go." in tree.text
        assert tree.all("textarea") == []
        response = client.post(undo)
        assert response.status_code == 302
        assert not Benchmark.objects.exists()
        assert page(client.get(response["Location"])).one("p", class_="answer").text.startswith("Undone by ")

    def test_the_party_s_director_reads_the_batch(self, room):
        client, path = room.chosen()
        client.post(path, {"digest": digest(client, path)})
        batch = path.removesuffix("benchmarks/preview/")
        assert "B8 England" in page(room.client(Who.PROVIDER_DIRECTOR).get(batch)).text
        assert room.client(Who.COMMISSIONER_DIRECTOR).get(batch).status_code == 404


@pytest.mark.parametrize("years", [1, 3])
def test_queries(room, years):
    lines = [one | {"time_period": f"20{year}{year + 1}"} for one in LINES for year in range(17, 17 - years, -1)]
    client, path = room.chosen(content(*lines))
    client.get("/")
    # Session, person, membership, the open quarter of the menu; the batch, its content, series, benchmarks, and the
    # remembered choice or the last import of the same file.
    for each in (path, path.removesuffix("preview/")):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(each).status_code == 200
        assert len(queries) == 9, each
