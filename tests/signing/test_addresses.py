"""Where signatures are read: API, well-known addresses, page, indexes, MCP, commands."""

import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.core.management import CommandError, call_command

from skills.flows import access, release_audit
from skills.protocols.mcp import reading
from skills.signing import keys, skillhub_verify
from skills.signing.models import ReleaseStatement
from skills.signing.signers import public_key
from tests.factories import a_person, actor, an_approved, bearer
from tests.signing.making import a_signed_release, sign_everything, statement_of
from tests.tampering import tamper

VERSION = "/api/v1/skills/crew/greet-people/versions/1.0.0"
PAGE = "/@crew/greet-people/v/1.0.0/signature/"
TABLE = "skills_releasestatement"


@pytest.fixture
def private(owner, mate, team):
    version = an_approved(owner, mate, team)
    sign_everything()
    return version


@pytest.fixture
def public(owner, mate, team):
    version = an_approved(owner, mate, team, wanted="public")
    sign_everything()
    return version


@pytest.mark.parametrize("what", ["statement", "skill.oms.sig"])
def test_a_strangers_request_for_a_private_signature_answers_404(client, private, stranger, what):
    assert client.get(f"{VERSION}/{what}").status_code == 404
    assert client.get(f"{VERSION}/{what}", headers=bearer(stranger)).status_code == 404


@pytest.mark.parametrize("what", ["statement", "skill.oms.sig"])
def test_a_reader_gets_what_was_signed(client, private, mate, what):
    answer = client.get(f"{VERSION}/{what}", headers=bearer(mate))

    kept = ReleaseStatement.objects.get()
    assert answer.json() == {"statement": kept.envelope, "skill.oms.sig": kept.model_signature}[what]


def test_the_page_of_a_private_signature_answers_404_to_a_stranger(client, private, stranger):
    client.force_login(stranger)

    assert client.get(PAGE).status_code == 404


def test_before_it_is_signed_the_statement_is_not_there_yet(client, owner, mate, team):
    an_approved(owner, mate, team, wanted="public")

    answer = client.get(f"{VERSION}/statement")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_signed"
    assert "Being signed" in client.get(PAGE).content.decode()


def test_of_a_removed_version_nothing_is_shown(client, public):
    access.remove(actor=actor(a_person("root", staff=True)), version_id=public.pk, reason="malware")

    assert client.get(f"{VERSION}/statement").status_code == 410
    assert client.get(PAGE).status_code == 410


def test_the_page_says_who_signed_what_and_how_to_verify(client, public):
    page = client.get(PAGE).content.decode()

    for part in (keys.signing_keys()[0].keyid, public.blob, "mate", "skillhub-verify.py", "skill.oms.sig"):
        assert part in page


def test_the_skills_page_leads_to_the_signature_and_the_verifier(client, public):
    page = client.get("/@crew/greet-people/").content.decode()

    assert PAGE in page
    assert f"greet-people.zip --from http://127.0.0.1:8000{VERSION}" in page


def test_the_predicate_fits_its_published_schema(client, public):
    schema = client.get("/.well-known/skillhub/release-v1.schema.json").json()
    jsonschema.Draft202012Validator.check_schema(schema)

    jsonschema.validate(statement_of(public)["predicate"], schema)


def test_the_list_of_keys_and_its_signed_form_are_the_same_bytes(client, public):
    plain = client.get("/.well-known/skillhub/keys.json")
    signed = client.get("/.well-known/skillhub/keys.dsse.json").json()

    assert plain.content.decode() == skillhub_verify.payload_of(signed)


def test_one_key_is_served_for_tools_that_take_a_file(client, public):
    key = keys.signing_keys()[0]

    assert client.get(f"/.well-known/skillhub/keys/{key.keyid}.pem").content.decode() == key.public_pem
    assert client.get("/.well-known/skillhub/keys/none.pem").status_code == 404
    assert public_key(key).keyid == key.keyid


def test_the_checkpoint_is_plain_text(client, public):
    answer = client.get("/.well-known/skillhub/checkpoint")

    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.content.decode().startswith("127.0.0.1:8000/audit\n")


@pytest.mark.parametrize("name", ["keys.json", "keys.dsse.json", "snapshot.json", "checkpoint"])
def test_before_anything_is_signed_the_addresses_say_so(client, db, name):
    answer = client.get(f"/.well-known/skillhub/{name}")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_signed"


def test_an_unchanged_snapshot_is_not_sent_again(client, public):
    first = client.get("/.well-known/skillhub/snapshot.json")

    again = client.get(
        "/.well-known/skillhub/snapshot.json", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_snapshots_of_the_api_are_for_those_who_ask(client, private, mate, stranger):
    def named(path: str, **headers) -> str:
        answer = client.get(path, headers=headers)
        return skillhub_verify.payload_of(answer.json()) if answer.status_code == 200 else ""

    assert "greet-people" in named("/api/v1/teams/crew/snapshot", **bearer(mate))
    assert "greet-people" not in named("/api/v1/snapshot", **bearer(stranger))
    assert client.get("/api/v1/teams/crew/snapshot", headers=bearer(stranger)).status_code == 404
    assert client.get("/api/v1/teams/crew/snapshot").status_code == 404


def test_a_token_without_read_gets_no_more_than_a_visitor(client, private, mate):
    headers = bearer(mate, "publish")

    assert client.get("/api/v1/teams/crew/snapshot", headers=headers).status_code == 404
    assert client.get(f"{VERSION}/statement", headers=headers).status_code == 404
    snapshot = client.get("/api/v1/snapshot", headers=headers).json()
    assert '"scope":"public"' in skillhub_verify.payload_of(snapshot)


def test_the_program_is_served_as_it_is(client, db):
    answer = client.get("/skillhub-verify.py")

    assert answer.content.decode() == Path(skillhub_verify.__file__).read_text()


def test_indexes_and_mcp_carry_the_statements_address(client, public, owner):
    address = f"http://127.0.0.1:8000{VERSION}/statement"

    index = client.get("/.well-known/agent-skills/index.json").json()
    assert index["skills"][0]["statement"] == address
    assert address in reading.load_skill(actor(owner), {"name": "crew/greet-people"})
    assert reading.page_of_skills(actor(owner), "")[0][0]["statement"] == address
    assert client.get(VERSION).json()["statement"] == address


def test_the_command_lists_and_rotates_keys(db, capsys):
    call_command("signing_keys", "rotate")
    call_command("signing_keys", "rotate")

    assert len(keys.signing_keys()) == 2
    assert keys.signing_keys()[0].keyid in capsys.readouterr().out
    with pytest.raises(CommandError, match="No keys begin"):
        call_command("signing_keys", "retire", "xyz")
    with pytest.raises(CommandError, match="reason"):
        call_command("signing_keys", "revoke", keys.signing_keys()[0].keyid)


def test_right_after_an_upgrade_nothing_is_damaged(owner, mate, team, capsys):
    an_approved(owner, mate, team)
    tamper(f"delete from {TABLE}", table=TABLE)

    call_command("fsck")

    assert "1 releases wait for their signature" in capsys.readouterr().out


def test_fsck_names_what_should_have_been_signed_long_ago(owner, mate, team, monkeypatch):
    keys.ensure_keys()
    monkeypatch.setattr(release_audit, "PATIENCE", timedelta(0))
    an_approved(owner, mate, team)

    with pytest.raises(CommandError, match="does the worker run"):
        call_command("fsck")


def test_the_command_signs_what_was_released_earlier(owner, mate, team, capsys, monkeypatch):
    keys.ensure_keys()
    monkeypatch.setattr(release_audit, "PATIENCE", timedelta(0))
    an_approved(owner, mate, team)
    tamper(f"delete from {TABLE}", table=TABLE)
    with pytest.raises(CommandError, match="no statement"):
        call_command("fsck")

    call_command("sign_releases")
    call_command("fsck")

    assert "1 statements written, 1 releases" in capsys.readouterr().out


FAULTS = {
    "payload": ("update {0} set payload = replace(payload, 'crew/greet', 'crew/great')", "in the statement"),
    "envelope": (
        "update {0} set envelope = jsonb_set(envelope, '{{payload}}', '\"e30=\"')",
        "another statement",
    ),
    "signature": ("update {0} set envelope = jsonb_set(envelope, '{{signatures}}', '[]')", "no key of ours"),
}


@pytest.mark.parametrize("part", FAULTS)
def test_fsck_finds_a_release_that_nobody_could_verify(owner, mate, team, part):
    a_signed_release(owner, mate, team)
    change, words = FAULTS[part]
    tamper(change.format(TABLE), table=TABLE)

    with pytest.raises(CommandError, match=words):
        call_command("fsck")


def test_the_audit_command_compares_with_a_checkpoint_that_was_kept(public, tmp_path, client, capsys):
    kept = tmp_path / "checkpoint"
    kept.write_text(client.get("/.well-known/skillhub/checkpoint").content.decode())
    call_command("verify_audit", checkpoint=[kept])
    assert "agrees with every signed checkpoint" in capsys.readouterr().out

    kept.write_text(kept.read_text().replace("\n", "\n9", 1))
    with pytest.raises(CommandError, match="rewritten"):
        call_command("verify_audit", checkpoint=[kept])


def test_what_was_signed_is_json_in_one_form(public):
    payload = ReleaseStatement.objects.get().payload

    assert payload == json.dumps(
        json.loads(payload), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
