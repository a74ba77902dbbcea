"""Resources besides features that take content: which methods, and what answers them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from geoservice.http.answer import Answer
from geoservice.http.asked import Scope
from geoservice.http.context import Context
from geoservice.http.methods import Methods, Receive


@dataclass(frozen=True, slots=True)
class Taking:
    """`answer` is given every method that `methods` allow, and GET in any case."""

    path: re.Pattern[str]
    methods: Callable[[Context], Methods]
    answer: Callable[[Scope, Receive, Context], Awaitable[Answer]]
