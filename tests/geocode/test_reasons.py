from __future__ import annotations

import pytest

from geoservice.geocode.reasons import sentence
from geoservice.geocode.score import PENALTIES


@pytest.mark.parametrize("name", PENALTIES)
def test_every_fault_has_a_sentence_in_both_languages(name: str) -> None:
    said = sentence(name)
    assert said.fa
    assert said.en
    assert "{" not in said.fa + said.en
