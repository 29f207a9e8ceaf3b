"""Found by a Python whose PYTHONPATH names this folder: lets its wall clock, and no other, be set by a file."""

import datetime
import os
import time
from pathlib import Path
from typing import Any

_file = Path(os.environ["FAULTS_CLOCK_FILE"])
_time, _time_ns, _gmtime, _localtime = time.time, time.time_ns, time.gmtime, time.localtime


def _offset_s() -> float:
    return float(_file.read_text() or 0)


class _DateTime(datetime.datetime):
    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return cls.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls) -> Any:
        return cls.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)


time.time = lambda: _time() + _offset_s()
time.time_ns = lambda: _time_ns() + int(_offset_s() * 1e9)
time.gmtime = lambda moment=None: _gmtime(time.time() if moment is None else moment)
time.localtime = lambda moment=None: _localtime(time.time() if moment is None else moment)
datetime.datetime = _DateTime  # type: ignore[misc]
