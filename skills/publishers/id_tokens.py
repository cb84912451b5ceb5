"""Reads the token of an issuer: signature, issuer, audience, time. What it claims is judged elsewhere."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.conf import settings

from skills.lib.errors import Refused, Unauthenticated, refuse
from skills.lib.json_values import Json
from skills.publishers.issuers import ALGORITHMS, signing_key

Claims = Mapping[str, Json]
LONGEST = 16_000  # characters; those of CI providers have about 2,000
LEEWAY = 30  # seconds that two clocks may differ
_REQUIRED = ["iss", "sub", "aud", "exp", "iat", "jti"]
_REMEDY = "Ask the CI provider for a new token in the job that publishes."


def audience() -> str:
    """What a token for this hub names as its audience."""
    return settings.PUBLIC_URL.rstrip("/")


def unverified_claims(token: str) -> Claims:
    """What TOKEN says, which may be a lie: to find whom to ask for the keys."""
    import jwt

    if len(token) > LONGEST:
        raise bad_token(f"It has more than {LONGEST} characters.")
    try:
        claims: dict[str, Json] = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError):
        raise bad_token("It is no JSON Web Token.") from None
    return claims


def verified_claims(token: str, issuer: str) -> Claims:
    """What ISSUER says in TOKEN; raises Unauthenticated with what is wrong with it."""
    import jwt

    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError):
        raise bad_token("Its header cannot be read.") from None
    algorithm = str(header.get("alg"))
    # Before any key is looked at: `none` needs none, and an HMAC would take a public key for a secret.
    if algorithm not in ALGORITHMS:
        raise bad_token(
            f"It is signed with {_in_ascii(algorithm[:20])}; {' and '.join(ALGORITHMS)} are taken."
        )
    key = signing_key(issuer, str(header.get("kid") or ""), algorithm)
    try:
        claims: dict[str, Json] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            issuer=issuer,
            leeway=timedelta(seconds=LEEWAY),
            options={"require": _REQUIRED, "verify_aud": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise bad_token(f"{_WORDS.get(type(error).__name__, str(error)[:200])}.") from None
    _check_audience(claims["aud"])
    jti = claims["jti"]
    if not isinstance(jti, str) or not jti or not jti.isprintable():
        raise bad_token("Its `jti` is no text, so it cannot be taken once only.")
    return claims


_WORDS = {
    "ExpiredSignatureError": "It has expired",
    "ImmatureSignatureError": "It is not valid yet: the clocks of issuer and hub differ",
    "InvalidSignatureError": "Its signature is not the issuer's",
}


def _check_audience(said: Json) -> None:
    named = said if isinstance(said, list) else [said]
    # For us alone: another audience of the same token could use it here.
    if named != [audience()]:
        text = f"It is for {_in_ascii(', '.join(map(str, named)))[:200]}, and this hub is {audience()}."
        raise refuse(
            "bad_id_token",
            f"The token of the CI provider is not taken. {text}",
            f"Ask the CI provider for a token with the audience {audience()}.",
            kind=Unauthenticated,
        )


def expiry(claims: Claims) -> datetime:
    """When a token of CLAIMS ends."""
    try:
        return datetime.fromtimestamp(float(str(claims["exp"])) + LEEWAY, UTC)
    except (ValueError, OverflowError, OSError):
        raise bad_token("Its end is no time.") from None


def mark(claims: Claims) -> str:
    """The same for the same token, and for no other: by its issuer and `jti`."""
    return sha256(f"{claims['iss']} {claims['jti']}".encode()).hexdigest()


def _in_ascii(said: str) -> str:
    """What a stranger says, as it can stand in any answer: JSON may hold half a character."""
    return said.encode("ascii", "backslashreplace").decode()


def bad_token(text: str) -> Refused:
    return refuse(
        "bad_id_token", f"The token of the CI provider is not taken. {text}", _REMEDY, kind=Unauthenticated
    )
