"""What the claims of each kind of issuer say about the run that asks."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from skills.publishers.id_tokens import Claims, bad_token
from skills.publishers.models import ID_LENGTH, IssuerKind

GITHUB = "https://token.actions.githubusercontent.com"
GITLAB = "https://gitlab.com"
GITHUB_WORKFLOWS = ".github/workflows/"
_LONGEST = 300  # characters of one claim


@dataclass(frozen=True, kw_only=True)
class CiRun:
    """One run of CI, as its issuer swears; "" for what it does not say."""

    repository: str
    owner_id: str = ""
    repository_id: str = ""
    workflow: str = ""
    environment: str = ""
    ref: str = ""
    is_pull_request: bool = False
    commit: str = ""
    url: str = ""  # of the repository
    run_url: str = ""
    started_by: str = ""
    email: str = ""  # of who started it


def run_of(kind: str, claims: Claims) -> CiRun:
    """The run behind CLAIMS, which are verified."""
    return _READERS[IssuerKind(kind)](claims)


def text(claims: Claims, name: str) -> str:
    """The claim NAME as text; "" for none, for lists and objects, and for what no database keeps."""
    value = claims.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    said = str(value)[:_LONGEST] if isinstance(value, str | int) else ""
    return said if said.isprintable() else ""


def _id(claims: Claims, name: str) -> str:
    said = text(claims, name)
    if len(said) > ID_LENGTH:
        raise bad_token(f"Its `{name}` has more than {ID_LENGTH} characters.")
    return said


def _github(claims: Claims) -> CiRun:
    repository, event, ref = (text(claims, name) for name in ("repository", "event_name", "ref"))
    url = f"{_github_server(text(claims, 'iss'))}/{quote(repository)}"
    return CiRun(
        repository=repository,
        owner_id=_id(claims, "repository_owner_id"),
        repository_id=_id(claims, "repository_id"),
        # The workflow that began the run, not a reusable one that it calls: the repository's own word.
        workflow=_within(text(claims, "workflow_ref"), f"{repository}/"),
        environment=text(claims, "environment"),
        ref=ref,
        is_pull_request=event.startswith("pull_request") or ref.startswith("refs/pull/"),
        commit=text(claims, "sha"),
        url=url,
        run_url=f"{url}/actions/runs/{quote(text(claims, 'run_id'))}",
        started_by=text(claims, "actor"),
    )


def _github_server(issuer: str) -> str:
    parts = urlsplit(issuer)
    host = parts.netloc
    if host == urlsplit(GITHUB).netloc:
        return "https://github.com"
    # Enterprise Cloud with its own domain; a server of one's own has the issuer /_services/token.
    return f"{parts.scheme}://{host.removeprefix('token.actions.')}"


def _gitlab(claims: Claims) -> CiRun:
    project, issuer, ref = (text(claims, name) for name in ("project_path", "iss", "ref"))
    folder = {"branch": "refs/heads/", "tag": "refs/tags/"}.get(text(claims, "ref_type"), "")
    url = f"{issuer.rstrip('/')}/{quote(project)}"
    event = text(claims, "pipeline_source")
    return CiRun(
        repository=project,
        owner_id=_id(claims, "namespace_id"),
        repository_id=_id(claims, "project_id"),
        workflow=_within(text(claims, "ci_config_ref_uri"), f"{urlsplit(url).netloc}{urlsplit(url).path}//"),
        environment=text(claims, "environment"),
        ref=f"{folder}{ref}",
        is_pull_request=event.endswith(("merge_request_event", "pull_request_event")),
        commit=text(claims, "sha"),
        url=url,
        run_url=f"{url}/-/pipelines/{quote(text(claims, 'pipeline_id'))}",
        started_by=text(claims, "user_login"),
        email=text(claims, "user_email"),
    )


def _other(claims: Claims) -> CiRun:
    subject = text(claims, "sub")
    return CiRun(repository=subject, commit=text(claims, "sha"), url=text(claims, "iss"))


def _within(address: str, folder: str) -> str:
    """The file that ADDRESS (folder, file, @ref) names; ADDRESS itself where it is in another folder."""
    # A file may be called skills.yml@other.yml.
    path = address.partition("@refs/")[0]
    return path[len(folder) :] if path.lower().startswith(folder.lower()) else path


_READERS: dict[IssuerKind, Callable[[Claims], CiRun]] = {
    IssuerKind.GITHUB: _github,
    IssuerKind.GITLAB: _gitlab,
    IssuerKind.OTHER: _other,
}
