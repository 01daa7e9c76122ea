"""The addresses of the API; each app answers for its own."""

from django.urls import path

from workflow.api import scorecard_json

urlpatterns = [
    path(
        "contracts/<slug:contract>/cycles/<quarter:quarter>/scorecard/",
        scorecard_json,
        name="api-scorecard",
    ),
]
