"""Passwords that are long and yet no secret."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

FEWEST_SIGNS = 5
FEWEST_OWN = 6
OWN = "This password is little more than your name or your e-mail address. Choose a few other words together."
ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
RUNS = [row for forward in ROWS for row in (forward, forward[::-1])]
WORDS = "This password repeats a few signs, or follows the alphabet or the keyboard. Choose a few words together."


class MonotonyValidator:
    """Refuses a password of fewer than five different signs, or in which each sign follows from the one before."""

    def validate(self, password: str, user=None) -> None:
        low = password.lower()
        pairs = list(zip(low, low[1:], strict=False))
        follows = sum(any(a + b in row for row in RUNS) or a == b for a, b in pairs)
        if len(set(low)) < FEWEST_SIGNS or follows > 0.8 * len(pairs):
            raise ValidationError(WORDS, code="password_monotonous")

    def get_help_text(self) -> str:
        return "Your password must not follow the alphabet or the keyboard."


class OwnWordsValidator(UserAttributeSimilarityValidator):
    """Refuses a password that is near the name or the address, and one that is put together from their parts: what is
    left without these must be something too."""

    def validate(self, password: str, user=None) -> None:
        super().validate(password, user)
        if user is None:
            return
        told = [getattr(user, name, None) or "" for name in self.user_attributes]
        words = {word for text in told for word in re.split(r"[\W_]+", text.lower()) if len(word) > 1}
        left = password.lower()
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if left != password.lower() and sum(sign.isalnum() for sign in left) < FEWEST_OWN:
            raise ValidationError(OWN, code="password_own_words")

    def get_help_text(self) -> str:
        return "Your password must not be near your name or your e-mail address."
