"""Schemathesis over the server's own OpenAPI document; the benchmark sends far more (`bench --only hostile`)."""

from bench.hostile import openapi


def test_made_up_requests_are_answered_as_the_document_says(count):
    report = openapi.attack(examples=4, is_whole=False)

    count("requests that Schemathesis made up", report.cases)
    assert report.cases > 150
    assert str(report) == ""
