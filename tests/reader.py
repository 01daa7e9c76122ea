"""Somebody with a browser, as far as HTML goes: what they may follow or send is what stands in the page."""

from __future__ import annotations

from urllib.parse import urljoin

from django.test import Client

from tests.markup import Node, parse


class Reader:
    """`main` is the page that is open, `path` its address. Forms are sent with the tokens that they carry."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.path = ""

    def visit(self, path: str) -> Reader:
        return self._opened(path, self.client.get(path, follow=True))

    def follow(self, text: str) -> Reader:
        """The link of that text; where several lead to one place, one of them."""
        found = {link.attrs["href"] for link in self.main.all("a") if link.text == text}
        assert len(found) == 1, f"{text!r} leads to {found} from {self.path}: {self.links}"
        return self.visit(urljoin(self.path, found.pop()))

    def send(self, button: str, **typed: str) -> Reader:
        """The form of that button, with what stands in it already. A name that it has no field for is an error."""
        [form] = [form for form in self.main.all("form", method="post") if button in _buttons(form)]
        data = _held(form)
        assert not (odd := typed.keys() - {field.attrs.get("name") for field in _fields(form)}), odd
        to = urljoin(self.path, form.attrs.get("action", ""))
        return self._opened(to, self.client.post(to, data | typed, follow=True))

    def value(self, label: str) -> str:
        """What the choice of that label sends."""
        for option in self.main.all("option"):
            if option.text == label:
                return option.attrs["value"]
        [named] = [one for one in self.main.all("label") if one.text == label]
        return self.main.one("input", id=named.attrs["for"]).attrs["value"]

    @property
    def links(self) -> dict[str, str]:
        return {link.text: link.attrs["href"] for link in self.main.all("a")}

    @property
    def heading(self) -> str:
        return self.main.one("h1").text

    @property
    def said(self) -> list[str]:
        """The messages above the page."""
        return [one.text for box in self.main.all("div", class_="messages") for one in box.all("div")]

    def _opened(self, path: str, response) -> Reader:
        self.path = response.redirect_chain[-1][0] if response.redirect_chain else path
        self.main = parse(response.text).one("main")
        assert response.status_code == 200, f"{response.status_code} at {self.path}: {self.main.text}"
        return self


def _buttons(form: Node) -> list[str]:
    sends = [one.text for one in form.all("button")]
    return sends + [one.attrs.get("value", "") for one in form.all("input", type="submit")]


def _fields(form: Node) -> list[Node]:
    return [field for tag in ("input", "select", "textarea") for field in form.all(tag)]


def _held(form: Node) -> dict[str, str]:
    """What a browser would send of a form that nobody touched."""
    found = {}
    for field in _fields(form):
        name, kind = field.attrs.get("name"), field.attrs.get("type", "")
        if not name or (kind in ("radio", "checkbox") and "checked" not in field.attrs):
            continue
        if field.tag == "select":
            options = field.all("option")
            for one in [one for one in options if "selected" in one.attrs] or options[:1]:
                found[name] = one.attrs.get("value", one.text)
        else:
            found[name] = field.text if field.tag == "textarea" else field.attrs.get("value", "")
    return found
