"""Signing in with an organisation's own accounts, by OpenID Connect.

allauth's provider keeps the state and changes the code for tokens, with PKCE. It does not send a nonce, takes an ID
token without looking at its signature, and asks for the provider's addresses at each turn: these are done here.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import jwt
import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

# Keys of the provider only: never "none", and no shared secret that the public key could stand in for.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
SKEW_SECONDS = 60
# A token is made for this very sign-in, which may take this long.
OLDEST_SECONDS = 10 * 60
LONGEST_SUBJECT = 191
# What the provider says of its addresses and keys is asked again after so long.
HELD_SECONDS = 10 * 60
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NOT_STARTED = "This sign-in was not begun in this browser, or too long ago."
GIVEN_UP = "The sign-in was given up at your organisation."
NOT_BELIEVED = "What your organisation’s sign-in answered could not be verified."
UNREACHABLE = "Your organisation’s sign-in does not answer just now. Try later."
log = logging.getLogger(__name__)


class Refused(Exception):
    """Nobody is signed in. The sentence is for the reader, the reason for the log; neither repeats what was sent."""

    status = 403

    def __init__(self, sentence: str, reason: str = "") -> None:
        super().__init__(sentence)
        self.sentence, self.reason = sentence, reason


class Unreachable(Refused):
    """The provider does not answer, or nothing that could be used."""

    status = 503

    def __init__(self, reason: str) -> None:
        super().__init__(UNREACHABLE, reason)


@dataclass(frozen=True)
class Known:
    """Whom the provider vouches for, and what the sign-in was begun with: `state` of `start`."""

    issuer: str
    subject: str
    state: dict


class Adapter(OpenIDConnectOAuth2Adapter):
    def get_provider(self) -> Provider:
        return Provider(self.request, app=_app())

    @property
    def openid_config(self) -> dict:
        """Raises Unreachable."""
        if not hasattr(self, "_openid_config"):
            self._openid_config = _asked(self.get_provider().server_url, _is_ours)
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("oidc-callback"))


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Adapter

    def redirect(self, request: HttpRequest, process, next_url=None, data=None, **kwargs) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        sent = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, process, next_url, data, auth_params=sent, nonce=nonce, **kwargs)

    def get_default_scope(self) -> list[str]:
        """Who it is, and nothing about them."""
        return ["openid"]


def _app() -> SocialApp:
    """The provider of the settings. Accounts are matched by its issuer, which stands where others have a short name."""
    address = settings.OIDC_ISSUER.rstrip("/") + "/.well-known/openid-configuration"
    return SocialApp(
        provider="openid_connect",
        provider_id=settings.OIDC_ISSUER,
        name=settings.OIDC_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": address, "oauth_pkce_enabled": True},
    )


def _asked(address: str, is_good: Callable[[dict], bool], *, afresh: bool = False) -> dict:
    """What the provider tells at an address, ten minutes old at most unless `afresh`. Raises Unreachable."""
    key = f"oidc:{hashlib.sha256(address.encode()).hexdigest()}"
    found = None if afresh else cache.get(key)
    if found is None:
        try:
            with get_adapter().get_requests_session() as session:
                response = session.get(address)
                response.raise_for_status()
                found = response.json()
        except requests.RequestException as error:
            raise Unreachable(type(error).__name__) from error
        if response.status_code != 200 or not isinstance(found, dict) or not is_good(found):
            raise Unreachable("not what was asked for")
        cache.set(key, found, HELD_SECONDS)
    return found


def _is_ours(config: dict) -> bool:
    return config.get("issuer") == settings.OIDC_ISSUER and all(_is_safe(config.get(name)) for name in ENDPOINTS)


def _is_safe(address: object) -> bool:
    """https, or a provider on a developer's own machine."""
    if not isinstance(address, str):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    is_own = settings.LOCAL and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    return bool(parts.hostname) and (parts.scheme == "https" or is_own)


def start(request: HttpRequest, process: str, *, next_url: str = "", person: int | None = None) -> str:
    """Where to go on to at the provider. `process` and `person` come back in `Known.state`. Raises Unreachable."""
    return Provider(request, app=_app()).redirect(request, process, next_url or None, person=person)["Location"]


def finish(request: HttpRequest) -> Known:
    """Whom the answer of the provider, in the address of this request, is about. Refused in every doubtful case."""
    asked = statekit.unstash_state(request, provider_id=settings.OIDC_ISSUER, state_id=request.GET.get("state", ""))
    if asked is None:
        raise Refused(NOT_STARTED, "state")
    if request.GET.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise Refused(NOT_BELIEVED, "iss of the answer")
    if request.GET.get("error") == "access_denied":
        raise Refused(GIVEN_UP, "given up")
    if "error" in request.GET or not request.GET.get("code"):
        raise Refused(NOT_BELIEVED, "no code")
    adapter = Adapter(request, settings.OIDC_ISSUER)
    id_token = _id_token(request, adapter, asked["pkce_code_verifier"])
    try:
        subject = subject_of(id_token, asked["nonce"], adapter)
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise Refused(NOT_BELIEVED, type(error).__name__) from error
    return Known(settings.OIDC_ISSUER, subject, asked)


def _id_token(request: HttpRequest, adapter: Adapter, verifier: str) -> str:
    """What the provider gives for the code of this request."""
    app = _app()
    client = adapter.get_client(request, app)
    try:
        tokens = adapter.get_access_token_data(request, app, client, verifier)
    except requests.RequestException as error:
        raise Unreachable(type(error).__name__) from error
    except (OAuth2Error, KeyError, TypeError) as error:
        # allauth takes the answer's form for granted.
        raise Refused(NOT_BELIEVED, type(error).__name__) from error
    if not isinstance(tokens.get("id_token"), str):
        raise Refused(NOT_BELIEVED, "no ID token")
    return tokens["id_token"]


def subject_of(id_token: str, nonce: str, adapter: Adapter) -> str:
    """The subject of an ID token that was made by this provider, for us, now and for this sign-in. Raises PyJWTError,
    ValueError, KeyError or TypeError for any other."""
    header = jwt.get_unverified_header(id_token)
    if header["alg"] not in ALGORITHMS:
        raise jwt.InvalidAlgorithmError(header["alg"])
    claims = jwt.decode(
        id_token,
        _key(header, adapter),
        algorithms=[header["alg"]],
        issuer=settings.OIDC_ISSUER,
        audience=settings.OIDC_CLIENT_ID,
        leeway=SKEW_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    is_ours = claims.get("azp", settings.OIDC_CLIENT_ID) == settings.OIDC_CLIENT_ID
    if not is_ours or (
        claims["aud"] not in (settings.OIDC_CLIENT_ID, [settings.OIDC_CLIENT_ID]) and "azp" not in claims
    ):
        raise jwt.InvalidAudienceError("for somebody else too")
    if time.time() - claims["iat"] > OLDEST_SECONDS + SKEW_SECONDS:
        raise jwt.ExpiredSignatureError("made long ago")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise jwt.InvalidTokenError("another nonce")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise jwt.InvalidTokenError("no subject that can be kept")
    return subject


def _key(header: dict, adapter: Adapter) -> jwt.PyJWK:
    """The provider's key that the token names; where it names none, the only one there is now."""
    address = adapter.openid_config["jwks_uri"]
    named = _named(header, _asked(address, _has_keys)) if "kid" in header else []
    # A provider changes its keys now and then.
    named = named or _named(header, _asked(address, _has_keys, afresh=True))
    if len(named) != 1 or named[0].get("alg", header["alg"]) != header["alg"] or named[0].get("kty") == "oct":
        raise jwt.InvalidKeyError("no such key")
    return jwt.PyJWK(named[0], header["alg"])


def _named(header: dict, told: dict) -> list[dict]:
    keys = [key for key in told["keys"] if key.get("use", "sig") == "sig"]
    return [key for key in keys if key.get("kid") == header["kid"]] if "kid" in header else keys


def _has_keys(told: dict) -> bool:
    keys = told.get("keys")
    return isinstance(keys, list) and all(isinstance(key, dict) for key in keys)
