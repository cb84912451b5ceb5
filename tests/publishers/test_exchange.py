"""A run of CI proves where it is and may publish for ten minutes; every other run is told why not."""

from datetime import timedelta

import jwt
import pytest

from skills.audit.models import Event
from skills.catalog.models import State, Version
from skills.catalog.stakes import Stake, stake_of
from skills.flows import release
from skills.lib.clock import now
from skills.lib.errors import Forbidden, Refused, Unauthenticated, Unavailable
from skills.people.actor import actor_for_token
from skills.people.models import Membership, Role, Token
from skills.people.tokens import find_token
from skills.publishers import configure, issuers
from skills.publishers.exchange import exchange, purge
from skills.publishers.models import UsedToken
from tests.factories import a_person, actor, files, join
from tests.publishers.local_issuer import PUBLIC_URL

pytestmark = pytest.mark.django_db


def swap(token: str, team: str = "crew"):
    return exchange(team=team, id_token=token)


def code_of(refusal) -> str:
    return refusal.value.problems[0].code


def publish(done, name: str = "greet-people"):
    asking = actor_for_token(find_token(done.secret))
    _, upload = release.stage(actor=asking, content=files(name))
    version, _ = release.submit(actor=asking, team=done.token.teams.get(), upload=upload, number="1.0.0")
    return version


def test_the_run_that_was_written_down_may_publish_for_ten_minutes(issuer, trusted, owner):
    trusted()

    done = swap(issuer.token())

    assert done.token.scopes == ["publish"]
    assert timedelta(minutes=9) < done.token.expires_at - now() <= timedelta(minutes=10)
    assert [team.handle for team in done.token.teams.all()] == ["crew"]
    assert done.token.created_by == owner


def test_a_token_signed_with_an_elliptic_curve_is_taken(issuer, trusted):
    trusted()

    assert swap(issuer.ec_token()).token.scopes == ["publish"]


def test_the_version_says_which_run_brought_it(issuer, trusted):
    trusted()

    version = publish(swap(issuer.token()))

    facts = version.provenance
    assert version.author.username == "crew-ci"
    assert facts.revision == "4f" * 20
    assert facts.run_url.endswith("/acme/skills/actions/runs/4711")
    assert facts.brought_by == "GitHub Actions: acme/skills .github/workflows/skills.yml"
    assert facts.started_by == "octocat"


def test_who_wrote_it_down_and_who_started_the_run_approve_nothing_of_it(issuer, trusted, owner, mate):
    starter = a_person("octocat")
    trusted()

    version = publish(swap(issuer.token()))

    assert version.responsible == owner
    assert stake_of(version, owner) == Stake.RESPONSIBLE
    assert stake_of(version, starter) == Stake.SOURCE
    assert stake_of(version, mate) is None


def test_a_token_for_one_skill_publishes_no_other(issuer, trusted):
    trusted(skills=["greet-people"])
    done = swap(issuer.token())
    publish(done)

    with pytest.raises(Forbidden, match="publishes greet-people, not farewell"):
        publish(done, "farewell")


def test_the_audit_log_names_the_run(issuer, trusted):
    trusted()

    swap(issuer.token())

    row = Event.objects.filter(act="publisher.exchange").get()
    assert row.target == "GitHub Actions: acme/skills .github/workflows/skills.yml"
    assert row.detail["commit"] == "4f" * 20
    assert row.detail["answerable"] == "owner"


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"aud": "https://pypi.org"}, "It is for https://pypi.org, and this hub is"),
        ({"aud": [PUBLIC_URL, "https://other.example"]}, "and this hub is"),
        ({"exp": 1_000_000_000}, "It has expired"),
        ({"nbf": 4_000_000_000}, "not valid yet"),
        ({"iat": 4_000_000_000}, "not valid yet"),
        ({"exp": "soon"}, "exp"),
        ({"jti": None}, "jti"),
        ({"exp": None}, "exp"),
        ({"iat": None}, "iat"),
        ({"jti": ""}, "jti"),
    ],
)
def test_a_token_that_is_not_for_here_and_now_is_refused(claims, words, issuer, trusted):
    trusted()

    with pytest.raises(Unauthenticated, match=words) as refusal:
        swap(issuer.token(**claims))

    assert code_of(refusal) == "bad_id_token"
    assert not Token.objects.exists()


def test_clocks_may_differ_by_some_seconds(issuer, trusted):
    trusted()
    moment = int(now().timestamp())

    assert swap(issuer.token(iat=moment + 20, nbf=moment + 20)).secret
    assert swap(issuer.token(exp=moment - 20)).secret


def test_a_token_without_a_signature_is_refused(issuer, trusted):
    trusted()

    with pytest.raises(Unauthenticated, match="signed with none"):
        swap(jwt.encode(issuer.claims(), None, algorithm="none"))


def test_a_public_key_is_no_secret(issuer, trusted):
    """HS256 keyed with the public key, which PyJWT itself refuses to make."""
    import base64
    import hashlib
    import hmac
    import json

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    trusted()
    header = {"alg": "HS256", "typ": "JWT", "kid": issuer.kid}
    signed = ".".join(part(json.dumps(value).encode()) for value in (header, issuer.claims()))
    mac = hmac.new(issuer.public_pem, signed.encode(), hashlib.sha256).digest()

    with pytest.raises(Unauthenticated, match="signed with HS256"):
        swap(f"{signed}.{part(mac)}")


def test_a_signature_of_another_key_is_refused(issuer, trusted):
    trusted()
    forged = jwt.encode(issuer.claims(), issuer.key, algorithm="RS256", headers={"kid": issuer.kid})
    issuer.rotate()
    renamed = jwt.encode(issuer.claims(), issuer.key, algorithm="RS256", headers={"kid": "key-0"})
    issuer.number = 0

    with pytest.raises(Unauthenticated, match="signature"):
        swap(renamed)

    assert swap(forged).secret


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "e30.e30.", "x" * 20_000])
def test_what_is_no_token_is_refused_in_words(token, issuer, trusted):
    trusted()

    with pytest.raises(Refused) as refusal:
        swap(token)

    assert code_of(refusal) in ("bad_id_token", "publisher_unknown")


def test_a_token_is_taken_once(issuer, trusted):
    trusted()
    token = issuer.token()
    swap(token)

    with pytest.raises(Unauthenticated, match="exchanged before") as refusal:
        swap(token)

    assert code_of(refusal) == "id_token_used"
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (
            {"workflow_ref": "acme/skills/.github/workflows/other.yml@refs/heads/main"},
            "workflow: expected .github/workflows/skills.yml, but the run says .github/workflows/other.yml",
        ),
        (
            {"workflow_ref": "evil/copy/.github/workflows/skills.yml@refs/heads/main"},
            "the run says evil/copy/.github/workflows/skills.yml",
        ),
        ({"ref": "refs/heads/feature"}, "ref: expected refs/heads/main, but the run says refs/heads/feature"),
        ({"environment": None}, "environment: expected release, but the run says none"),
        ({"event_name": "pull_request"}, "event: expected no pull request"),
        ({"event_name": "pull_request_target"}, "event: expected no pull request"),
    ],
)
def test_the_refusal_names_the_claim_that_differs(claims, words, issuer, trusted):
    trusted(environment="release")

    with pytest.raises(Forbidden, match=words) as refusal:
        swap(issuer.token(**{"environment": "release"} | claims))

    assert code_of(refusal) == "publisher_differs"


def test_another_repository_learns_nothing_of_what_was_written_down(issuer, trusted):
    trusted(environment="release")

    with pytest.raises(Forbidden) as refusal:
        swap(issuer.token(repository="evil/skills"))
    with pytest.raises(Forbidden) as nobody:
        swap(issuer.token(repository="evil/skills"), team="nobody")

    assert code_of(refusal) == "publisher_unknown"
    assert "acme" not in str(refusal.value)
    assert str(refusal.value).replace("crew", "nobody") == str(nobody.value)


@pytest.mark.parametrize("claim", ["repository_owner_id", "repository_id"])
def test_who_registers_an_abandoned_name_again_is_somebody_else(claim, issuer, trusted):
    publisher = trusted()
    swap(issuer.token())

    with pytest.raises(Forbidden, match="its ids have changed") as refusal:
        swap(issuer.token(**{claim: "666"}))

    publisher.refresh_from_db()
    assert code_of(refusal) == "publisher_differs"
    assert (publisher.owner_id, publisher.repository_id) == ("7", "70")
    assert "skills.yml" not in str(refusal.value)


def test_a_pull_request_may_check_where_that_was_said(issuer, trusted):
    trusted(checks_pull_requests=True, environment="release")

    done = swap(issuer.token(event_name="pull_request", ref="refs/pull/5/merge"))

    assert done.token.scopes == ["check"]
    with pytest.raises(Forbidden):
        publish(done)


def test_a_tag_may_match_a_pattern(issuer, trusted):
    trusted(ref="refs/tags/v*")

    assert swap(issuer.token(ref="refs/tags/v1.2.0")).secret
    with pytest.raises(Forbidden, match=r"ref: expected refs/tags/v\*"):
        swap(issuer.token(ref="refs/heads/v1"))


def test_a_new_key_of_the_issuer_is_found(issuer, trusted, monkeypatch):
    trusted()
    swap(issuer.token())
    issuer.rotate()
    monkeypatch.setattr(issuers, "PATIENCE", 0)

    assert swap(issuer.token()).secret


def test_unknown_keys_are_not_asked_for_again_and_again(issuer, trusted):
    trusted()
    swap(issuer.token())
    issuer.rotate()

    for _ in range(5):
        with pytest.raises(Refused, match="has no key 'key-1'"):
            swap(issuer.token())

    assert issuer.asked.count("/keys") == 1


def test_an_issuer_that_redirects_is_not_followed(issuer, trusted):
    trusted()
    issuer.answers["/keys"] = (302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b"")

    with pytest.raises(Unavailable, match="answered 302") as refusal:
        swap(issuer.token())

    assert code_of(refusal) == "issuer_away"


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("/.well-known/openid-configuration", b'{"issuer": "https://other.example"}', "another issuer"),
        ("/.well-known/openid-configuration", b"[]", "another issuer"),
        ("/keys", b'{"keys": 1}', "no list"),
        ("/keys", b"x" * 1_000_001, "answered more than"),
        ("/keys", b"<html>", "cannot be read"),
    ],
)
def test_an_issuer_that_talks_nonsense_is_away(path, body, words, issuer, trusted):
    trusted()
    issuer.answers[path] = (200, {}, body)

    with pytest.raises(Unavailable, match=words):
        swap(issuer.token())


def test_keys_at_a_private_address_are_not_fetched(issuer, trusted, settings):
    trusted()
    settings.SOURCE_HOSTS = [f"127.0.0.1:{issuer.port}"]
    about = f'{{"issuer": "{issuer.url}", "jwks_uri": "https://10.0.0.1/keys"}}'.encode()
    issuer.answers["/.well-known/openid-configuration"] = (200, {}, about)

    with pytest.raises(Unavailable, match="is not a public address"):
        swap(issuer.token())


def test_nobody_makes_the_hub_ask_an_address_that_was_not_written_down(issuer, team):
    with pytest.raises(Forbidden):
        swap(issuer.token())

    assert issuer.asked == []


def test_somebody_who_administers_the_team_must_answer_for_it(issuer, trusted, owner, mate, team):
    publisher = trusted()
    Membership.objects.filter(team=team, account=mate).update(role=Role.ADMIN)
    Membership.objects.filter(team=team, account=owner).update(role=Role.MEMBER)

    with pytest.raises(Forbidden, match="owner, who added this") as refusal:
        swap(issuer.token())
    configure.confirm(actor=actor(mate), publisher=publisher)

    assert code_of(refusal) == "publisher_orphaned"
    assert swap(issuer.token()).token.created_by == mate


def test_a_publisher_that_is_removed_ends_its_tokens(issuer, trusted, owner):
    publisher = trusted()
    done = swap(issuer.token())

    configure.remove(actor=actor(owner), publisher=publisher)

    assert find_token(done.secret) is None
    with pytest.raises(Forbidden):
        swap(issuer.token())


def test_a_job_of_gitlab_may_publish(issuer, trusted, mate):
    trusted(kind="gitlab", repository="acme/tools/skills", workflow="", ref="refs/heads/main")
    claims = {
        "project_path": "acme/tools/skills",
        "project_id": "70",
        "namespace_id": "7",
        "ci_config_ref_uri": f"127.0.0.1:{issuer.port}/acme/tools/skills//.gitlab-ci.yml@refs/heads/main",
        "ref": "main",
        "ref_type": "branch",
        "pipeline_source": "push",
        "pipeline_id": "99",
        "user_login": "tanuki",
        "user_email": "mate@example.org",
        "repository": None,
        "workflow_ref": None,
        "event_name": None,
    }

    done = swap(issuer.token(**claims))

    assert done.run.run_url == f"{issuer.url}/acme/tools/skills/-/pipelines/99"
    assert stake_of(publish(done), mate) == Stake.SOURCE
    with pytest.raises(Forbidden, match="event"):
        swap(issuer.token(**claims | {"pipeline_source": "merge_request_event"}))


def test_any_issuer_may_be_trusted_by_subject_and_claims(issuer, trusted):
    trusted(kind="other", repository="org:acme:pipeline:skills", ref="", claims={"branch": "main"})
    said = {"sub": "org:acme:pipeline:skills", "branch": "main"}

    assert swap(issuer.token(**said)).secret
    with pytest.raises(Forbidden, match="branch: expected main, but the run says evil"):
        swap(issuer.token(**said | {"branch": "evil"}))
    with pytest.raises(Forbidden, match="no trusted publisher"):
        swap(issuer.token(**said | {"sub": "org:evil"}))


def test_what_is_over_is_forgotten(issuer, trusted):
    trusted()
    done = swap(issuer.token())
    Token.objects.update(created_at=now() - timedelta(days=3), expires_at=now() - timedelta(days=2))
    UsedToken.objects.update(expires_at=now() - timedelta(seconds=1))

    purge()

    assert not Token.objects.filter(pk=done.token.pk).exists()
    assert not UsedToken.objects.exists()


def test_the_page_of_the_version_leads_to_the_run(issuer, trusted, client, mate):
    trusted()
    version = publish(swap(issuer.token()))
    client.force_login(mate)

    page = client.get(version.get_absolute_url()).content.decode()

    assert "GitHub Actions: acme/skills .github/workflows/skills.yml" in page
    assert f'href="{version.provenance.run_url}"' in page
    assert "started by octocat" in page


def test_the_same_bytes_in_a_second_run_are_still_theirs_who_started_the_first(issuer, trusted, mate):
    starter = a_person("octocat")
    trusted()
    first = publish(swap(issuer.token()))
    Version.objects.filter(pk=first.pk).update(state=State.CHANGES_REQUESTED)

    second = publish(swap(issuer.token(actor="nobody-here")))

    assert second.attempt == 2
    assert stake_of(second, starter) == Stake.ATTEMPT
    assert stake_of(second, mate) is None


def test_who_wrote_it_down_answers_also_after_another_confirmed_it(issuer, trusted, owner, team, stranger):
    trusted(repository="acme/first")  # the service account is owner's
    join(team, stranger, "admin")
    publisher = trusted(by=stranger)
    Membership.objects.filter(team=team, account=stranger).update(role=Role.REVIEWER)
    configure.confirm(actor=actor(owner), publisher=publisher)

    version = publish(swap(issuer.token()))

    assert version.responsible == owner
    assert stake_of(version, stranger) == Stake.SOURCE


def test_another_workflow_whose_name_begins_alike_is_another(issuer, trusted):
    trusted()
    ref = "acme/skills/.github/workflows/skills.yml@evil.yml@refs/heads/main"

    with pytest.raises(Forbidden, match="workflow: expected"):
        swap(issuer.token(workflow_ref=ref))


def test_nobody_learns_which_team_trusts_an_issuer(issuer, trusted):
    trusted()
    unsigned = jwt.encode({"iss": issuer.url}, "x" * 32, algorithm="HS256")

    refusals = []
    for team in ("crew", "nobody"):
        with pytest.raises(Unauthenticated) as refusal:
            swap(unsigned, team)
        refusals.append(code_of(refusal))

    assert refusals == ["bad_id_token", "bad_id_token"]


@pytest.mark.parametrize(
    "claims",
    [
        {"sha": "4f\0"},
        {"actor": "\ud800"},
        {"repository_owner_id": "9" * 65},
        {"repository_id": "9" * 65},
        {"jti": "a\0"},
        {"jti": "\ud800"},
        {"aud": "\ud800"},
        {"iss": "a\0b"},
        {"iss": "\ud800"},
    ],
    ids=str,
)
def test_strange_claims_are_no_fault_of_ours(claims, issuer, trusted, client):
    trusted()
    body = {"team": "crew", "token": issuer.token(**claims)}

    answer = client.post("/api/v1/trusted-publishing", body, content_type="application/json")

    assert answer.status_code in (201, 401, 403)


@pytest.mark.parametrize("claims", [{"a\0": "b"}, {"a": "\ud800"}, {"a" * 101: "b"}, {"a": "b" * 301}])
def test_a_claim_that_no_token_has_is_not_written_down(claims, trusted):
    with pytest.raises(Refused, match="each with a name and a value"):
        trusted(claims=claims)
