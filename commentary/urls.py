from django.urls import path

from . import history_views, last_views, views

PANE = "c/<slug:contract>/<quarter:quarter>/m/<slug:measure>/pane/<slug:party>"

urlpatterns = [
    path(f"{PANE}/save/", views.save, name="pane-save"),
    path(f"{PANE}/release/", views.release, name="pane-release"),
    path(f"{PANE}/withdraw/", views.withdraw, name="pane-withdraw"),
    path(f"{PANE}/history/", history_views.pane_history, name="pane-history"),
    path(f"{PANE}/restore/", history_views.restore, name="pane-restore"),
    path(f"{PANE}/last/", last_views.last, name="pane-last"),
    path(f"{PANE}/start/", last_views.start, name="pane-start"),
]
