"""How much memory a trainer takes, told from its spec before one is made."""

from __future__ import annotations

from engine.blanks import UsedInputs
from engine.spec import ExperimentSpec
from engine.stop_rules import EarlyStopping

_FLOAT_BYTES = 4
# For batches of a size there are activations, their gradients and their slopes; with dropout there are masks and
# what they leave.
_BUFFERS = 3
_DROPOUT_BUFFERS = 2
# Where a slope does not follow from its activation, sums are kept, and slopes take a few passes to compute.
_SUM_BUFFERS = 4
# Pictures of all units, 32 points each way, as numbers and as bytes; evaluations need about as much.
_PICTURE_BYTES = 32 * 32 * (_FLOAT_BYTES + 1)
# The order of the examples, and what the network said of each when it was last evaluated.
_EXAMPLE_BYTES = 64
_ANY_TRAINER_BYTES = 1024 * 1024


def footprint_bytes(spec: ExperimentSpec) -> int:
    """Return about how many bytes a float32 trainer of this spec takes; what all sessions share does not count."""
    dataset, training = spec.data.dataset, spec.training
    rows = sum(spec.shape[1:]) + len(spec.shape)
    train = int(dataset.samples * spec.data.split.train)
    batch = min(training.batch_size, train)
    left_over = train % batch if batch else 0  # An epoch's last batch has buffers of its own.
    keeps_best = any(isinstance(rule, EarlyStopping) for rule in training.stop)
    vectors = 3 + training.optimizer.slots + keeps_best
    buffers = _BUFFERS + _DROPOUT_BUFFERS * any(layer.dropout for layer in spec.network.layers)
    buffers += _SUM_BUFFERS * any(activation.needs_sum for activation in spec.activations)
    leaves_blanks_out = UsedInputs.pays(*spec.shape[:2])
    numbers = (
        vectors * spec.parameter_count
        + buffers * rows * (batch + left_over)
        + (2 + leaves_blanks_out + bool(training.input_noise) + 2 * bool(training.input_shift))
        * spec.data.network_inputs
        * batch
        # Images lie in a file that all sessions share.
        + (0 if dataset.image_shape is not None else 2 * spec.data.network_inputs * dataset.samples)
    )
    return _ANY_TRAINER_BYTES + _FLOAT_BYTES * numbers + _PICTURE_BYTES * rows + _EXAMPLE_BYTES * dataset.samples
