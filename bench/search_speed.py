"""How fast a whole search is at 1,000, 10,000 and 100,000 skills, beside the bare parts it is made of.

The skills are real passages of the corpus put together anew, their vectors jittered: words and
vectors stay as they are in life. The rivals, on the same rows in the same run: pgvector's nearest
neighbours alone, and PostgreSQL's full text alone (OR, `ts_rank`, limit 10, uncapped).
"""

import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil

from bench import corpus
from bench.report import Figure

_ROWS_AT_ONCE = 2_000  # copied into the database
SIZES = (1_000, 10_000, 100_000)
TEAM = 20  # skills of a small team; every tenth skill is a team's own


@dataclass
class Base:
    """What real skills consist of: words and vector of each head and each passage."""

    heads: list[tuple[str, Counter[str], Any]]
    bodies: list[tuple[str, Counter[str], Any]]
    lengths: list[int]  # passages of each skill's body


def read_base() -> Base:
    import numpy as np
    from django.db import connection

    from skills.search.text_features import stem, words

    found = Base([], [], [])
    with connection.cursor() as cursor:
        cursor.execute(
            "select p.piece, d.pieces[p.piece + 1], p.vector::text from skills_passage p"
            " join skills_document d on d.skill_id = p.document_id order by p.id"
        )
        for piece, text, vector in cursor.fetchall():
            counted = Counter(stem(word) for word in words(text))
            values = np.fromstring(vector[1:-1], sep=",", dtype=np.float32)
            (found.bodies if piece else found.heads).append((text, counted, values))
        found.lengths = [
            count - 1
            for (count,) in cursor.execute("select cardinality(pieces) from skills_document order by 1")
        ]
        cursor.execute("delete from skills_passage; delete from skills_document; truncate skills_term")
    return found


def fill(base: Base, first: int, last: int, generation: int) -> None:
    """Skills FIRST to LAST by COPY; every tenth belongs to a team of TEAM skills."""
    import numpy as np
    from django.db import connection

    from skills.catalog.models import Skill
    from skills.search.text_features import K1, LENGTH, sparse, term_id

    rng, noise = random.Random(first), np.random.default_rng(first)
    like = Skill.objects.select_related("team").filter(shown__isnull=False).order_by("pk")[0]
    with connection.cursor() as cursor:
        copies = {
            "skill": "copy skills_skill (id, team_id, name, description, license, tags, catalogue_tokens,"
            " visibility, shown_id, published, deprecation_note, created_by_id, created_at, updated_at,"
            " fetches, stars) from stdin",
            "document": "copy skills_document (skill_id, scope, name, facets, terms, strong, impacts, pieces,"
            " written_at) from stdin",
            "passage": "copy skills_passage (generation_id, document_id, piece, scope, vector) from stdin",
        }
        rows: dict[str, list[tuple]] = {name: [] for name in copies}
        for number in range(first, last):
            pk = 1_000_000 + number
            scope = 0 if number % 10 else 1_000 + number // (10 * TEAM)
            parts = [rng.choice(base.heads), *rng.choices(base.bodies, k=rng.choice(base.lengths))]
            counts: Counter[str] = sum((part[1] for part in parts), Counter())
            norm = K1 * sum(counts.values()) / LENGTH
            impacts = sparse({term_id(term): n * (K1 + 1) / (n + norm) for term, n in counts.items()})
            facets = [f"team:t{number % 50}", f"tag:g{number % 300}", f"tool:x{number % 12}"]
            now, name = like.updated_at, f"made-{number}"
            rows["skill"].append(
                (
                    pk,
                    like.team_id,
                    name,
                    parts[0][0][:1_000],
                    "MIT",
                    [],
                    50,
                    "public",
                    like.shown_id,
                    True,
                    "",
                    like.created_by_id,
                    now,
                    now,
                    number % 900,
                    0,
                )
            )
            rows["document"].append(
                (
                    pk,
                    scope,
                    name,
                    facets,
                    sorted(counts),
                    list(parts[0][1])[:64],
                    impacts,
                    [part[0] for part in parts],
                    now,
                )
            )
            for piece, part in enumerate(parts):
                vector = part[2] + noise.normal(0, 0.02, part[2].shape)
                vector /= np.linalg.norm(vector)
                rows["passage"].append(
                    (generation, pk, piece, scope, "[" + ",".join(f"{v:.4f}" for v in vector) + "]")
                )
            if (number + 1) % _ROWS_AT_ONCE == 0 or number == last - 1:
                for table, statement in copies.items():
                    with cursor.copy(statement) as copy:
                        for row in rows[table]:
                            copy.write_row(row)
                    rows[table] = []


def index(generation: int, width: int) -> tuple[float, str]:
    """Builds what bulk loading left out; returns the seconds and the size of the vector index."""
    from django.db import connection

    from skills.search.index import recount

    with connection.cursor() as cursor:
        cursor.execute("set maintenance_work_mem = '2GB'; set max_parallel_maintenance_workers = 2")
        cursor.execute(
            "drop table if exists bench_text;"
            " create table bench_text as select skill_id as id,"
            " to_tsvector('english', array_to_string(pieces, ' ')) as words from skills_document;"
            " create index on bench_text using gin (words)"
        )
        started = time.perf_counter()
        for name, condition in (("public", "scope = 0"), ("internal", "scope = -1"), ("team", "scope > 0")):
            cursor.execute(
                f"create index passage_{generation}_{name} on skills_passage"
                f" using hnsw ((vector::halfvec({width})) halfvec_cosine_ops)"
                f" where generation_id = {generation} and {condition}"
            )
        seconds = time.perf_counter() - started
        recount()
        cursor.execute(
            "vacuum analyze skills_document, skills_passage, skills_term, skills_skill, bench_text"
        )
        cursor.execute(f"select pg_size_pretty(pg_relation_size('passage_{generation}_public'))")
        return seconds, cursor.fetchone()[0]


def drop(generation: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "".join(
                f"drop index if exists passage_{generation}_{name};"
                for name in ("public", "internal", "team")
            )
        )


def in_turns(*works: tuple[Callable[[Any], object], Sequence[Any]]) -> list[tuple[float, float]]:
    """p50 and p99 in ms of each work on what it is given, after one round to warm up on a twentieth.

    They take turns, so that all meet the same noise and none has the caches to itself.
    """
    for work, given in works:
        for one in given[:: max(len(given) // 20, 1)]:
            work(one)
    times: list[list[float]] = [[] for _ in works]
    for row in zip(*(given for _, given in works), strict=True):
        for (work, _), one, taken in zip(works, row, times, strict=True):
            started = time.perf_counter()
            work(one)
            taken.append((time.perf_counter() - started) * 1_000)
    return [(ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]) for ordered in map(sorted, times)]


def sql(statement: str) -> Callable[[Any], list[tuple]]:
    from django.db import connection

    def work(given: Any) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            return cursor.fetchall()

    return work


def recall(live: Any, vectors: Sequence[str], scopes: list[int]) -> float:
    """Of the ten nearest passages' places, how many the index fills no farther than the exact tenth."""
    from django.db import connection

    wide = f"halfvec({live.dimensions})"
    parts = [
        part
        for part, wanted in (
            ("scope = 0", 0 in scopes),
            ("scope > 0 and scope = any(%(scopes)s)", any(s > 0 for s in scopes)),
        )
        if wanted
    ]
    inner = " union all ".join(
        f"(select vector::{wide} <=> %(vector)s::{wide} as d from skills_passage"
        f" where generation_id = {live.id} and {part} order by d limit 10)"
        for part in parts
    )
    statement = f"select d from ({inner}) x order by d limit 10"
    hits = []
    for vector in vectors:
        values = {"vector": vector, "scopes": scopes}
        near = [row[0] for row in sql(statement)(values)]
        with connection.cursor() as cursor:
            cursor.execute("set enable_indexscan = off")
            exact = [row[0] for row in sql(statement)(values)]
            cursor.execute("set enable_indexscan = on")
        limit = exact[-1] + 1e-6
        hits.append(sum(d <= limit for d in near) / len(exact))
    return statistics.mean(hits)


def measure() -> list[Figure]:
    if corpus.is_missing("search speed"):
        return []
    from django.core.cache import cache

    from skills.search import embed, passages

    live = passages.live()
    assert live is not None, "run search_quality first: it fills the shelf"
    queries = [row["query"].lower() for row in corpus.queries()]
    vectors = [embed.query_vector(live.model, query) for query in queries]
    figures, base, done, whole = [*model_figures(live, queries)], read_base(), 0, {}
    cache.clear()
    print(
        "\n| skills | ours p50, p99 | nearest p50, p99 | full text p50, p99 | a member's p50"
        " | a small team alone p50 | index |\n| --- | --- | --- | --- | --- | --- | --- |"
    )
    for size in SIZES:
        drop(live.id)
        fill(base, done, size, live.id)
        done = size
        seconds, weight = index(live.id, live.dimensions)
        figures += at(
            size, live, queries=queries, vectors=vectors, whole=whole, built=f"{seconds:.0f} s, {weight}"
        )
    figures.append(
        Figure(
            "a member's search, 100,000 skills through 10,000, p50", whole[100_000] / whole[10_000], most=3
        )
    )
    return figures


def at(
    size: int, live: Any, queries: list[str], vectors: list[str], whole: dict[int, float], built: str
) -> list[Figure]:
    """The figures of one size; WHOLE keeps the p50 of a member's."""
    import re

    from skills.people.actor import VISITOR, Actor
    from skills.people.models import Account
    from skills.search.query import search
    from skills.search.rank import Question, ask
    from skills.search.text_features import query_words

    wide = f"halfvec({live.dimensions})"
    nearest = sql(
        f"select document_id from skills_passage where generation_id = {live.id} and scope = 0"
        f" order by vector::{wide} <=> %s::{wide} limit 10"
    )
    text = sql(
        "select id from bench_text, to_tsquery('english', %s) q"
        " where words @@ q order by ts_rank(words, q) desc limit 10"
    )
    either = [" | ".join(re.findall(r"[a-z0-9]+", query)) or "x" for query in queries]
    for query in queries:
        search(VISITOR, query)  # its vector is at hand from now on
    member = Actor(Account(pk=1), {1_000: "member"}, frozenset({"read"}))
    narrow = [
        Question(
            name="x",
            team="",
            terms=query_words(q, 32),
            scopes=[1_000],
            vector=v,
            live=live,
            facets=True,
            as_it_is=True,
        )
        for q, v in zip(queries, vectors, strict=True)
    ]
    ours, bare, full = in_turns(
        (lambda query: search(VISITOR, query, with_facets=True, size=10), queries),
        (lambda vector: nearest([vector]), vectors),
        (lambda query: text([query]), either),
    )
    own, alone = in_turns(
        (lambda query: search(member, query, with_facets=True, size=10), queries), (ask, narrow)
    )
    whole[size] = own[0]  # not in turns with full text, whose scans push all else out of the caches
    print(
        f"| {size:,} | {ours[0]:.1f}, {ours[1]:.1f} ms | {bare[0]:.1f}, {bare[1]:.1f}"
        f" | {full[0]:.1f}, {full[1]:.1f} | {own[0]:.1f} | {alone[0]:.1f} | {built} |",
        flush=True,
    )
    sample = vectors[::6]
    title = f"search at {size:,}"
    return [
        Figure(
            f"{title}, p50 through the sum of the bare parts",
            ours[0] / (bare[0] + full[0]),
            most=1.5,
            note=f"{ours[0]:.1f} ms against {bare[0]:.1f} + {full[0]:.1f}",
        ),
        Figure(
            f"{title}, p99",
            ours[1] / (bare[1] + full[1]),
            most=2,
            note=f"{ours[1]:.1f} ms against {bare[1]:.1f} + {full[1]:.1f}",
        ),
        Figure(f"{title}, recall@10 of a visitor", recall(live, sample, [0]), least=0.98),
        Figure(f"{title}, recall@10 of a member", recall(live, sample, [0, 1_000]), least=0.98),
        Figure(f"{title}, recall@10 in a small team alone", recall(live, sample, [1_000]), least=0.98),
    ]


def model_figures(live: Any, queries: list[str]) -> list[Figure]:
    """Over the socket against the bare model in this process: one query, and many passages."""
    from skills.search import embed, embedder, passages
    from skills.search.models import Document, Passage

    few = queries[::4]
    embedder.load(live.model)
    (bare, _), (ours, _) = in_turns(
        (lambda query: embedder.encode(live.model, [query]), few),
        (lambda query: embed.vectors(live.model, [query], seconds=10), few),
    )
    chosen = list(Document.objects.order_by("pk").values_list("pk", "pieces")[:60])
    texts = [piece for _, pieces in chosen for piece in pieces]
    started = time.perf_counter()
    embedder.load(live.model).encode(texts, batch_size=32, show_progress_bar=False)
    alone = time.perf_counter() - started
    Passage.objects.filter(document__in=[pk for pk, _ in chosen]).delete()
    started = time.perf_counter()
    passages.build()
    indexed = time.perf_counter() - started
    everything = psutil.process_iter(["cmdline"])
    memory = [p.memory_info().rss / 1e6 for p in everything if "embed" in (p.info["cmdline"] or [])[-1:]]
    print(f"embed process: {max(memory, default=0):.0f} MB resident; {len(texts) / alone:.0f} texts/s bare")
    return [
        Figure(
            "a query's vector over the socket through the bare model",
            ours / bare,
            most=1.3,
            note=f"{ours:.1f} ms against {bare:.1f} ms",
        ),
        Figure(
            "indexing, texts/s through the bare model",
            alone / indexed,
            least=0.7,
            note=f"{len(texts) / indexed:.1f} against {len(texts) / alone:.1f}",
        ),
    ]
