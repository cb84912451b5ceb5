"""Vectors of passages by generation: written by a job, switched when complete.

A generation is one model and one way to cut text. When either changes a new one is built beside
the live one, which answers searches until every document is in the new one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from skills.jobs.enqueue import enqueue
from skills.lib.clock import now
from skills.search import embed
from skills.search.index import EMBED_JOB
from skills.search.models import Document, Generation, GenerationState, Passage
from skills.search.text_features import VERSION

BATCH = 16  # passages of one request: a query waits behind it, because the model takes one at a time
DOCUMENTS = 32  # documents that are read at once
REMEMBERED = 5.0  # seconds for which a process takes the live generation as still live
_remembered: dict[str, tuple[float, "Live | None"]] = {}
_SECONDS = 120  # that one batch may take, a cold model included
_CLASSES = {"public": "scope = 0", "internal": "scope = -1", "team": "scope > 0"}


@dataclass(frozen=True)
class Live:
    """The generation that searches use; `model` is the embedder's name for it."""

    id: int
    model: str
    dimensions: int


def wanted() -> str:
    """What the settings ask for: the model and the way pieces are cut."""
    return f"{settings.EMBED_MODEL}#{VERSION}"


def live() -> Live | None:
    """The live generation, asked for every REMEMBERED seconds; its predecessor stays that long too."""
    moment, known = _remembered.get("live", (-REMEMBERED, None))
    if time.monotonic() - moment > REMEMBERED:
        row = Generation.objects.filter(state=GenerationState.LIVE).first()
        known = Live(row.pk, row.model.rpartition("#")[0], row.dimensions) if row else None
        _remembered["live"] = time.monotonic(), known
    return known


def forget_live() -> None:
    """Ask the database again at the next search."""
    _remembered.clear()


def pending(generation: Generation) -> int:
    """How many documents have no vectors in GENERATION yet."""
    return Document.objects.exclude(passages__generation=generation).count()


def build(progress: Callable[[int], None] = lambda _: None, *, anew: bool = False) -> None:
    """Write every vector that is missing and switch to the wanted generation when it is complete.

    PROGRESS gets the number of documents done, batch by batch. ANEW starts a generation even where the
    live one has the wanted model. Raises embed.Away; what was written before stays.
    """
    for generation in _generations(anew=anew):
        for count in _fill(generation):
            progress(count)
        _switch(generation)
    _drop_old(timedelta(seconds=4 * REMEMBERED))


def work_waits() -> bool:
    """Whether a document lacks vectors or the wanted generation is not live."""
    current = Generation.objects.filter(state=GenerationState.LIVE).first()
    if current is None or current.model != wanted():
        return Document.objects.exists()
    return pending(current) > 0 or Generation.objects.exclude(pk=current.pk).exists()


def queue_if_waiting() -> None:
    """Ask for the job when something is to be done and vectors are wanted at all."""
    if settings.EMBED and work_waits():
        enqueue(EMBED_JOB, key=EMBED_JOB)


def _generations(*, anew: bool) -> Iterator[Generation]:
    """The live generation first, so that what is new is found; then the one being built."""
    current = Generation.objects.filter(state=GenerationState.LIVE).first()
    if current is not None and not anew and current.model == wanted():
        yield current
    building = Generation.objects.filter(state=GenerationState.BUILDING).first()
    if building is not None and building.model != wanted():
        _drop(building)
        building = None
    if building is None and (anew or current is None or current.model != wanted()):
        building = _begin()
    if building is not None:
        yield building


def _begin() -> Generation:
    width = len(embed.vectors(settings.EMBED_MODEL, ["width"], seconds=_SECONDS)[0])
    with transaction.atomic():
        generation = Generation.objects.create(model=wanted(), dimensions=width)
        with connection.cursor() as cursor:
            for name, condition in _CLASSES.items():
                cursor.execute(
                    f"create index passage_{generation.pk}_{name} on skills_passage using hnsw "
                    f"((vector::halfvec({width})) halfvec_cosine_ops) "
                    f"where generation_id = {generation.pk} and {condition}"
                )
    return generation


def _fill(generation: Generation) -> Iterator[int]:
    model = generation.model.rpartition("#")[0]
    while True:
        missing = Document.objects.exclude(passages__generation=generation).order_by("pk")
        rows = list(missing.values_list("pk", "pieces")[:DOCUMENTS])
        if not rows:
            return
        texts = [(pk, piece, text) for pk, pieces in rows for piece, text in enumerate(pieces)]
        texts.sort(key=lambda row: len(row[2]))  # texts of one length need no padding
        vectors: dict[int, list[tuple[int, embed.Vector]]] = {pk: [] for pk, _ in rows}
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            answered = embed.vectors(model, [text for _, _, text in batch], seconds=_SECONDS)
            for (pk, piece, _), vector in zip(batch, answered, strict=True):
                vectors[pk].append((piece, vector))
        for pk, pieces in rows:
            _write(generation, pk, pieces, vectors[pk])
        yield len(rows)


@transaction.atomic
def _write(
    generation: Generation, pk: int, pieces: list[str], vectors: list[tuple[int, embed.Vector]]
) -> None:
    """Write the vectors unless the document has changed meanwhile."""
    document = Document.objects.select_for_update().filter(pk=pk).only("pieces", "scope").first()
    if document is None or document.pieces != pieces:
        return
    Passage.objects.bulk_create(
        [
            Passage(
                generation=generation,
                document=document,
                scope=document.scope,
                piece=piece,
                vector=list(vector),
            )
            for piece, vector in vectors
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def _switch(generation: Generation) -> None:
    """Make a complete generation the live one and drop its predecessor."""
    if generation.state == GenerationState.LIVE:
        return
    with connection.cursor() as cursor:  # nothing is published between the check and the switch
        cursor.execute("lock table skills_document in share mode")
    if pending(generation):
        return
    _drop_old(timedelta())
    Generation.objects.filter(state=GenerationState.LIVE).update(state=GenerationState.OLD, live_at=now())
    Generation.objects.filter(pk=generation.pk).update(state=GenerationState.LIVE, live_at=now())
    forget_live()


def _drop_old(age: timedelta) -> None:
    """Drop the generation that nobody has asked for AGE."""
    for old in Generation.objects.filter(state=GenerationState.OLD, live_at__lte=now() - age):
        _drop(old)


def _drop(generation: Generation) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for name in _CLASSES:
            cursor.execute(f"drop index if exists passage_{generation.pk}_{name}")
        Passage.objects.filter(generation=generation).delete()
        generation.delete()
