"""Any commands in any order; the benchmark takes far more steps (`bench --only hostile`)."""

from bench.hostile import stream
from bench.hostile.siege import Report

STEPS = 400


def test_whatever_is_sent_in_whatever_order_all_that_is_told_agrees(server, count):
    report = Report()

    steps = stream.play(("127.0.0.1", server.port), STEPS, report)

    count("steps on streams", steps)
    assert str(report) == ""
    assert steps > STEPS / 2
