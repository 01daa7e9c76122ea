from django.urls import path

from . import (
    area_views,
    cycle_views,
    measure_set_up_views,
    paper_views,
    reading_views,
    series_set_up_views,
    set_up_views,
    views,
    workbook_views,
)

CYCLE = "c/<slug:contract>/<quarter:quarter>/"
MEASURE = CYCLE + "m/<slug:measure>/"
SET_UP = "c/<slug:contract>/set-up/measures/"
SET_UP_MEASURE = SET_UP + "m/<slug:measure>/"
SET_UP_SERIES = SET_UP_MEASURE + "series/<int:series>/"

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:contract>/", views.contract, name="contract"),
    path("c/<slug:contract>/open/<quarter:quarter>/", cycle_views.open_quarter, name="cycle-open"),
    path("c/<slug:contract>/import/<int:batch>/paper/", paper_views.import_paper, name="import-paper"),
    path("set-up/workbook/", workbook_views.workbook, name="contract-workbook"),
    path("set-up/workbook/template.xlsx", workbook_views.template, name="contract-workbook-template"),
    path("c/<slug:contract>/set-up/workbook/", workbook_views.download, name="contract-workbook-download"),
    path(CYCLE, views.scorecard_page, name="scorecard"),
    path(CYCLE + "submit/", cycle_views.submit, name="cycle-submit"),
    path(CYCLE + "send-back/", cycle_views.send_back, name="cycle-send-back"),
    path(CYCLE + "accept/", cycle_views.accept, name="cycle-accept"),
    path(CYCLE + "commentary/", reading_views.commentary, name="commentary"),
    path(MEASURE, views.measure_page, name="measure"),
    path(MEASURE + "figures.csv", views.figures_csv, name="measure-csv"),
    path(MEASURE + "area/", area_views.change_area, name="area"),
    path(SET_UP, set_up_views.measure_list, name="set-up-measures"),
    path(SET_UP + "order/", set_up_views.order, name="set-up-order"),
    path(SET_UP + "add/", measure_set_up_views.add, name="set-up-measure-add"),
    path(SET_UP_MEASURE, measure_set_up_views.measure_page, name="set-up-measure"),
    path(SET_UP_MEASURE + "section/", set_up_views.section, name="set-up-section"),
    path(SET_UP_MEASURE + "change/", measure_set_up_views.change, name="set-up-measure-change"),
    path(SET_UP_MEASURE + "retire/", measure_set_up_views.retire, name="set-up-measure-retire"),
    path(SET_UP_MEASURE + "delete/", measure_set_up_views.remove, name="set-up-measure-delete"),
    path(SET_UP_MEASURE + "series/add/", series_set_up_views.add, name="set-up-series-add"),
    path(SET_UP_SERIES + "change/", series_set_up_views.change, name="set-up-series-change"),
    path(SET_UP_SERIES + "new/", series_set_up_views.start_new, name="set-up-series-new"),
    path(SET_UP_SERIES + "end/", series_set_up_views.end, name="set-up-series-end"),
    path(SET_UP_SERIES + "delete/", series_set_up_views.remove, name="set-up-series-delete"),
    path(SET_UP_SERIES + "definitions/add/", series_set_up_views.add_series_definition, name="set-up-definition-add"),
    path(
        SET_UP_SERIES + "definitions/correct/",
        series_set_up_views.change_series_definition,
        name="set-up-definition-correct",
    ),
    path(SET_UP_SERIES + "target/", series_set_up_views.target, name="set-up-target"),
]
