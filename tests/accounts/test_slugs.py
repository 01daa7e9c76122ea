"""Addresses that are made of titles and codes, the same wherever a contract or a measure comes from."""

import pytest

from accounts.contracts import Settings, checked
from accounts.denial import Invalid
from accounts.slugs import slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("E34/35", "e34-35"),
        ("B.8", "b-8"),
        ("St. Mary's", "st-marys"),
        ("St. Mary’s", "st-marys"),
        ("Café & bar", "cafe-bar"),
        ("a_b", "a-b"),
        ("-b8-", "b8"),
        ("!!", ""),
        ("abcde fgh", "abcde"),
    ],
)
def test_small_letters_digits_and_hyphens(text, slug):
    assert slug_of(text, 6 if text.startswith("abcde") else 30) == slug
    assert slug_of(slug, 30) == slug


def test_a_contracts_address_is_made_so():
    assert checked(Settings("St. Mary's housing", "")).slug == "st-marys-housing"
    with pytest.raises(Invalid, match="such as housing-repairs") as caught:
        checked(Settings("Housing", "housing_repairs"))
    assert set(caught.value.errors) == {"slug"}
