"""Whatever is sent in whatever order, each command is answered, no point is lost, and the session goes on."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

STATES = {"idle", "running", "paused", "diverged", "done"}

anything: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([0, 1, 2, -1, 0.5, 5e-324, 1e-300, 1e300, 2**31, 2**53, 2**63, None, True, "", "x", [], {}]),
    st.integers(-5, 5),
    st.floats(allow_nan=False, allow_infinity=False),
)


def some(*usual):
    """A value that makes sense more often than not."""
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), anything)


def members(**optional):
    return st.fixed_dictionaries({}, optional=optional)


layers = st.lists(
    members(units=some(1, 2, 3), activation=some("tanh", "relu", "softmax", {"name": "sigmoid"})), max_size=4
)
patches = st.one_of(
    members(
        network=members(layers=layers, output_activation=some("tanh", None, "softmax"), seed=some(1, 2)),
        training=members(
            optimizer=some("sgd", "momentum", "rmsprop", {"name": "sgd", "learning_rate": 100.0}),
            loss=some("auto", "mean_squared_error", "binary_crossentropy", "categorical_crossentropy"),
            regularizer=some("none", "l1", {"name": "l2", "rate": 0.1}),
            batch_size=some(1, 10, 1000),
        ),
    ),
    members(
        data=members(
            dataset=some({"name": "circle", "samples": 20}, {"name": "xor", "samples": 30, "noise": 0.5}),
            features=some(["x"], ["x", "y", "sin_x"], ["x", "x"]),
            split=some({"train": 0.8, "test": 0.2}, {"train": 0.5, "validation": 0.2, "test": 0.3}),
            seed=some(1, 2),
        )
    ),
    anything,
)


def command(name, **optional):
    return st.fixed_dictionaries({"type": st.just(name)}, optional=optional)


commands = st.one_of(
    command("run", epochs=some(1, 3), speed=some(None, 20, 0.001)),
    command("run", steps=some(1, 3), epochs=anything),
    command("pause"),
    command("step", unit=some("epoch", "batch", "example"), count=some(1, 2, 5)),
    command("reset", weights=some("same", "new")),
    command("configure", patch=patches),
    command("view", resolution=some(2, 10), unit_resolution=some(2, 10), fps=some(0, 60), arrays=some([], ["units"])),
    command("seen", seq=some(0, 1, 100)),
    command("edit", layer=some(0, 1), bias=some(0, 1), value=some(0.5, -2.0)),
    command("edit", layer=some(0, 1), to=some(0, 1), value=some(1e6), **{"from": some(0, 1)}),
    st.fixed_dictionaries({"type": anything}),
)


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(commands, min_size=5, max_size=30))
def test_any_commands_in_any_order_leave_a_session_that_works(server, sequence):
    session = server.create()
    with session.open_stream() as stream:
        for message in sequence:
            answer = stream.command(**message)
            assert answer["type"] == "ack" or 400 <= answer["status"] < 500, (message, answer)

        assert stream.command(type="reset")["type"] == "ack"
        assert stream.command(type="run", epochs=1)["type"] == "ack"
        done = stream.next_where(lambda event: event["type"] in ("done", "diverged") and event["step"] > 0)
        points = [point for event in stream.all_events if event["type"] == "points" for point in event["points"]]

    assert done["run"] >= 1
    assert [point["n"] for point in points] == list(range(1, len(points) + 1))
    assert session.get().json()["state"] in STATES
    session.request("DELETE")
