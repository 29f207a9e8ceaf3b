"""The standard normal distribution's tail, which NumPy lacks and GELU needs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.polynomial.chebyshev import cheb2poly
from numpy.typing import NDArray

Array = NDArray[Any]

# Mills' ratio R(s) = P(Z > s) e^(s²/2) as Chebyshev's series in u = (c - s) / (c + s), which maps s = 0 … ∞ to 1 … -1,
# where it is smooth (the method of Numerical Recipes, 3rd edition, 6.2.2). The coefficients were computed with 60
# digits by interpolation at Chebyshev's nodes; a test compares the result with math.erfc.
_C = 3.5
_SERIES = (
    0.17602266433569933348, 0.23415640660408660009, 0.071863788085344158349, 0.01578609235347817623,
    0.002149175529311220449, 0.000061794832361673495407, -0.000036342299960811296226, -4.4456710917324836467e-6,
    7.3594868201644877502e-7, 1.5709384003947010415e-7, -2.2549342644127585994e-8, -5.3829575547671523e-9,
    1.0003476952330929717e-9, 1.7432375530862983786e-10, -5.2760462131107253939e-11, -3.9776015672386165854e-12,
    2.8079746127515752191e-12, -8.2100967685208201984e-14, -1.3297717138994513052e-13, 2.0423870996534519806e-14,
    4.5013250929317736156e-15, -1.7784673592128178651e-15,
)  # fmt: skip
# From the highest power of u down. A float32 has no use for more than ten: what is left out is below 7e-9.
_POLYNOMIALS = {4: cheb2poly(_SERIES[:11])[::-1], 8: cheb2poly(_SERIES)[::-1]}


def tail_and_density(distance: Array) -> tuple[Array, Array]:
    """Return P(Z > s) and e^(-s²/2) for distances s ≥ 0 of any shape."""
    tail = _C - distance
    u = distance + _C
    np.divide(tail, u, u)
    leading, *rest = _POLYNOMIALS[distance.itemsize].tolist()
    tail.fill(leading)
    for coefficient in rest:  # Horner's scheme.
        np.multiply(tail, u, tail)
        np.add(tail, coefficient, tail)
    density = np.multiply(distance, distance, u)
    np.multiply(density, -0.5, density)
    np.exp(density, density)
    return np.multiply(tail, density, tail), density
