from django.urls import path

from . import benchmark_import_views, benchmark_views, event_views, grid_views, import_views, revision_views, views

ENTRY = "c/<slug:contract>/<quarter:quarter>/entry/"
HISTORY = "c/<slug:contract>/<quarter:quarter>/history/<int:series>/<period:period>/"
EVENTS = "c/<slug:contract>/<quarter:quarter>/m/<slug:measure>/events/"
BENCHMARKS = "c/<slug:contract>/benchmarks/"
IMPORT = "c/<slug:contract>/import/"

urlpatterns = [
    path(ENTRY, grid_views.entry, name="entry"),
    path(f"{ENTRY}<int:series>/row/", grid_views.entry_row, name="entry-row"),
    path(f"{ENTRY}<int:series>/", views.entry_series, name="entry-series"),
    path(HISTORY, revision_views.cell_history, name="cell-history"),
    path(EVENTS, event_views.event_list, name="events"),
    path(f"{EVENTS}<int:event>/withdraw/", event_views.withdraw, name="event-withdraw"),
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
]
