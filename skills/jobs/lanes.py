"""Whose turn it is: jobs that one person asked for do not hold all the workers.

Somebody may publish ten versions that take as long to scan as is allowed. Their jobs share a lane, and of a
lane only `JOBS_OF_A_LANE` are worked on at once, so another worker has time for what others ask for. A call
for a job with a lane is therefore a call for its task: the worker takes the job whose turn it is.
"""

from django.conf import settings
from django.db import connection, transaction

from skills.jobs.models import Job, JobState

# The lane with the fewest jobs at work comes first, in a lane the oldest job. One that failed keeps its
# pause: who calls for it knows that it is over.
_CHOOSE = """
    select queued.id
    from skills_job queued, lateral (
        select count(*) as jobs
        from skills_job working
        where working.task = queued.task and working.lane = queued.lane and working.state = 'running'
    ) at_work
    where queued.task = %(task)s and queued.lane <> '' and queued.state = 'queued'
        and (queued.tries = 0 or queued.id = %(called)s)
        and at_work.jobs < %(most)s
    order by at_work.jobs, queued.id
    limit 1
"""


def with_turn(job_id: int) -> int | None:
    """The job that a worker called for JOB_ID is to take, None where it is to take none now.

    Within a transaction that ends when the job is taken: until then no other worker chooses.
    """
    called = Job.objects.filter(pk=job_id).values_list("task", "lane").first()
    if called is None:
        return None
    task, lane = called
    if not lane:
        return job_id
    assert transaction.get_connection().in_atomic_block
    with connection.cursor() as cursor:
        # Two that count at the same moment would both find a free place in the same lane.
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"skills_job of {task}"])
        cursor.execute(_CHOOSE, {"task": task, "called": job_id, "most": settings.JOBS_OF_A_LANE})
        row = cursor.fetchone()
    return row[0] if row else None


def next_of(job: Job) -> int | None:
    """A job that waited for its turn and may have it now that JOB has ended."""
    if not job.lane:
        return None
    waiting = Job.objects.filter(task=job.task, lane=job.lane, state=JobState.QUEUED, tries=0)
    return waiting.order_by("pk").values_list("pk", flat=True).first()
