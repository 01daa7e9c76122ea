from django.urls import path

from . import views

PANE = "c/<slug:contract>/<quarter:quarter>/m/<slug:measure>/pane/<slug:party>"

urlpatterns = [
    path(f"{PANE}/save/", views.save, name="pane-save"),
    path(f"{PANE}/release/", views.release, name="pane-release"),
    path(f"{PANE}/withdraw/", views.withdraw, name="pane-withdraw"),
]
