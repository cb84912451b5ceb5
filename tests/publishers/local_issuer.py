"""An issuer of OpenID Connect tokens on this machine: discovery, keys that rotate, and tokens of any kind."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

PUBLIC_URL = "http://127.0.0.1:8000"


@cache
def _rsa(number: int) -> rsa.RSAPrivateKey:
    """One key a number for the whole run of tests: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class LocalIssuer:
    """`answers` overrides what a path answers: (status, headers, body)."""

    port: int
    number: int = 0
    asked: list[str] = field(default_factory=list)
    run: dict[str, object] = field(default_factory=dict)  # what the tokens of `/id` say
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def kid(self) -> str:
        return f"key-{self.number}"

    @property
    def key(self) -> rsa.RSAPrivateKey:
        return _rsa(self.number)

    @property
    def public_pem(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def rotate(self) -> None:
        self.number += 1

    def document(self, path: str) -> object:
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        if path.startswith("/id?"):
            return {"value": self.token(**self.run)}
        rows = [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": self.kid}]
        rows.append(json.loads(jwt.algorithms.ECAlgorithm.to_jwk(_ec().public_key())) | {"kid": "ec"})
        return {"keys": rows}

    def claims(self, **more: object) -> dict[str, object]:
        """Those of a run of GitHub Actions in acme/skills."""
        moment = int(time.time())
        usual = {
            "iss": self.url,
            "sub": "repo:acme/skills:ref:refs/heads/main",
            "aud": PUBLIC_URL,
            "jti": str(uuid.uuid4()),
            "iat": moment,
            "nbf": moment - 5,
            "exp": moment + 300,
            "repository": "acme/skills",
            "repository_id": "70",
            "repository_owner": "acme",
            "repository_owner_id": "7",
            "workflow_ref": "acme/skills/.github/workflows/skills.yml@refs/heads/main",
            "ref": "refs/heads/main",
            "event_name": "push",
            "sha": "4f" * 20,
            "run_id": "4711",
            "actor": "octocat",
        }
        merged = usual | more
        return {name: value for name, value in merged.items() if value is not None}

    def token(self, **more: object) -> str:
        return jwt.encode(self.claims(**more), self.key, algorithm="RS256", headers={"kid": self.kid})

    def ec_token(self, **more: object) -> str:
        return jwt.encode(self.claims(**more), _ec(), algorithm="ES256", headers={"kid": "ec"})


@cache
def _ec() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@contextmanager
def a_local_issuer() -> Iterator[LocalIssuer]:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            body = json.dumps(issuer.document(self.path)).encode()
            status, headers, body = issuer.answers.get(self.path, (200, {}, body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    issuer = LocalIssuer(server.server_port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
