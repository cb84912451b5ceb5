"""What the ledger and our rows cost on top of bare inspect_ai, and whether two workers do twice as much."""

import asyncio
import multiprocessing
import os
import resource
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.report import Figure
from skills.evals.engines.inspect_adapter import silence_display
from skills.flows.evaluation.request import prepare_run, request_run
from skills.flows.evaluation.subject import subject_of_version
from skills.flows.evaluation.worker import work

TRIALS, LATENCY, CONNECTIONS = 600, 0.2, 8
_ANSWER = (
    b'{"id":"x","object":"chat.completion","created":1,"model":"fake",'
    b'"choices":[{"index":0,"finish_reason":"stop",'
    b'"message":{"role":"assistant","content":"Hello, person."}}],'
    b'"usage":{"prompt_tokens":50,"completion_tokens":5,"total_tokens":55}}'
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(LATENCY)
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(_ANSWER)))
        self.end_headers()
        self.wfile.write(_ANSWER)

    def log_message(self, *_: object) -> None:
        pass


def _serve(port) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    port.value = server.server_address[1]
    server.serve_forever()


def measure() -> list[Figure]:
    context = multiprocessing.get_context("spawn")
    port = context.Value("i", 0)
    endpoint = context.Process(target=_serve, args=(port,), daemon=True)
    endpoint.start()
    while not port.value:
        time.sleep(0.1)
    url = f"http://127.0.0.1:{port.value}/v1"
    run_ids = _runs(url, 6)
    bare, ours, shared = context.SimpleQueue(), context.SimpleQueue(), context.SimpleQueue()
    # In turns, each in a process that has loaded everything and run once.
    rounds = [
        (_timed(context, _bare, bare, url), _timed(context, _ours, ours, run_id)) for run_id in run_ids[:3]
    ]
    wall = sorted(o[0] / b[0] for b, o in rounds)[1]
    cpu = sorted(o[1] / b[1] for b, o in rounds)[1]
    (b_wall, b_cpu), (o_wall, o_cpu) = rounds[-1]
    one = _timed(context, _ours, ours, run_ids[3])[0]
    pair = [context.Process(target=_ours, args=(shared, pk)) for pk in run_ids[4:6]]
    for worker in pair:
        worker.start()
    walls = [shared.get() for _ in pair]
    for worker in pair:
        worker.join()
    endpoint.kill()
    two = max(end for *_, end in walls) - min(start for _, _, start, _ in walls)
    return [
        Figure(
            "600 trials at 200 ms, wall",
            wall,
            most=1.25,
            note=f"{o_wall:.1f} s against {b_wall:.1f} s of bare inspect_ai",
        ),
        Figure(
            "600 trials at 200 ms, CPU",
            cpu,
            most=2.0,
            note=f"{o_cpu:.1f} s against {b_cpu:.1f} s, ledger and rows included",
        ),
        Figure(
            "two workers against one",
            2 * one / two,
            least=1.8,
            note=f"two runs in {two:.1f} s, one in {one:.1f} s",
        ),
    ]


def _timed(context, work, queue, argument) -> tuple[float, float]:
    """(wall, CPU) seconds of WORK in a process of its own."""
    process = context.Process(target=work, args=(queue, argument))
    process.start()
    wall, cpu, *_ = queue.get()
    process.join()
    return wall, cpu


def _setup() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()


def _cpu() -> float:
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def _runs(url: str, count: int) -> list[int]:
    """COUNT runs of 600 trials each on the endpoint, waiting."""
    import json

    from skills.portfolio.models import PortfolioModel, Provider
    from tests.factories import a_person, a_team, a_version, actor, files

    os.environ["EVAL_REUSE_DAYS"] = "0"
    owner = a_person("evaluator")
    team = a_team("evaluators", admin=owner)
    provider = Provider.objects.create(name="Fake", kind="openai_compatible", base_url=url)
    PortfolioModel.objects.create(provider=provider, name="fake", label="fake", connections=CONNECTIONS)
    cases = [
        {"id": n, "prompt": f"Greet {n}.", "assertions": [{"type": "contains", "value": "Hello"}]}
        for n in range(100)
    ]
    content = files("greet") | {"evals/evals.json": json.dumps(cases).encode()}
    version = a_version(owner, team, "greet", content=content)
    run_ids = []
    for _ in range(count):
        prepared = prepare_run(actor=actor(owner), subject=subject_of_version(version), repeats=3)
        assert len(prepared.trials) == TRIALS, len(prepared.trials)
        run_ids.append(request_run(actor=actor(owner), prepared=prepared).pk)
    return run_ids


def _ours(queue, run_id: int) -> None:
    """One whole run as the worker does it, after a warm-up of the engine."""
    _setup()
    asyncio.run(_inspect_once(_bare_models(_url_of(run_id)), 2))
    from skills.evals import runs
    from skills.evals.models import Run

    holder = f"bench-{run_id}"
    run = Run.objects.select_related(
        "team", "skill__team", "version", "previous", "upload", "requested_by"
    ).get(pk=run_id)
    Run.objects.filter(pk=run_id).update(state="running", worker=holder)
    runs.claim = lambda _: run
    start, cpu = time.perf_counter(), _cpu()
    work(holder=holder)
    end = time.perf_counter()
    run.refresh_from_db()
    assert run.state == "done", run.problem
    assert run.trials.filter(outcome="scored").count() == TRIALS
    queue.put((end - start, _cpu() - cpu, start, end))


def _url_of(run_id: int) -> str:
    from skills.evals.models import Run

    return Run.objects.get(pk=run_id).portfolio[0]["base_url"]


def _bare(queue, url: str) -> None:
    """The same samples, tools and endpoint with inspect_ai alone."""
    model = _bare_models(url)
    asyncio.run(_inspect_once(model, 2))
    start, cpu = time.perf_counter(), _cpu()
    asyncio.run(_inspect_once(_bare_models(url), TRIALS))
    queue.put((time.perf_counter() - start, _cpu() - cpu))


def _bare_models(url: str):
    from inspect_ai.model import GenerateConfig, get_model

    config = GenerateConfig(max_tokens=2048, max_connections=CONNECTIONS, adaptive_connections=False)
    return get_model(
        "openai-api/fake/fake", base_url=url, api_key="none", memoize=False, config=config, max_retries=0
    )


async def _inspect_once(model, count: int) -> None:
    import tempfile

    from inspect_ai import Task, eval_async
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.scorer import includes
    from inspect_ai.solver import generate, use_tools
    from inspect_ai.tool import ToolDef

    async def skill(name: str) -> str:
        return name

    silence_display()
    tool = ToolDef(skill, name="skill", description="Opens a skill.", parameters={"name": "Its name."})
    samples = [Sample(input=f"Greet {n}.", target="Hello", id=n) for n in range(count)]
    task = Task(MemoryDataset(samples), solver=[use_tools(tool.as_tool()), generate()], scorer=includes())
    with tempfile.TemporaryDirectory() as logs:
        await eval_async(
            task,
            model=model,
            log_dir=logs,
            log_realtime=False,
            ctl_server=False,
            fail_on_error=False,
            max_samples=CONNECTIONS + 1,
            score_display=False,
            log_level="error",
        )
