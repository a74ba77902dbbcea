from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoservice.errors import InvalidValue
from geoservice.indicators.measures import (
    coverage,
    inputs,
    lifespan,
)
from geoservice.indicators.measures.inputs import Regions, check_rows
from geoservice.indicators.measures.result import Reason


@given(st.permutations(["01", "02", "03", "04"]), st.permutations(["01", "02", "03", "04"]))
def test_aligns_on_the_code_and_never_on_row_order(one: list[str], two: list[str]) -> None:
    regions = Regions.align(
        {code: int(code) for code in one},
        {code: 10 * int(code) for code in two},
        {code: f"g{code}" for code in ["05", *two]},
    )
    assert regions.codes == ("01", "02", "03", "04")
    assert regions.y.tolist() == [1, 2, 3, 4]
    assert regions.p.tolist() == [10, 20, 30, 40]
    assert regions.groups == ("g01", "g02", "g03", "g04")
    assert regions.excluded == ()


def test_every_region_is_in_or_named() -> None:
    regions = Regions.align(
        {"in": 1, "y_none": None, "p_none": 1, "p_absent": 1, "empty": 5, "desert": 0, "zero": 0},
        {"in": 1, "y_none": 1, "p_none": None, "y_absent": 1, "empty": 0, "desert": 0, "zero": 4},
    )
    assert regions.codes == ("in", "zero")
    assert regions.weightless == ("desert",)
    assert {gone.code: gone.reason.code for gone in regions.excluded} == {
        "empty": "zero_population",
        "p_absent": "missing_population",
        "p_none": "missing_population",
        "y_absent": "missing_value",
        "y_none": "missing_value",
    }


def test_takes_what_a_database_gives() -> None:
    regions = Regions.align({"a": Decimal("1.5")}, {"a": np.int64(4)})
    assert (regions.y.tolist(), regions.p.tolist()) == ([1.5], [4])


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (-1, "must not be negative"),
        (float("nan"), "finite"),
        (float("inf"), "finite"),
        (10**400, "finite"),
        (Decimal("NaN"), "finite"),
        ("12", "finite"),
        ([], "finite"),
        (1e101, "give 0 or"),
        (1e-101, "give 0 or"),
    ],
)
@pytest.mark.parametrize("column", ["value", "population"])
def test_refuses_a_bad_number_by_name(bad: float, said: str, column: str) -> None:
    good = {"0101": 1.0, "0102": 1.0}
    spoilt = good | {"0102": bad}
    with pytest.raises(InvalidValue, match=f"the {column} of 0102 is .*{said}") as caught:
        Regions.align(*((spoilt, good) if column == "value" else (good, spoilt)))
    assert caught.value.value is bad


def test_a_bad_number_does_not_hide_behind_a_missing_one() -> None:
    with pytest.raises(InvalidValue, match="the value of 0102"):
        Regions.align({"0102": -1}, {"0102": None})
    with pytest.raises(InvalidValue, match="the population of 0102"):
        Regions.align({"0102": None}, {"0102": -1})


def test_refuses_a_region_without_group() -> None:
    with pytest.raises(InvalidValue, match="region 0102 has no group"):
        Regions.align({"0101": 1, "0102": 1}, {"0101": 1, "0102": 1}, {"0101": "01"})


def test_rows_have_one_length_and_distinct_codes() -> None:
    check_rows(["a", "b"], start=[1, 2])
    with pytest.raises(InvalidValue, match="start has 1 rows, but there are 2"):
        check_rows(["a", "b"], start=[1])
    with pytest.raises(InvalidValue, match="b comes twice"):
        check_rows(["a", "b", "b"])


def test_reasons_speak_two_languages_and_have_distinct_codes() -> None:
    reasons = {
        reason
        for module in (inputs, coverage, lifespan)
        for reason in vars(module).values()
        if isinstance(reason, Reason)
    }
    assert len({reason.code for reason in reasons}) == len(reasons) > 0
    for reason in reasons:
        assert reason.en.isascii()
        # Persian ye and kaf, never their Arabic look-alikes.
        assert not set(reason.fa) & set("يكى")
        assert any("\u0600" <= letter <= "\u06ff" for letter in reason.fa)
