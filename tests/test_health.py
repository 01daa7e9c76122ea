"""`/healthz` on a living database; tests/test_deployment.py takes the database away."""

import pytest


@pytest.mark.django_db
def test_health_is_short_public_and_not_kept(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        reply = client.get("/healthz")
    assert (reply.status_code, reply.content, reply["Content-Type"]) == (200, b"ok\n", "text/plain")
    assert "no-store" in reply["Cache-Control"]
    assert client.post("/healthz").status_code == 405
