"""A source on a local Git server: what comes in, what does not come twice, and what is said when it fails."""

import shutil
from collections.abc import Callable

import pytest

from skills.audit.models import Event
from skills.catalog.models import State, Version
from skills.catalog.provenance import Provenance
from skills.catalog.source_paths import SourcePath
from skills.flows import release
from skills.jobs.models import Job
from skills.lib.clock import now
from skills.lib.errors import Forbidden
from skills.notices.models import Notice
from skills.people.models import Membership, Policy
from skills.sources.ask import ask_for_due, ask_for_sync
from skills.sources.configure import change_source
from skills.sources.models import MOST_FAILURES, Source, Sync
from tests.factories import a_version, actor, files, skill_md
from tests.git_server import git_server
from tests.sources.making import a_source, facts_of, run_open_syncs

ONE, TWO = "skills/one/SKILL.md", "skills/two/SKILL.md"
BOTH = {ONE: skill_md("one"), TWO: skill_md("two")}


@pytest.fixture
def server(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    with git_server(tmp_path) as server:
        settings.SOURCE_HOSTS = [server.host]
        yield server


@pytest.fixture
def repository(server):
    return server.repository()


@pytest.fixture
def source(repository, owner, team) -> Source:
    repository.commit(BOTH)
    return a_source(owner, team, url=repository.url)


def sync(source: Source, *, is_plan: bool = False) -> Sync:
    """A sync that somebody asked for, done."""
    asked = ask_for_sync(actor=actor(source.responsible), source=source, is_plan=is_plan)
    run_open_syncs()
    asked.refresh_from_db()
    source.refresh_from_db()
    return asked


def kinds(done: Sync) -> dict[str, str]:
    return {change["path"]: change["kind"] for change in done.changes}


def test_each_skill_comes_in_as_a_version_that_says_where_from(source, repository, owner):
    done = sync(source)

    version = Version.objects.get(skill__name="two")
    provenance = version.provenance
    assert kinds(done) == {"skills/one": "new", "skills/two": "new"}
    assert (provenance.url, provenance.path) == (repository.url, "skills/two")
    assert provenance.revision == done.revision == repository.git("rev-parse", "main")
    assert (version.state, version.author) == (State.IN_REVIEW, owner)
    assert (
        Event.objects.get(act="version.submit", detail__version=version.pk).detail["revision"]
        == done.revision
    )


def test_reviewers_hear_once_of_all_that_a_source_brought(source, mate):
    sync(source)

    notice = Notice.objects.get(account=mate, kind="review_asked")
    assert notice.text == f"New versions from {source} wait for your review"


def test_a_sync_without_a_change_makes_no_version(source):
    sync(source)

    done = sync(source)

    assert set(kinds(done).values()) == {"unchanged"}
    assert Version.objects.count() == 2
    assert Event.objects.filter(act="source.sync").count() == 1


def test_each_skill_has_one_line_whether_it_changed_or_not(source, repository):
    sync(source)
    repository.commit({**BOTH, TWO: skill_md("two", body="Wave.")})

    done = sync(source)

    assert sorted(change["path"] for change in done.changes) == ["skills/one", "skills/two"]


def test_a_change_becomes_the_next_version_and_says_which_files(source, repository):
    sync(source)
    repository.commit({**BOTH, TWO: skill_md("two", body="Wave."), "skills/two/references/a.md": "A"})

    done = sync(source)

    line = next(change for change in done.changes if change["path"] == "skills/two")
    assert (line["previous"], line["number"]) == ("1.0.0", "1.0.1")
    assert line["files"] == [
        {"path": "SKILL.md", "change": "changed"},
        {"path": "references/a.md", "change": "added"},
    ]
    assert Version.objects.filter(skill__name="two").count() == 2


def test_what_has_gone_is_marked_and_stays(source, repository):
    sync(source)
    repository.commit({ONE: BOTH[ONE]})

    done = sync(source)

    assert kinds(done)["skills/two"] == "gone"
    assert Version.objects.filter(skill__name="two").exists()


def test_a_plan_brings_nothing_in(source):
    done = sync(source, is_plan=True)

    assert kinds(done) == {"skills/one": "new", "skills/two": "new"}
    assert not Version.objects.exists()
    assert source.synced_at is None


def test_one_folder_of_a_repository_is_read_alone(repository, owner, team):
    repository.commit({**BOTH, "other/three/SKILL.md": skill_md("three")})
    source = a_source(owner, team, url=repository.url, folder="other")

    sync(source)
    again = sync(source)

    assert list(Provenance.objects.values_list("path", flat=True)) == ["other/three"]
    assert kinds(again) == {"other/three": "unchanged"}


def test_another_tag_brings_the_next_versions_of_the_same_skills(source, repository, owner):
    sync(source)
    repository.commit({**BOTH, ONE: skill_md("one", body="Wave.")}, branch="next")
    change_source(actor=actor(owner), source=source, facts=facts_of(url=repository.url, ref="next"))

    done = sync(source)

    assert kinds(done) == {"skills/one": "new version", "skills/two": "unchanged"}


def test_a_source_that_is_not_there_says_why_rests_and_tells_the_admins_in_time(repository, owner, team):
    source = a_source(owner, team, url=repository.url.replace("skills.git", "none.git"))

    first = sync(source)
    paused = source.next_at
    sync(source)
    told = Notice.objects.filter(kind="source").count()
    sync(source)

    assert first.state == "failed" and "none.git" in first.problem
    assert source.failures == 3
    assert source.next_at - paused > paused - first.finished_at
    assert told == 0
    assert [notice.account for notice in Notice.objects.filter(kind="source")] == [owner]


def test_a_source_that_answers_again_is_well(source, repository, owner):
    change_source(actor=actor(owner), source=source, facts=facts_of(url=repository.url, ref="none"))
    sync(source)
    repository.git("branch", "none", "main")

    sync(source)

    assert (source.failures, source.problem) == (0, "")


def test_what_is_due_is_read_and_then_rests_for_its_interval(source):
    assert ask_for_due() == 1

    run_open_syncs()

    source.refresh_from_db()
    assert (source.next_at - source.synced_at).total_seconds() == pytest.approx(86_400, abs=5)
    assert ask_for_due() == 0


def by_schedule(source: Source) -> Sync:
    """A sync that the schedule asked for, done."""
    Source.objects.update(next_at=now())
    ask_for_due()
    run_open_syncs()
    return source.syncs.latest("pk")


@pytest.fixture
def forget(settings):
    """Forgets the copies of repositories, and tells afterwards whether one was read again."""

    def forget() -> Callable[[], bool]:
        shutil.rmtree(settings.DATA_DIR / "sources")
        return lambda: any((settings.DATA_DIR / "sources").glob("*.git"))

    return forget


def test_the_schedule_does_not_read_a_repository_that_has_not_changed(source, forget):
    first = sync(source)
    was_read = forget()

    again = by_schedule(source)

    assert not was_read()
    assert (again.state, again.revision) == ("done", first.revision)
    assert kinds(again) == {"skills/one": "unchanged", "skills/two": "unchanged"}


def test_what_was_pushed_since_is_read_by_the_schedule(source, repository):
    sync(source)
    repository.commit(BOTH | {TWO: skill_md("two", body="Other words.")})

    again = by_schedule(source)

    assert kinds(again) == {"skills/one": "unchanged", "skills/two": "new version"}


def test_somebody_who_asks_has_it_read_in_any_case(source, forget):
    sync(source)
    was_read = forget()

    sync(source)

    assert was_read()


def test_what_the_catalogue_takes_for_gone_is_looked_for_at_the_same_commit(source):
    sync(source)
    SourcePath.objects.filter(path="skills/one").update(gone_at=now())

    by_schedule(source)

    assert not SourcePath.objects.exclude(gone_at=None).exists()


def test_what_was_refused_is_tried_again_from_the_same_commit(source, repository, forget):
    repository.commit(BOTH | {"skills/two/tool": b"\x7fELF\x02\x01\x01"})
    sync(source)
    was_read = forget()

    by_schedule(source)

    assert was_read()


def test_whoever_added_a_source_does_not_approve_what_it_brings(source, owner, mate):
    sync(source)
    version = Version.objects.get(skill__name="one")

    with pytest.raises(Forbidden):
        release.decide(actor=actor(owner), version_id=version.pk, verdict="approve", digest=version.digest)

    done = release.decide(actor=actor(mate), version_id=version.pk, verdict="approve", digest=version.digest)
    assert done.state == State.APPROVED


def test_nor_does_who_said_before_where_it_fetches_from(source, repository, owner, mate, team):
    Membership.objects.filter(team=team, account=mate).update(role="admin")
    repository.git("branch", "next", "main")
    change_source(actor=actor(mate), source=source, facts=facts_of(url=repository.url, ref="next"))
    sync(source)
    version = Version.objects.get(skill__name="one")

    assert version.author == mate
    with pytest.raises(Forbidden, match="You said where this version comes from"):
        release.decide(actor=actor(owner), version_id=version.pk, verdict="approve", digest=version.digest)


def test_nothing_comes_in_on_the_word_of_who_has_left(source, owner, mate, team):
    Membership.objects.filter(team=team, account=mate).update(role="admin")
    Membership.objects.filter(team=team, account=owner).delete()

    done = ask_for_sync(actor=actor(mate), source=source)
    run_open_syncs()

    done.refresh_from_db()
    assert (done.state, Version.objects.count()) == ("failed", 0)
    assert "owner answers for it and is no admin" in done.problem


@pytest.fixture
def approving(source, owner, team) -> Source:
    Policy.objects.filter(team=team).update(approve_synced=True)
    facts = facts_of(url=source.url, approves=True)
    return change_source(actor=actor(owner), source=source, facts=facts)


def test_where_policy_and_source_say_so_versions_are_approved_at_once(approving, owner):
    sync(approving)

    version = Version.objects.get(skill__name="one")
    event = Event.objects.get(act="version.approve", detail__version=version.pk)
    assert (version.state, event.actor_name) == (State.APPROVED, "owner")
    assert event.detail["synced"] is True


def test_a_gate_that_objects_leaves_it_to_the_reviewers(approving, team, mate):
    Policy.objects.filter(team=team).update(evals_required=True)

    sync(approving)

    assert set(Version.objects.values_list("state", flat=True)) == {State.IN_REVIEW}
    assert Notice.objects.filter(account=mate, kind="review_asked").exists()


@pytest.mark.parametrize("change", [{"approve_synced": False}, None])
def test_neither_the_policy_nor_the_source_alone_approves(approving, team, change):
    if change:
        Policy.objects.filter(team=team).update(**change)
    else:
        Source.objects.update(approves=False)

    sync(approving)

    assert set(Version.objects.values_list("state", flat=True)) == {State.IN_REVIEW}


def test_what_more_people_read_always_needs_a_reviewer(approving, repository, team):
    sync(approving)
    team.skills.update(visibility="internal")
    repository.commit({**BOTH, ONE: skill_md("one", body="Wave.")})

    sync(approving)

    assert Version.objects.get(skill__name="one", number="1.0.1").state == State.IN_REVIEW


def test_a_sync_whose_job_died_too_often_ends_as_failed(source):
    asked = ask_for_sync(actor=actor(source.responsible), source=source)
    Job.objects.filter(task="sync_source").update(state="failed", error="The worker died too often.")

    ask_for_due()

    asked.refresh_from_db()
    source.refresh_from_db()
    assert (asked.state, asked.problem) == ("failed", "The worker died too often.")
    assert source.failures == 1


def test_a_name_with_a_letter_that_no_database_keeps_stops_no_other_skill(repository, owner, team):
    repository.commit(
        {ONE: '---\nname: "x\\0y"\ndescription: Does one thing.\n---\nDo it.\n', TWO: BOTH[TWO]}
    )
    source = a_source(owner, team, url=repository.url)

    done = sync(source)

    assert done.state == "done"
    assert kinds(done)["skills/two"] == "new"


def test_a_source_that_has_failed_for_ever_keeps_no_other_waiting(repository, owner, team):
    repository.commit(BOTH)
    broken = a_source(owner, team, url=f"{repository.url[:-4]}-gone.git")
    Source.objects.filter(pk=broken.pk).update(failures=32_767)

    sync(broken)

    assert broken.failures == MOST_FAILURES


def test_old_syncs_are_forgotten_also_where_none_succeeds(source, monkeypatch):
    monkeypatch.setattr("skills.sources.finish.KEPT_SYNCS", 3)
    found = sync(source)
    for _ in range(6):
        sync(source, is_plan=True)

    assert source.syncs.count() == 4
    assert source.syncs.filter(pk=found.pk).exists()


def test_the_files_of_an_attempt_that_was_turned_down_do_not_count(source, repository, owner, mate, team):
    first = a_version(owner, team, content=files("one") | {"old.md": b"x"})
    release.decide(
        actor=actor(mate), version_id=first.pk, verdict="reject", digest=first.digest, reason="No old.md."
    )
    sync(source)
    repository.commit({ONE: skill_md("one", body="Otherwise.")})

    done = sync(source)

    change = next(change for change in done.changes if change["path"] == "skills/one")
    assert [file["path"] for file in change["files"]] == ["SKILL.md"]
