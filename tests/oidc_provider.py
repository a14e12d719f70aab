"""An OpenID provider on this computer: discovery, authorization code with PKCE, token, userinfo and keys.

It knows one person, who is logged in there already and says yes at once. `person`, `token` and `description` change
what it tells; `silent` makes it answer nothing useful.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "veerkracht-proef", "geheim-van-de-proef"


@cache
def a_key(name: str):
    """Making one takes long; the name tells them apart."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.person = {"sub": "p-12", "given_name": "Noor", "family_name": "Jansen", "email": "noor@voorbeeld.nl"}
        self.token: dict = {}  # changes to the id-token; None takes one out
        self.told: dict = {}  # changes to what userinfo tells
        self.description: dict = {}
        self.key = a_key("ours")
        self.silent = self.refuses = False
        self.asked: list[str] = []
        self.handed_out: dict[str, dict] = {}  # code -> what was asked

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def settings(self) -> dict[str, str]:
        return {"OIDC_ISSUER": self.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()

    # --- the answers ---

    def describe(self, query) -> dict:
        ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in ends.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **found} | self.description

    def keys(self, query) -> dict:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(a_key("ours").public_key(), as_dict=True)
        return {"keys": [public | {"kid": "1", "alg": "RS256", "use": "sig"}]}

    def authorize(self, query) -> str:
        """Where the browser goes next."""
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = secrets.token_urlsafe(8)
        self.handed_out[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, form) -> dict | None:
        """The token for a code: once, for the same client and address, and who knows the verifier."""
        asked = self.handed_out.pop(form["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if not asked or (form["client_id"], form["client_secret"]) != (CLIENT, SECRET):
            return None
        if form["redirect_uri"] != asked["redirect_uri"] or proof != asked["code_challenge"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.person["sub"], "iat": now, "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.token  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return {
            "access_token": "toegang", "token_type": "Bearer",
            "id_token": jwt.encode(claims, self.key, "RS256", headers={"kid": "1"}),
        }  # fmt: skip

    def userinfo(self, query) -> dict:
        return self.person | self.told


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.server.asked.append(parts.path)
        if self.server.silent:
            return self.send_error(503)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.server.authorize(query))
            self.send_header("Content-Length", "0")
            return self.end_headers()
        pages = {
            "/.well-known/openid-configuration": self.server.describe,
            "/keys": self.server.keys,
            "/userinfo": self.server.userinfo,
        }
        return self.send(pages[parts.path](query))

    def do_POST(self):
        self.server.asked.append(self.path)
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        token = self.server.exchange({name: values[0] for name, values in form.items()})
        self.send(token or {"error": "invalid_grant"}, 200 if token else 400)

    def send(self, body: dict, code=200):
        body = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Silence."""
