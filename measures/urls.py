from django.urls import path

from . import views

ENTRY = "c/<slug:contract>/<quarter:quarter>/entry/"

urlpatterns = [
    path(ENTRY, views.entry, name="entry"),
    path(f"{ENTRY}<int:series>/", views.entry_series, name="entry-series"),
]
