from __future__ import annotations

import pytest

from geoservice.geocode.penalties import PENALTIES
from geoservice.geocode.titles import fault_title


@pytest.mark.parametrize("name", PENALTIES)
def test_every_fault_has_a_sentence_in_both_languages(name: str) -> None:
    said = fault_title(name)
    assert name not in (said.fa, said.en)
    assert "{" not in said.fa + said.en
