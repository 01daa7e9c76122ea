"""Signing in with an organisation's accounts, against a provider that runs here: the good way, and every bad token."""

import base64
import hashlib
import hmac
import json
import logging
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from requests import Response

from accounts import credentials, invitations
from accounts.adapter import Session
from accounts.denial import Denied, WrongState
from accounts.models import User
from tests.factories import NOW
from tests.markup import parse
from tests.test_settings import read

from .provider import CLIENT, SECRET, SUBJECT, Provider
from .signing import CODE, PASSWORD, code, confirm, make_person, sign_in, telephone

pytestmark = pytest.mark.django_db
START, BACK, CONNECT = (
    "/accounts/organisation/sign-in/",
    "/accounts/organisation/back/",
    "/accounts/organisation/connect/",
)
AWAY = "Your organisation’s sign-in does not answer just now. Try later."
NOT_BELIEVED = "What your organisation’s sign-in answered could not be verified."


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, settings):
    cache.clear()
    fresh = Provider.__dict__
    running.subject, running.more, running.document = SUBJECT, {}, {}
    running.kid, running.leads_away = "key-1", set()
    running.visits.clear()
    running.answer = lambda claims, provider: provider.signed(claims)
    running.signed = fresh["signed"].__get__(running)
    running.asked.clear()
    running.exchanged.clear()
    settings.OIDC_ISSUER, settings.OIDC_NAME = running.issuer, "Borough sign-in"
    settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT, SECRET
    return running


@pytest.fixture
def user():
    return make_person()


@pytest.fixture
def connected(user, provider):
    credentials.connect(by=user, issuer=provider.issuer, subject=SUBJECT)
    return user


def there(client, start=START, **sent):
    """The address at the provider that perfmon leads to."""
    response = client.post(start, sent)
    assert response.status_code == 200
    page = parse(response.text)
    assert page.one("h1").text == "Going to Borough sign-in…"
    address = page.one("main").one("a").attrs["href"]
    assert page.one("meta", http_equiv="refresh").attrs["content"] == f"0; url={address}"
    return address


def back(client, provider, address, **changes):
    return client.get(BACK, provider.authorize(address) | changes)


def is_in(client):
    return client.get("/").status_code == 200


def refused(response, status=403):
    assert response.status_code == status
    page = parse(response.text).one("div", class_="status-page")
    assert page.all("a") != []
    return page.all("p")[0].text


def test_the_sign_in_page_offers_it_where_it_is_set_up(client, provider, settings):
    buttons = [each.text for each in parse(client.get("/accounts/sign-in/").text).all("button")]
    assert "Sign in with Borough sign-in" in buttons
    settings.OIDC_ISSUER = ""
    buttons = [each.text for each in parse(client.get("/accounts/sign-in/").text).all("button")]
    assert "Sign in with Borough sign-in" not in buttons
    assert client.post(START).status_code == 404
    assert client.get(BACK).status_code == 404


def test_the_good_way(client, provider, connected):
    client.get("/accounts/sign-in/")
    address = there(client, next="/accounts/")
    sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{provider.issuer}/authorize?")
    assert (sent["client_id"], sent["response_type"], sent["scope"]) == (CLIENT, "code", "openid")
    assert sent["redirect_uri"] == f"http://testserver{BACK}"
    assert sent["code_challenge_method"] == "S256"
    assert min(len(sent[name]) for name in ("state", "nonce")) >= 16
    before = client.session.session_key
    response = back(client, provider, address)
    assert (response.status_code, response["Location"]) == (302, "/accounts/")
    assert client.session.session_key != before
    assert is_in(client)
    [held] = SocialAccount.objects.all()
    assert (held.provider, held.uid, held.extra_data) == (provider.issuer, SUBJECT, {})
    assert len(provider.exchanged[0]["code_verifier"]) >= 43


def test_next_leads_nowhere_else(client, provider, connected):
    assert back(client, provider, there(client, next="https://evil.example/"))["Location"] == "/"


def unsigned(claims, provider):
    parts = [{"alg": "none", "kid": "key-1"}, claims]
    return ".".join(base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode() for each in parts) + "."


def by_public_key(claims, provider):
    """HS256 with the public key, which everybody knows, as the secret."""
    body = ".".join(
        base64.urlsafe_b64encode(json.dumps(each).encode()).rstrip(b"=").decode()
        for each in ({"alg": "HS256", "kid": "key-1"}, claims)
    )
    mark = hmac.new(provider.public_pem(), body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"


def tampered(claims, provider):
    head, _, mark = provider.signed(claims).split(".")
    body = base64.urlsafe_b64encode(json.dumps(claims | {"sub": SUBJECT}).encode()).rstrip(b"=").decode()
    return f"{head}.{body}.{mark}"


def changed(**claims):
    return lambda held, provider: provider.signed(
        {k: v(held) if callable(v) else v for k, v in (held | claims).items()}
    )


BAD = {
    "another issuer": changed(iss="https://elsewhere.example"),
    "issuer with a slash": changed(iss=lambda held: held["iss"] + "/"),
    "another audience": changed(aud="somebody-else"),
    "no audience": changed(aud=None),
    "two audiences, no azp": changed(aud=[CLIENT, "somebody-else"]),
    "made for somebody else": changed(azp="somebody-else"),
    "another nonce": changed(nonce="another"),
    "no nonce": changed(nonce=None),
    "a nonce that is no text": changed(nonce=["another"]),
    "another key": lambda claims, provider: provider.signed(claims, key=provider.other_key),
    "tampered": lambda claims, provider: tampered(claims | {"sub": "x"}, provider),
    "signature cut off": lambda claims, provider: provider.signed(claims).rpartition(".")[0] + ".",
    "alg none": unsigned,
    "HS256 with the public key": by_public_key,
    "HS256 with the client's secret": lambda claims, provider: jwt.encode(
        claims, SECRET + " " * 8, "HS256", {"kid": "key-1"}
    ),
    "another algorithm than the key's": lambda claims, provider: provider.signed(claims, algorithm="PS256"),
    "expired": changed(exp=lambda held: held["iat"] - 61),
    "no end": changed(exp=None),
    "made in the future": changed(iat=lambda held: held["iat"] + 3600, exp=lambda held: held["exp"] + 7200),
    "not yet valid": changed(nbf=lambda held: held["iat"] + 3600),
    "made long ago": changed(iat=lambda held: held["iat"] - 3600),
    "made at no time": changed(iat=None),
    "no subject": changed(sub=None),
    "an empty subject": changed(sub=""),
    "a subject that is no text": changed(sub=17),
    "a subject too long to keep": changed(sub="s" * 192),
    "an unknown key": lambda claims, provider: provider.signed(claims, kid="key-2"),
    "no id_token": lambda claims, provider: None,
    "no token at all": lambda claims, provider: "words",
    "half a token": lambda claims, provider: "a.b",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_signs_nobody_in(client, provider, connected, name, caplog):
    provider.answer = BAD[name]
    with caplog.at_level(logging.DEBUG):
        assert refused(back(client, provider, there(client))) == NOT_BELIEVED
    assert not is_in(client)
    assert "Nobody was signed in by the provider" in caplog.text
    assert SUBJECT not in caplog.text


def test_the_same_token_without_the_fault_is_good(client, provider, connected):
    provider.answer = changed(azp=CLIENT, aud=[CLIENT, "somebody-else"], exp=lambda held: held["iat"] - 30)
    back(client, provider, there(client))
    assert is_in(client)


def test_a_key_without_a_name_is_taken_where_there_is_one_only(client, provider, connected):
    provider.answer = lambda claims, provider: provider.signed(claims, kid=None)
    back(client, provider, there(client))
    assert is_in(client)


def test_another_subject_opens_nothing(client, provider, connected):
    provider.subject = "subject-2"
    assert refused(back(client, provider, there(client))) == "No account here is connected to this sign-in."
    assert not is_in(client)


def test_the_same_subject_of_another_issuer_opens_nothing(client, provider, user):
    credentials.connect(by=user, issuer="https://elsewhere.example", subject=SUBJECT)
    assert refused(back(client, provider, there(client))) == "No account here is connected to this sign-in."
    assert not is_in(client)


def test_an_address_that_is_known_opens_nothing_and_makes_nobody(client, provider, user):
    provider.more = {"email": user.email, "email_verified": True, "name": user.name, "roles": ["administrator"]}
    assert refused(back(client, provider, there(client))) == "No account here is connected to this sign-in."
    assert not is_in(client)
    assert (User.objects.count(), SocialAccount.objects.count()) == (1, 0)


def test_an_answer_works_once_and_in_its_own_browser(client, provider, connected):
    not_begun = "This sign-in was not begun in this browser, or too long ago."
    address = there(client)
    brought = provider.authorize(address)
    assert refused(Client().get(BACK, brought)) == not_begun
    client.get(BACK, brought)
    assert is_in(client)
    client.post("/accounts/sign-out/")
    assert refused(client.get(BACK, provider.authorize(address))) == not_begun
    assert refused(client.get(BACK)) == not_begun
    assert refused(client.get(BACK, brought | {"state": "x"})) == not_begun
    assert not is_in(client)


@pytest.mark.parametrize(("changes", "words"), [
    ({"iss": "https://elsewhere.example"}, NOT_BELIEVED),
    ({"code": "another"}, NOT_BELIEVED),
    ({"code": ""}, NOT_BELIEVED),
    ({"error": "server_error"}, NOT_BELIEVED),
    ({"error": "access_denied"}, "The sign-in was given up at your organisation."),
])  # fmt: skip
def test_a_bad_answer_signs_nobody_in(client, provider, connected, changes, words):
    assert refused(back(client, provider, there(client), **changes)) == words
    assert not is_in(client)


def test_the_code_is_worth_nothing_without_the_browsers_part(client, provider, connected):
    """PKCE: a code that was begun in one browser is not taken for another's."""
    code_of_another = provider.authorize(there(Client()))["code"]
    address = there(client)
    assert refused(back(client, provider, address, code=code_of_another)) == NOT_BELIEVED
    assert not is_in(client)


@pytest.mark.parametrize("document", [
    {"issuer": "https://elsewhere.example"}, {"jwks_uri": None}, {"jwks_uri": "http://elsewhere.example/keys"},
    {"token_endpoint": "http://elsewhere.example/token"}, {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "https://["}, {"token_endpoint": ["https://elsewhere.example/token"]},
])  # fmt: skip
def test_a_provider_that_says_it_is_another_or_leads_where_others_listen_is_not_asked(client, provider, document):
    provider.document = document
    assert refused(client.post(START), 503) == AWAY
    # Nor is it remembered.
    provider.document = {}
    assert client.post(START).status_code == 200


def test_on_a_real_service_the_provider_is_asked_by_https_alone(client, provider, settings):
    settings.LOCAL = False
    assert refused(client.post(START), 503) == AWAY


def test_a_provider_that_does_not_answer_is_told_in_words(client, provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    assert refused(client.post(START), 503) == AWAY


def test_a_provider_that_goes_away_meanwhile(client, provider, connected):
    address = there(client)
    provider.leads_away = {"/token"}
    assert refused(back(client, provider, address)) == NOT_BELIEVED
    provider.leads_away = {"/keys"}
    assert refused(back(client, provider, there(client)), 503) == AWAY
    assert not is_in(client)


def test_nobody_is_led_elsewhere_by_an_answer(client, provider, connected):
    """A redirect would send the code and the client's secret, or ask for keys, where somebody else says."""
    provider.leads_away = {"/.well-known/openid-configuration"}
    assert refused(client.post(START), 503) == AWAY
    assert provider.visits["/elsewhere"] == 0


def test_addresses_and_keys_are_asked_for_once_in_ten_minutes(client, provider, connected):
    for _ in range(3):
        back(client := Client(), provider, there(client))
        assert is_in(client)
    assert (provider.visits["/.well-known/openid-configuration"], provider.visits["/keys"]) == (1, 1)


def test_a_new_key_of_the_provider_is_asked_for_once(client, provider, connected):
    back(client, provider, there(client))
    provider.kid = "key-2"
    provider.answer = lambda claims, provider: provider.signed(claims, kid="key-2")
    back(other := Client(), provider, there(other))
    assert is_in(other)
    provider.answer = lambda claims, provider: provider.signed(claims, kid="key-3")
    address = there(other := Client())
    assert refused(back(other, provider, address)) == NOT_BELIEVED
    assert provider.visits["/keys"] == 3


def test_how_long_the_provider_is_waited_for():
    session, asked = Session(), []
    session.send = lambda request, **kwargs: asked.append(kwargs) or Response()
    session.get("https://login.example.org/")
    assert (asked[0]["timeout"], asked[0]["allow_redirects"]) == ((3, 5), False)


def test_one_place_begins_a_hundred_sign_ins_and_no_more_for_a_while(client, provider):
    for _ in range(100):
        assert client.post(START).status_code == 200
    assert client.post(START).status_code == 429
    assert client.post(START, REMOTE_ADDR="192.0.2.7").status_code == 200


def test_disconnecting_ends_the_sessions_that_began_with_it(client, provider, connected):
    back(client, provider, there(client))
    sign_in(own := Client())
    confirm(own, "/accounts/organisation/disconnect/")
    before = own.session.session_key
    assert own.post("/accounts/organisation/disconnect/")["Location"] == "/accounts/"
    assert is_in(own)
    assert own.session.session_key != before
    assert not is_in(client)


def test_an_administrator_who_disconnects_somebody_ends_their_sessions(client, provider, connected):
    back(client, provider, there(client))
    credentials.disconnect(by=make_person("ada@example.org", is_staff=True), user=connected, now=NOW)
    assert not is_in(client)


def test_connecting_from_ones_account_asks_for_the_password_first(client, provider, user):
    sign_in(client)
    assert client.get(CONNECT)["Location"].startswith("/accounts/confirm/")
    assert client.post(CONNECT)["Location"] == CONNECT
    assert confirm(client, CONNECT)["Location"] == CONNECT
    assert "Go to Borough sign-in" in client.get(CONNECT).text
    assert back(client, provider, there(client, CONNECT))["Location"] == "/accounts/"
    assert list(SocialAccount.objects.values_list("user_id", "provider", "uid")) == [
        (user.pk, provider.issuer, SUBJECT)
    ]
    other = Client()
    back(other, provider, there(other))
    assert is_in(other)
    # And off again.
    assert client.post("/accounts/organisation/disconnect/")["Location"] == "/accounts/"
    back(other := Client(), provider, there(other))
    assert not is_in(other)


def test_nothing_is_connected_to_somebody_who_signed_in_meanwhile(client, provider, user):
    make_person("oscar@example.org")
    sign_in(client)
    confirm(client, CONNECT)
    address = there(client, CONNECT)
    session = client.session
    state = {key: session[key] for key in ("socialaccount_states",)}
    client.post("/accounts/sign-out/")
    sign_in(client, "oscar@example.org")
    session = client.session
    session.update(state)
    session.save()
    assert refused(back(client, provider, address)) == "Somebody else was signed in here when this was begun."
    assert SocialAccount.objects.count() == 0


def test_what_may_be_connected(provider, user):
    other, administrator = make_person("oscar@example.org"), make_person("ada@example.org", is_staff=True)
    credentials.connect(by=user, issuer=provider.issuer, subject=SUBJECT)
    credentials.connect(by=user, issuer=provider.issuer, subject=SUBJECT)
    with pytest.raises(WrongState, match="somebody else’s account"):
        credentials.connect(by=other, issuer=provider.issuer, subject=SUBJECT)
    with pytest.raises(WrongState, match="connected already"):
        credentials.connect(by=user, issuer=provider.issuer, subject="subject-2")
    with pytest.raises(Denied, match="Administrators sign in with their password"):
        credentials.connect(by=administrator, issuer=provider.issuer, subject="subject-3")
    with pytest.raises(Denied):
        credentials.disconnect(by=other, user=user, now=NOW)
    assert SocialAccount.objects.count() == 1


def test_nobody_loses_their_only_way_in(provider, user):
    credentials.connect(by=user, issuer=provider.issuer, subject=SUBJECT)
    user.set_unusable_password()
    user.save()
    with pytest.raises(Denied, match="only way in"):
        credentials.disconnect(by=user, user=user, now=NOW)
    credentials.disconnect(by=make_person("ada@example.org", is_staff=True), user=user, now=NOW)
    assert not SocialAccount.objects.exists()


def test_where_passwords_open_nothing_the_way_in_stays(client, provider, settings, connected):
    back(client, provider, there(client))
    assert "Disconnect" in client.get("/accounts/").text
    settings.OIDC_ONLY = True
    assert "Disconnect" not in client.get("/accounts/").text
    confirm(client, "/accounts/organisation/disconnect/")
    response = client.post("/accounts/organisation/disconnect/")
    assert (response.status_code, credentials.ONLY_WAY_IN in response.text) == (403, True)
    assert SocialAccount.objects.count() == 1


def test_somebody_made_administrator_later_does_not_come_in_by_it(client, provider, connected):
    User.objects.filter(pk=connected.pk).update(is_staff=True)
    assert refused(back(client, provider, there(client))).startswith("Administrators sign in with their password")
    assert not is_in(client)


def test_a_closed_account_stays_closed(client, provider, connected):
    User.objects.filter(pk=connected.pk).update(is_active=False)
    assert back(client, provider, there(client))["Location"] == "/accounts/no-access/"
    assert not is_in(client)


def test_a_second_factor_is_asked_for_all_the_same(client, provider, connected):
    secret = telephone(connected)
    assert back(client, provider, there(client))["Location"] == CODE
    assert not is_in(client)
    client.post(CODE, {"code": code(secret)})
    assert is_in(client)


def test_where_the_organisation_alone_signs_people_in_passwords_are_administrators(client, provider, settings, user):
    make_person("ada@example.org", is_staff=True)
    settings.OIDC_ONLY = True
    page = sign_in(client)
    assert "The e-mail address or the password is not right." in page.text
    assert not is_in(client)
    sign_in(client, "ada@example.org")
    assert is_in(client)


def test_confirming_takes_the_password_still(client, provider, settings, connected):
    """Somebody whose organisation signs them in has a password from before, which says who they are."""
    settings.OIDC_ONLY = True
    back(client, provider, there(client))
    assert confirm(client, reverse("mfa_activate_totp"), PASSWORD)["Location"] == reverse("mfa_activate_totp")
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_the_policy_of_content_lets_forms_lead_nowhere_else():
    found = read(
        ["CONTENT_SECURITY_POLICY"],
        OIDC_ISSUER="https://login.example.org/tenant/v2.0",
        OIDC_CLIENT_ID="x",
        OIDC_CLIENT_SECRET="y",
    )
    policy = found["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert policy["form-action"] == ["'self'"]
    assert "login.example.org" not in str(policy)


def invited(client, user):
    """The page of the invitation, opened."""
    user.set_unusable_password()
    user.save()
    user = invitations.make_link(by=make_person("ada@example.org", is_staff=True), user=user, now=timezone.now())
    link = invitations.link_of(user, now=timezone.now())
    opened = client.get(f"/accounts/invitation/{link.uid}/{link.token}/")["Location"]
    return link.uid, opened


def test_an_invitation_is_followed_with_it(client, provider, user, settings):
    settings.OIDC_ONLY = True
    uid, opened = invited(client, user)
    page = parse(client.get(opened).text)
    assert page.one("input", name="invitation").attrs["value"] == uid
    assert page.all("input", type="password") == []
    assert client.post(opened, {"password": PASSWORD, "again": PASSWORD}).status_code == 200
    address = there(client, invitation=uid)
    brought = provider.authorize(address)
    assert client.get(BACK, brought)["Location"] == "/"
    assert is_in(client)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert client.get(opened).status_code == 404
    back(other := Client(), provider, there(other))
    assert is_in(other)


def test_an_invitation_that_ended_connects_nobody(client, provider, user):
    uid, _ = invited(client, user)
    address = there(client, invitation=uid)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refused(back(client, provider, address)).startswith("The link of the invitation works no more.")
    address = there(stranger := Client(), invitation=uid)
    assert refused(back(stranger, provider, address)).startswith("The link of the invitation works no more.")
    assert not SocialAccount.objects.exists()


def test_a_sign_in_that_is_somebody_elses_leaves_the_invitation_as_it_is(client, provider, user):
    credentials.connect(by=make_person("oscar@example.org"), issuer=provider.issuer, subject=SUBJECT)
    uid, opened = invited(client, user)
    response = back(client, provider, there(client, invitation=uid))
    assert response.status_code == 409
    assert "connected to somebody else’s account" in response.text
    assert client.get(opened).status_code == 200
    assert not is_in(client)


def test_an_administrators_invitation_takes_a_password_alone(client, provider, user, settings):
    settings.OIDC_ONLY = True
    User.objects.filter(pk=user.pk).update(is_staff=True)
    user.refresh_from_db()
    uid, opened = invited(client, user)
    page = parse(client.get(opened).text)
    assert page.all("input", name="invitation") == []
    assert len(page.all("input", type="password")) == 2
    response = back(client, provider, there(client, invitation=uid))
    assert "Administrators sign in with their password" in response.text
    assert not SocialAccount.objects.exists()
