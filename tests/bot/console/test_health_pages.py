"""What the console tells of itself to this machine, and to nobody who comes through a proxy."""

from fastapi.testclient import TestClient

from tests.support.staff import HOST


def asked(app, path, **headers):
    client = TestClient(app, base_url=HOST, follow_redirects=False)
    client.portal = app.state.portal
    return client.get(path, headers=headers)


def test_without_a_login_it_says_whether_pages_can_be_served(app):
    assert asked(app, "/livez").json() == {"ok": True}
    report = asked(app, "/readyz")
    assert (report.status_code, report.json()["status"]) == (200, "degraded")
    assert report.json()["checks"]["database"]["ok"]
    assert not report.json()["checks"]["bot"]["ok"], "none runs here"
    figures = asked(app, "/metrics").text
    assert 'console_requests_total{method="GET",status="200"}' in figures
    assert "review_queue_size 0.0" in figures
    assert "process_resident_memory_bytes" in figures


def test_through_a_proxy_there_is_nothing(app):
    for path in ("/livez", "/readyz", "/metrics"):
        assert asked(app, path, **{"X-Forwarded-For": "203.0.113.9"}).status_code == 404
        assert asked(app, path, Host="staff.example.com").status_code == 400
