"""Four eyes: whoever answers for a version is no second pair, in the rules and in the database."""

import pytest
from django.db import IntegrityError, transaction

from skills.audit.models import Event
from skills.catalog.models import Version
from skills.catalog.stakes import Stake, stake_of
from skills.flows import release
from skills.lib.errors import Forbidden
from skills.people.actor import actor_for_token
from skills.people.models import Account, Membership, Policy
from skills.people.teams import create_service
from skills.people.tokens import create_token, find_token
from skills.reviews.decide import approved_alone
from skills.reviews.models import Decision
from skills.reviews.selectors import queue
from tests.factories import a_person, a_team, a_version, actor, an_upload, files, join


@pytest.fixture
def robot(owner, team) -> Account:
    return create_service(actor=actor(owner), team=team, handle="robot")


def submitted_by_token(
    maker: Account, robot: Account, number: str = "1.0.0", name: str = "greet-people"
) -> Version:
    """A version in review that ROBOT submitted with a token that MAKER made."""
    scopes = ["read", "publish"]
    secret = create_token(actor=actor(maker), owner=robot, name="ci", scopes=scopes)[1]
    asking = actor_for_token(find_token(secret))
    upload = an_upload(robot, files(name))
    version, _ = release.submit(actor=asking, team=robot.service_of, upload=upload, number=number)
    release.scanned(version_id=version.pk)
    version.refresh_from_db()
    return version


def approve(version: Version, by: Account) -> Version:
    return release.decide(actor=actor(by), version_id=version.pk, verdict="approve", digest=version.digest)


def test_whoever_made_the_token_is_responsible(robot, owner):
    version = submitted_by_token(owner, robot)

    assert (version.author, version.responsible) == (robot, owner)
    assert Event.objects.get(act="version.submit").detail["responsible"] == "owner"


def test_of_a_person_s_version_the_person_is_responsible(owner, team):
    assert a_version(owner, team).responsible == owner


def test_an_admin_does_not_pass_four_eyes_through_a_service_account(robot, owner):
    version = submitted_by_token(owner, robot)

    with pytest.raises(Forbidden, match="made the token"):
        approve(version, owner)


def test_an_admin_who_made_the_token_and_is_a_reviewer_by_now_does_not_either(robot, owner, team, mate):
    second = a_person("second")
    join(team, second, "admin")
    version = submitted_by_token(second, robot)
    Membership.objects.filter(team=team, account=second).update(role="reviewer")

    with pytest.raises(Forbidden, match="made the token"):
        approve(version, second)


def test_another_admin_of_the_service_account_does_not_approve(robot, owner, team):
    second = a_person("second")
    join(team, second, "admin")
    version = submitted_by_token(owner, robot)

    with pytest.raises(Forbidden, match="administer the service account"):
        approve(version, second)


def test_whoever_made_the_service_account_does_not_approve(robot, owner, team):
    second = a_person("second")
    join(team, second, "admin")
    version = submitted_by_token(second, robot)
    Membership.objects.filter(team=team, account=owner).update(role="reviewer")

    assert stake_of(version, owner) == Stake.ADMINISTERS


def test_a_reviewer_who_has_nothing_to_do_with_the_service_account_approves(robot, owner, mate):
    assert approve(submitted_by_token(owner, robot), mate).state == "approved"


def test_who_becomes_an_admin_later_does_not_undo_an_approval(robot, owner, team, mate):
    version = approve(submitted_by_token(owner, robot), mate)
    Membership.objects.filter(team=team, account=mate).update(role="admin")

    assert list(approved_alone(version.skill)) == []


def test_the_author_of_an_earlier_attempt_does_not_approve_the_next(owner, team, mate):
    first = a_version(owner, team)
    release.withdraw(actor=actor(owner), version_id=first.pk)
    second = a_version(mate, team, body="Mended.")

    with pytest.raises(Forbidden, match="earlier attempt"):
        approve(second, owner)


def test_the_author_of_the_same_bytes_does_not_approve_them(owner, team, mate):
    other = a_team("other", admin=owner)
    a_version(owner, other)
    copied = a_version(mate, team)

    with pytest.raises(Forbidden, match="same bytes"):
        approve(copied, owner)


def test_the_queue_shows_nobody_what_they_answer_for(robot, owner, mate):
    version = submitted_by_token(owner, robot)

    assert version not in queue(actor(owner), "waiting")
    assert version in queue(actor(mate), "waiting")


def decision(version: Version, by: Account, **more) -> Decision:
    """A row as code without rules would write it."""
    facts = {"author": version.author, "responsible": version.responsible, "digest": version.digest} | more
    return Decision(version=version, reviewer=by, verdict="approve", **facts)


def test_the_database_refuses_the_approval_of_whoever_is_responsible(robot, owner):
    version = submitted_by_token(owner, robot)

    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        decision(version, owner).save()


def test_the_database_is_not_deceived_by_other_names_in_the_row(robot, owner, mate):
    version = submitted_by_token(owner, robot)

    with pytest.raises(IntegrityError, match="do not answer"), transaction.atomic():
        decision(version, owner, author=mate, responsible=mate).save()


def test_the_database_refuses_the_approval_of_another_admin(robot, owner, team):
    second = a_person("second")
    join(team, second, "admin")
    version = submitted_by_token(owner, robot)

    with pytest.raises(IntegrityError, match="do not answer"), transaction.atomic():
        decision(version, second).save()


def test_the_database_asks_the_policy_whether_authors_approve(owner, team):
    version = a_version(owner, team)

    with pytest.raises(IntegrityError, match="does not let authors"), transaction.atomic():
        decision(version, owner, self_approval_allowed=True).save()


def test_authors_approve_where_policy_lets_them_and_the_team_alone_reads(owner, team, mate):
    Policy.objects.filter(team=team).update(self_approval=True)

    assert approve(a_version(owner, team), owner).state == "approved"


def test_authors_do_not_approve_what_more_than_the_team_reads(owner, team, mate):
    approve(a_version(owner, team, wanted="public"), mate)
    Policy.objects.filter(team=team).update(self_approval=True)
    second = a_version(owner, team, number="2.0.0", body="Other.")

    with pytest.raises(Forbidden, match="this one is public"):
        approve(second, owner)


def test_a_token_of_one_s_own_is_no_second_pair_of_eyes(owner, team):
    version = a_version(owner, team)
    secret = create_token(actor=actor(owner), owner=owner, name="t", scopes=["read", "review"])[1]

    with pytest.raises(Forbidden, match="Authors"):
        release.decide(
            actor=actor_for_token(find_token(secret)),
            version_id=version.pk,
            verdict="approve",
            digest=version.digest,
        )
