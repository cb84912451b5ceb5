"""Typed plain functions that make what a test needs, through the product's own acts."""

from skills.bundles.pack import pack
from skills.catalog.models import Skill, Team, Upload, Version
from skills.flows import release
from skills.people import teams
from skills.people.actor import Actor, actor_for_session
from skills.people.models import Account, Membership, Role, Scope
from skills.people.tokens import create_token

PASSWORD = "correct horse battery"


def a_person(handle: str, *, staff: bool = False, auditor: bool = False) -> Account:
    account = Account(username=handle, email=f"{handle}@example.org", is_staff=staff, is_auditor=auditor)
    account.set_password(PASSWORD)
    teams.open_account(account)
    return account


def a_team(handle: str, *, admin: Account, reviewer: Account | None = None, members: tuple = ()) -> Team:
    team = teams.create_team(actor=actor(admin), handle=handle, name=handle.title())
    if reviewer:
        join(team, reviewer, Role.REVIEWER)
    for account in members:
        join(team, account, Role.MEMBER)
    return team


def join(team: Team, account: Account, role: str) -> None:
    Membership.objects.create(team=team, account=account, role=role)


def actor(account: Account | None) -> Actor:
    return actor_for_session(account) if account else Actor()


def skill_md(name: str = "greet-people", description: str = "", body: str = "", **fields: str) -> str:
    text = description or f"Does the work of {name}. Use when somebody asks for it."
    extra = "".join(f"{key}: {value}\n" for key, value in fields.items())
    return f"---\nname: {name}\ndescription: {text}\n{extra}---\n\n# {name}\n\n{body or 'Say hello.'}\n"


def files(name: str = "greet-people", **more: str) -> dict[str, bytes]:
    return {"SKILL.md": skill_md(name, **more).encode()}


def a_zip(name: str = "greet-people", content: dict[str, bytes] | None = None, **more: str) -> bytes:
    return pack(content or files(name, **more)).data


def an_upload(by: Account, content: dict[str, bytes] | None = None, **more: str) -> Upload:
    report, upload = release.stage(actor=actor(by), content=content or files(**more))
    assert upload is not None, report.errors
    return upload


def a_version(
    by: Account,
    team: Team,
    name: str = "greet-people",
    number: str = "1.0.0",
    *,
    wanted: str = "team",
    content: dict[str, bytes] | None = None,
    scanned: bool = True,
    **more: str,
) -> Version:
    """A version in review (or scanning)."""
    upload = an_upload(by, content or files(name, **more))
    version, _ = release.submit(actor=actor(by), team=team, upload=upload, number=number, wanted=wanted)
    if scanned:
        release.scanned(version_id=version.pk)
    version.refresh_from_db()
    return version


def an_approved(
    by: Account, reviewer: Account, team: Team, name: str = "greet-people", number: str = "1.0.0", **more
) -> Version:
    version = a_version(by, team, name, number, **more)
    release.decide(actor=actor(reviewer), version_id=version.pk, verdict="approve", digest=version.digest)
    version.refresh_from_db()
    return version


def a_secret(account: Account, *scopes: str, team_limits: tuple = ()) -> str:
    """A token's secret, ready for an Authorization header."""
    wanted = scopes or tuple(Scope.values)
    by = account
    if account.service_of:
        by = Membership.objects.filter(team=account.service_of, role=Role.ADMIN).order_by("pk")[0].account
        wanted = scopes or ("read", "publish")
    _, secret = create_token(actor=actor(by), owner=account, name="test", scopes=wanted, teams=team_limits)
    return secret


def bearer(account: Account, *scopes: str, **limits) -> dict[str, str]:
    return {"Authorization": f"Bearer {a_secret(account, *scopes, **limits)}"}


def reload(skill: Skill) -> Skill:
    return Skill.objects.select_related("team", "shown", "latest").get(pk=skill.pk)
