from django.urls import path

from . import (
    benchmark_import_views,
    benchmark_views,
    catalogue_views,
    committee_views,
    contract_views,
    event_views,
    grid_views,
    import_views,
    member_views,
    revision_views,
    target_views,
    views,
)

ENTRY = "c/<slug:contract>/<quarter:quarter>/entry/"
HISTORY = "c/<slug:contract>/<quarter:quarter>/history/<int:series>/<period:period>/"
EVENTS = "c/<slug:contract>/<quarter:quarter>/m/<slug:measure>/events/"
BENCHMARKS = "c/<slug:contract>/benchmarks/"
MEASURES = "c/<slug:contract>/measures/"
TARGETS = f"{MEASURES}<slug:measure>/targets/"
IMPORT = "c/<slug:contract>/import/"
SET_UP = "c/<slug:contract>/set-up/"
COMMITTEE = f"{SET_UP}committee-dates/"
PEOPLE = "c/<slug:contract>/people/"

urlpatterns = [
    path(ENTRY, grid_views.entry, name="entry"),
    path(f"{ENTRY}<int:series>/row/", grid_views.entry_row, name="entry-row"),
    path(f"{ENTRY}<int:series>/", views.entry_series, name="entry-series"),
    path(HISTORY, revision_views.cell_history, name="cell-history"),
    path(EVENTS, event_views.event_list, name="events"),
    path(f"{EVENTS}<int:event>/withdraw/", event_views.withdraw, name="event-withdraw"),
    path(MEASURES, catalogue_views.catalogue, name="catalogue"),
    path(f"{MEASURES}<slug:measure>/", catalogue_views.sheet, name="definition-sheet"),
    path(TARGETS, target_views.targets, name="targets"),
    path(f"{TARGETS}<int:target>/agree/", target_views.agree_target, name="target-agree"),
    path(f"{TARGETS}<int:target>/refuse/", target_views.refuse_target, name="target-refuse"),
    path(f"{TARGETS}<int:target>/take-back/", target_views.take_back_target, name="target-take-back"),
    path(f"{TARGETS}<int:target>/withdraw/", target_views.withdraw_target, name="target-withdraw"),
    path(BENCHMARKS, benchmark_views.benchmark_list, name="benchmarks"),
    path(f"{BENCHMARKS}<int:series>/add/", benchmark_views.add, name="benchmark-add"),
    path(f"{BENCHMARKS}<int:benchmark>/", benchmark_views.change, name="benchmark-change"),
    path(f"{BENCHMARKS}<int:benchmark>/remove/", benchmark_views.remove, name="benchmark-remove"),
    path("c/<slug:contract>/figures.csv", import_views.figures_csv, name="figures-csv"),
    path(IMPORT, import_views.imports, name="import"),
    path(f"{IMPORT}template.xlsx", import_views.template_xlsx_file, name="import-template"),
    path(f"{IMPORT}template.csv", import_views.template_csv_file, name="import-template-csv"),
    path(f"{IMPORT}<int:batch>/", import_views.batch_page, name="import-batch"),
    path(f"{IMPORT}<int:batch>/mapping/", import_views.mapping_page, name="import-mapping"),
    path(f"{IMPORT}<int:batch>/preview/", import_views.preview_page, name="import-preview"),
    path(f"{IMPORT}<int:batch>/benchmarks/", benchmark_import_views.choose, name="import-benchmarks"),
    path(
        f"{IMPORT}<int:batch>/benchmarks/preview/",
        benchmark_import_views.preview_page,
        name="import-benchmarks-preview",
    ),
    path(f"{IMPORT}<int:batch>/refused.xlsx", import_views.refused, name="import-refused"),
    path(f"{IMPORT}<int:batch>/discard/", import_views.discard, name="import-discard"),
    path(f"{IMPORT}<int:batch>/undo/", import_views.undo, name="import-undo"),
    path(PEOPLE, member_views.contract_people, name="contract-people"),
    path(f"{PEOPLE}invite/", member_views.invite, name="member-invite"),
    path(f"{PEOPLE}<int:person>/", member_views.member, name="member"),
    path(f"{PEOPLE}<int:person>/remove/", member_views.remove, name="member-remove"),
    path(SET_UP, contract_views.contract_set_up, name="contract-set-up"),
    path(f"{SET_UP}change/", contract_views.contract_change, name="contract-change"),
    path(COMMITTEE, committee_views.dates, name="committee-dates"),
    path(f"{COMMITTEE}<quarter:quarter>/", committee_views.change, name="committee-date-change"),
    path(f"{COMMITTEE}<quarter:quarter>/remove/", committee_views.remove, name="committee-date-remove"),
]
