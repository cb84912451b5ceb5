"""Why an endpoint did not answer, in words: the true cause, and how to mend it.

Every provider's client has exceptions of its own and wraps those of others; what they share is a chain of
causes with an error of the system or a status of HTTP in it.
"""

import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

from skills.lib.outgoing import NotAllowed
from skills.portfolio.credentials import BadKey
from skills.portfolio.kinds import ProviderKind

_QUOTED = 200  # characters of what an endpoint or a client says that are shown
_DEEPEST = 12  # causes that are looked at; some chains lead back to themselves
_OVERLOADED = 529  # Anthropic's own
_SHORTEST_SECRET = 4  # characters; the text of a shorter "key" would be everywhere in a message
_WRAPPERS = ("RetryError", "ExceptionGroup")  # say nothing by themselves


class FaultKind(StrEnum):
    """What is wrong. Those of `AWAY` say that the endpoint answers nobody, whatever is asked."""

    NAME = "name"
    CLOSED = "closed"
    TIMEOUT = "timeout"
    TLS = "tls"
    CUT = "cut"
    BROKEN = "broken"
    KEY = "key"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    NO_MODEL = "no_model"
    BUSY = "busy"
    CREDIT = "credit"
    REFUSED = "refused"
    NOT_AN_API = "not_an_api"
    UNSET = "unset"
    BUDGET = "budget"
    OTHER = "other"


AWAY = frozenset(
    {FaultKind.NAME, FaultKind.CLOSED, FaultKind.TIMEOUT, FaultKind.TLS, FaultKind.CUT, FaultKind.BROKEN}
)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What was asked: enough to say how to mend it."""

    kind: ProviderKind
    base_url: str = ""
    model: str = ""
    has_key: bool = True

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc or "The endpoint"


@dataclass(frozen=True)
class EndpointFault:
    """The cause of a failed call and its remedy, "" where none is known."""

    kind: FaultKind
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.text} {self.remedy}".strip()


def fault_of(error: BaseException, endpoint: Endpoint, secret: str = "") -> EndpointFault:
    """Why a call to ENDPOINT ended with ERROR, without its key SECRET, which some clients quote."""
    fault = _fault_of(error, endpoint)
    if len(secret) < _SHORTEST_SECRET:
        return fault
    return replace(fault, text=fault.text.replace(secret, "…"))


def _fault_of(error: BaseException, endpoint: Endpoint) -> EndpointFault:
    causes = list(_causes(error))
    # From within: what wraps the client's exception may quote the whole request.
    for cause in reversed(causes):
        status = _status(cause)
        if status is not None:
            return _of_status(status, _quoted(cause), endpoint)
    for find in (_of_setup, _of_system, _of_client):
        for cause in causes:
            if fault := find(cause, endpoint):
                return fault
    first = next((cause for cause in causes if type(cause).__name__ not in _WRAPPERS), error)
    return EndpointFault(FaultKind.OTHER, f"{type(first).__name__}: {_quoted(first)}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """ERROR and what led to it, outermost first."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting and len(seen) < _DEEPEST:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        # tenacity keeps the last attempt beside its error instead of as its cause.
        last_attempt = getattr(one, "last_attempt", None)
        if last_attempt is not None:
            waiting.append(last_attempt.exception())
        # The context too: some clients raise "from None" and hide the system's own error there.
        waiting.append(one.__cause__ or one.__context__)


def _of_setup(cause: BaseException, _endpoint: Endpoint) -> EndpointFault | None:
    """What is missing before anything can be asked: credentials and regions of clouds, packages."""
    if isinstance(cause, BadKey):
        return EndpointFault(FaultKind.KEY, str(cause), "Enter the key again.")
    if isinstance(cause, NotAllowed):
        return EndpointFault(FaultKind.NAME, str(cause), "Enter the address of the provider anew.")
    name = type(cause).__name__
    if name == "PrerequisiteError":  # inspect's own, with the package that is missing
        return EndpointFault(FaultKind.UNSET, _quoted(cause).removeprefix("ERROR: "))
    return _SETUP.get(name)


_NO_CREDENTIALS = EndpointFault(
    FaultKind.UNSET,
    "There are no credentials for this cloud.",
    "Enter a key at the provider, or give the evaluation worker the cloud's own credentials.",
)
_STRANGE_KEY = EndpointFault(
    FaultKind.KEY, "The key holds a character that no key has, such as a line break.", "Enter it again."
)
_SETUP = {
    "NoCredentialsError": _NO_CREDENTIALS,
    "PartialCredentialsError": _NO_CREDENTIALS,
    "DefaultCredentialsError": _NO_CREDENTIALS,
    "NoRegionError": EndpointFault(
        FaultKind.UNSET, "No region is set.", "Enter it at the provider, or set AWS_REGION."
    ),
    "LocalProtocolError": _STRANGE_KEY,
    "UnicodeEncodeError": _STRANGE_KEY,
}


def _of_system(cause: BaseException, endpoint: Endpoint) -> EndpointFault | None:
    """Where no connection was made, or it did not last."""
    host = endpoint.host
    if isinstance(cause, socket.gaierror):
        return EndpointFault(
            FaultKind.NAME, f"Nobody knows the name {host}.", "Look for a slip in the address."
        )
    if isinstance(cause, ConnectionRefusedError):
        return EndpointFault(FaultKind.CLOSED, f"Nothing listens at {host}.", _start_it(endpoint))
    if isinstance(cause, ssl.SSLError):
        return _untrusted(cause, host)
    if isinstance(cause, TimeoutError):
        return _silent(endpoint)
    if isinstance(cause, ConnectionError):
        return EndpointFault(FaultKind.CUT, f"{host} broke the connection: {_quoted(cause)}")
    return None


def _untrusted(cause: ssl.SSLError, host: str) -> EndpointFault:
    if isinstance(cause, ssl.SSLCertVerificationError):
        text = f"The certificate of {host} is not trusted: {cause.verify_message or cause.reason}."
        return EndpointFault(FaultKind.TLS, text, "SSL_CERT_FILE names the certificates this worker trusts.")
    text = f"{host} does not speak TLS ({cause.reason or 'handshake failed'})."
    return EndpointFault(FaultKind.TLS, text, "Its address may begin with http:// instead of https://.")


def _start_it(endpoint: Endpoint) -> str:
    if urlsplit(endpoint.base_url).hostname in ("localhost", "127.0.0.1", "::1"):
        return "Start the server there. Inside of a container 127.0.0.1 is the container itself."
    return "Start the server there."


def _silent(endpoint: Endpoint) -> EndpointFault:
    remedy = "Look whether it is up, and whether a firewall or a proxy stands between."
    return EndpointFault(FaultKind.TIMEOUT, f"{endpoint.host} did not answer in time.", remedy)


# What clients raise by themselves; by name, so that no client has to be imported to ask.
_CUT = {"RemoteProtocolError", "ReadError", "ConnectError", "APIConnectionError", "EndpointConnectionError"}
_STRANGE = {
    "APIResponseValidationError",
    "AttributeError",
    "JSONDecodeError",
    "KeyError",
    "OpenAIResponseError",
    "TypeError",
}


def _of_client(cause: BaseException, endpoint: Endpoint) -> EndpointFault | None:
    """Where only the client's own exception tells what happened."""
    name = type(cause).__name__
    if "Timeout" in name:
        return _silent(endpoint)
    if name in _CUT:
        return EndpointFault(FaultKind.CUT, f"{endpoint.host} broke the connection: {_quoted(cause)}")
    if name in _STRANGE:  # an answer with status 200 that is none of a model: a web page, mostly
        text = f"{endpoint.host} answers, but with no answer of a model."
        return EndpointFault(FaultKind.NOT_AN_API, text, address_remedy(endpoint))
    return None


def _status(cause: BaseException) -> int | None:
    """The status of the answer. Every client keeps it somewhere else."""
    for name in ("status_code", "code", "status"):
        value = getattr(cause, name, None)
        if isinstance(value, int) and value >= HTTPStatus.BAD_REQUEST:
            return value
    response = getattr(cause, "response", None)
    if isinstance(response, dict):  # botocore's
        value = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return value if isinstance(value, int) else None
    return None


def _quoted(error: BaseException) -> str:
    """What the endpoint or the client says, on one line and cut."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    inner = body.get("error") if isinstance(body, dict) else None
    if isinstance(inner, dict):
        message = inner.get("message") or message
    text = " ".join(str(message or error).split()) or type(error).__name__
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _of_status(status: int, said: str, endpoint: Endpoint) -> EndpointFault:
    """What the status of an answer means, and what the endpoint says beside it."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != _OVERLOADED:
        return EndpointFault(
            FaultKind.BROKEN, f"The endpoint failed with status {status}.", "Look at its own log."
        )
    # Google answers 400 to a key that it does not know.
    if status == HTTPStatus.BAD_REQUEST and ("api key" in said.lower() or "api_key" in said.lower()):
        return _key_refused(said, endpoint)
    known = _BY_STATUS.get(status)
    return known(said, endpoint) if known else _refused(said, endpoint)


def _key_refused(_said: str, endpoint: Endpoint) -> EndpointFault:
    if endpoint.has_key:
        return EndpointFault(
            FaultKind.KEY, "The endpoint refused the key.", "Enter it again, whole and valid."
        )
    variable = endpoint.kind.key_variable
    other = f", or set {variable} for the evaluation worker" if variable else ""
    return EndpointFault(
        FaultKind.KEY, "The endpoint wants a key, and there is none.", f"Enter one at the provider{other}."
    )


def _forbidden(said: str, _endpoint: Endpoint) -> EndpointFault:
    remedy = "Ask for access to the model, or use another key or region."
    return EndpointFault(FaultKind.FORBIDDEN, f"The key may not do this: {said}", remedy)


def _not_found(said: str, endpoint: Endpoint) -> EndpointFault:
    if "model" in said.lower() and endpoint.model:
        text = f"The endpoint has no model {endpoint.model}: {said}"
        return EndpointFault(FaultKind.NO_MODEL, text, "List its models and take a name from there.")
    text = "The address answers, but not as this kind of provider does (404)."
    return EndpointFault(FaultKind.NOT_FOUND, text, address_remedy(endpoint))


def address_remedy(endpoint: Endpoint) -> str:
    """What is wrong about the end of the address, as far as the kind tells."""
    kind, rule = endpoint.kind, endpoint.kind.address_rule
    mended = rule.mended(endpoint.base_url)
    if mended and mended != endpoint.base_url:
        return f"{rule.words} Try {mended}"
    return f"{rule.words} Compare the address with the documentation of {kind.label}.".strip()


def _no_credit(said: str, _endpoint: Endpoint) -> EndpointFault:
    return EndpointFault(FaultKind.CREDIT, f"The account has no credit left: {said}", "Look at its billing.")


def _busy(said: str, endpoint: Endpoint) -> EndpointFault:
    if any(word in said.lower() for word in ("quota", "billing", "credit")):
        return _no_credit(said, endpoint)
    remedy = "Lower “Calls at a time” of its models, or ask the provider for more."
    return EndpointFault(FaultKind.BUSY, "The endpoint is asked too often.", remedy)


def _refused(said: str, _endpoint: Endpoint) -> EndpointFault:
    is_parameter = any(word in said.lower() for word in ("max_tokens", "temperature", "unsupported"))
    remedy = "Change the model's parameters." if is_parameter else ""
    return EndpointFault(FaultKind.REFUSED, f"The endpoint refused the request: {said}", remedy)


_BY_STATUS: dict[int, Callable[[str, Endpoint], EndpointFault]] = {
    HTTPStatus.UNAUTHORIZED: _key_refused,
    HTTPStatus.PAYMENT_REQUIRED: _no_credit,
    HTTPStatus.FORBIDDEN: _forbidden,
    HTTPStatus.NOT_FOUND: _not_found,
    HTTPStatus.METHOD_NOT_ALLOWED: _not_found,
    HTTPStatus.TOO_MANY_REQUESTS: _busy,
    _OVERLOADED: _busy,
}
