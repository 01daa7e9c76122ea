"""The second factor: whether this session passed one, whether somebody has one, and how its secret is kept."""

from __future__ import annotations

import base64
import hashlib
import re

import qrcode
from allauth.account.authentication import get_authentication_records
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from qrcode.image.svg import SvgPathFillImage

from .models import User

# A code counts for the half minutes beside its own too; so long, and one more, it is not taken again.
CODE_SECONDS = (2 * mfa_settings.TOTP_TOLERANCE + 2) * mfa_settings.TOTP_PERIOD


def mark(request: HttpRequest) -> None:
    """Note on the reader whether this session passed a second factor, for `accounts.viewer` to ask. No query."""
    request.user.passed_second_factor = has_passed(request)


def has_passed(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def is_missing(request: HttpRequest) -> bool:
    """Whether the reader holds one that this session did not pass: it is older, or was not begun on the page."""
    return not has_passed(request) and "totp" in held_by(request.user)


def held_by(user: User) -> dict[str, Authenticator]:
    """The telephone ("totp") and the recovery codes ("recovery_codes") that somebody has set up."""
    return {one.type: one for one in Authenticator.objects.filter(user_id=user.pk)}


def digits(code: str) -> str:
    """What is left of a code as it was typed: "123 456" and "123-456" are one."""
    return re.sub("[^0-9]", "", code)


def is_first_use(user: User, code: str) -> bool:
    """False for a code, given as `digits`, that was taken from this person just now."""
    digest = hashlib.sha256(code.encode()).hexdigest()
    return cache.add(f"second-factor:{user.pk}:{digest}", 1, timeout=CODE_SECONDS)


class Adapter(DefaultMFAAdapter):
    """allauth's, with the secrets encrypted: whoever reads the database or a backup cannot make codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is not right. Look for the one that shows now.",
        "rate_limited": "Too many tries. Wait 15 minutes, then try again.",
    }

    def build_totp_svg(self, url: str) -> str:
        """On white, so that a camera reads it on dark pages too."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string().decode()

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A secret of another SECRET_KEY opens nothing, like one that was never shown to anybody."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(Fernet.generate_key()).decode()


def renewed(encrypted_text: str) -> str:
    """The same, encrypted with the key of now; as it is where no key opens it."""
    try:
        return _box().rotate(encrypted_text.encode()).decode()
    except InvalidToken:
        return encrypted_text


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"perfmon second factor " + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
