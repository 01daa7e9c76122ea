"""An OpenID Connect provider that runs in the test: a server on this machine, with a key of its own.

`answer` changes what it gives for a code: a function that takes (claims, provider) and returns an ID token, or None to
leave it out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET, SUBJECT = "perfmon-client", "client secret of some length", "subject-1"


class Provider:
    def __init__(self) -> None:
        self.key = rsa.generate_private_key(65537, 2048)
        self.other_key = rsa.generate_private_key(65537, 2048)
        self.subject, self.more = SUBJECT, {}
        self.answer: Callable[[dict, Provider], str | None] = lambda claims, provider: provider.signed(claims)
        self.document: dict = {}
        self.asked: dict[str, dict] = {}
        # The name of its key, how often each page was asked for, and which pages answer with another address.
        self.kid, self.visits, self.leads_away = "key-1", Counter(), set()
        self.exchanged: list[dict] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pages = {"/.well-known/openid-configuration": provider.configuration, "/keys": provider.keys}
                path = urlsplit(self.path).path
                provider.visits[path] += 1
                page = pages.get(path)
                if path in provider.leads_away:
                    return self._lead_away()
                self._reply(200 if page else 404, page() if page else {})

            def do_POST(self) -> None:
                if self.path in provider.leads_away:
                    return self._lead_away()
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._reply(*provider.exchange({name: values[0] for name, values in parse_qs(body).items()}))

            def _lead_away(self) -> None:
                self.send_response(302)
                self.send_header("Location", f"{provider.issuer}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _reply(self, status: int, told: dict) -> None:
                content = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def configuration(self) -> dict:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.issuer} | {name: f"{self.issuer}/{at}" for name, at in names.items()} | self.document

    def keys(self) -> dict:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [public | {"kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def public_pem(self) -> bytes:
        return self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def authorize(self, address: str) -> dict:
        """Somebody signs in there: what the browser brings back. `address` is where perfmon sent it."""
        sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = sent
        return {"state": sent["state"], "code": code}

    def exchange(self, sent: dict) -> tuple[int, dict]:
        self.exchanged.append(sent)
        asked = self.asked.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked.get("code_challenge") or sent.get("client_secret") != SECRET:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300}
        token = self.answer(claims | {"nonce": asked.get("nonce")} | self.more, self)
        return 200, {"access_token": "x", "token_type": "Bearer", **({"id_token": token} if token else {})}

    def signed(self, claims: dict, key=None, kid: str | None = "key-1", algorithm: str = "RS256") -> str:
        headers = {"kid": kid} if kid else {}
        return jwt.encode({k: v for k, v in claims.items() if v is not None}, key or self.key, algorithm, headers)
