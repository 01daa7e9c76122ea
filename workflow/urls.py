from django.urls import path

from . import area_views, cycle_views, paper_views, reading_views, views

CYCLE = "c/<slug:contract>/<quarter:quarter>/"
MEASURE = CYCLE + "m/<slug:measure>/"

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:contract>/", views.contract, name="contract"),
    path("c/<slug:contract>/open/<quarter:quarter>/", cycle_views.open_quarter, name="cycle-open"),
    path("c/<slug:contract>/import/<int:batch>/paper/", paper_views.import_paper, name="import-paper"),
    path(CYCLE, views.scorecard_page, name="scorecard"),
    path(CYCLE + "submit/", cycle_views.submit, name="cycle-submit"),
    path(CYCLE + "send-back/", cycle_views.send_back, name="cycle-send-back"),
    path(CYCLE + "accept/", cycle_views.accept, name="cycle-accept"),
    path(CYCLE + "commentary/", reading_views.commentary, name="commentary"),
    path(MEASURE, views.measure_page, name="measure"),
    path(MEASURE + "figures.csv", views.figures_csv, name="measure-csv"),
    path(MEASURE + "area/", area_views.change_area, name="area"),
]
