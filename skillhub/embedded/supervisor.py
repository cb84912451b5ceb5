"""Runs the product: services, migrations, demo data, web server and worker, under one Ctrl-C."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

from skillhub import env
from skillhub.embedded import output, web_server
from skillhub.embedded.memory import runs_at_a_time
from skillhub.embedded.postgres import stop_with_parent
from skillhub.embedded.reload import granian_options, restarting
from skillhub.embedded.services import Services
from skillhub.loopback import LOOPBACK, way_in_from_elsewhere

EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared only: whoever starts the product chooses where it listens
STOP_LIMIT = 20.0  # seconds a child may take to finish its work
RESTART_PAUSE = 1.0  # seconds before a child that died is started again


class Stop(Exception):
    """A signal asked us to stop."""


@dataclass
class Child:
    """One process whose output says whose it is, and which is started again when it dies."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
            preexec_fn=stop_with_parent(signal.SIGTERM),
            errors="replace",
            process_group=0,
        )
        # A pipe that nobody reads fills, and its writer stands still.
        threading.Thread(target=self._copy_output, args=(self.process,), daemon=True).start()

    def _copy_output(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                output.copy_line(self.name, line.rstrip("\n"))

    @property
    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def restart(self) -> None:
        """Start again, without the orphans that would go on answering on the same port."""
        self._kill_group()
        self.start()

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_LIMIT)
        self._kill_group()
        self.process.wait()

    def _kill_group(self) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            # The child leads a group of its own (`process_group=0`), and has children itself.
            os.killpg(self.process.pid, signal.SIGKILL)


def _demo_wanted(host: str) -> bool:
    """Whether to have demo logins. Their password is printed: they must not be reachable from elsewhere."""
    wanted = env.flag("DEMO", default=host in LOOPBACK)
    way_in = way_in_from_elsewhere(
        listens=host,
        public_url=env.text("PUBLIC_URL", "http://127.0.0.1"),
        allowed_hosts=env.listing("ALLOWED_HOSTS"),
        is_behind_proxy=env.flag("BEHIND_PROXY", default=False) or env.number("TRUSTED_PROXIES", 0) > 0,
    )
    if wanted and way_in:
        raise SystemExit(
            f"Demo logins exist on 127.0.0.1 only, and {way_in} lets others in: set DEMO=0, or take it away."
        )
    return wanted


class Supervisor:
    """`run` returns the exit status when a signal has stopped everything."""

    def __init__(self, *, reload: bool = False) -> None:
        self.reload = reload
        self.host = env.text("HOST", "127.0.0.1")
        self.port = env.number("PORT", 8000, least=1)
        self.demo = _demo_wanted(self.host)
        self.address = f"http://{'127.0.0.1' if self.host == EVERYWHERE else self.host}:{self.port}"
        self.services = Services()
        self.children = [self._web(), self._worker(), *self._evals(), *self._embed(), *self._gateway()]

    def _web(self) -> Child:
        # A process forked from one that has imported the code would never see it change.
        server = "granian" if self.reload else "skillhub.embedded.granian_preloaded"
        workers = env.number("WEB_WORKERS", 2, least=1)
        command = [
            sys.executable,
            "-m",
            server,
            *web_server.options(host=self.host, port=self.port, workers=workers),
            # granian would stop altogether when one of its workers dies.
            "--respawn-failed-workers",
            *(granian_options() if self.reload else []),
            web_server.APPLICATION,
        ]
        return Child("web", command, {"PROCESS": "web"})

    def _worker(self) -> Child:
        concurrency = env.number("WORKER_CONCURRENCY", 2, least=1)
        command = [
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "-A",
            "skillhub",
            "worker",
            "--beat",
            "--schedule",
            str(self.services.places.data / "beat"),
            "--loglevel",
            "warning",
            "--concurrency",
            str(concurrency),
            # Workers need not know of each other: which job is whose is in its row.
            "--without-gossip",
            "--without-mingle",
            "--queues",
            "celery",
        ]
        return Child("worker", self._following_code(command), {"PROCESS": "worker"})

    def _evals(self) -> list[Child]:
        """A worker of its own for evaluations: the engine is heavy, and a run may take an hour."""
        concurrency = env.number("EVAL_CONCURRENCY", runs_at_a_time())
        if not concurrency:
            return []
        # What the engine's clients leak ends with the process.
        evals = self._asking_models("evals", concurrency=concurrency, tasks_a_process=20)
        # Tests of providers are few and far between: the clients they load are not kept in memory.
        return [evals, self._asking_models("providers", concurrency=1, tasks_a_process=1)]

    def _asking_models(self, queue: str, *, concurrency: int, tasks_a_process: int) -> Child:
        command = [
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "-A",
            "skillhub",
            "worker",
            "--queues",
            queue,
            "--hostname",
            f"{queue}@%h",
            "--loglevel",
            "warning",
            "--concurrency",
            str(concurrency),
            "--max-tasks-per-child",
            str(tasks_a_process),
            "--without-gossip",
            "--without-mingle",
        ]
        return Child(queue, self._following_code(command), {"PROCESS": "evals"})

    def _following_code(self, command: list[str]) -> list[str]:
        return restarting(command) if self.reload else command

    def _embed(self) -> list[Child]:
        """The process that holds the embedding model, unless another machine does or nobody wants it."""
        if not env.flag("EMBED", default=True) or env.text("EMBED_ADDRESS"):
            return []
        return [Child("embed", [sys.executable, "manage.py", "embed"], {"PROCESS": "embed"})]

    def _gateway(self) -> list[Child]:
        """The processes that pass agents' calls through; they share one port."""
        count = env.number("GATEWAY_WORKERS", 1)
        command = self._following_code([sys.executable, "manage.py", "gateway"])
        return [Child("gateway", command, {"PROCESS": "gateway"}) for _ in range(count)]

    def run(self) -> int:
        if not output.is_for_people():
            sys.stdout = output.JsonEvents(sys.stdout)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _raise_stop)
        try:
            self._start()
            self._watch()
        except Stop:
            print("\nStopping …", flush=True)
        finally:
            # An impatient second Ctrl-C must not leave half of the children behind.
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)
            for child in self.children:
                child.stop()
            self.services.stop()
        print("Stopped. Your data is kept.", flush=True)
        return 0

    def _start(self) -> None:
        # For the children: settings.py reads what the operator did not say from here.
        os.environ.setdefault("PUBLIC_URL", self.address)
        os.environ.setdefault("LISTEN_HOST", self.host)
        self._check_ports()
        print("Starting the database and the broker …", flush=True)
        self.services.announce()
        from skillhub.embedded import prepare

        web, *others = self.children
        current = prepare.is_current(demo=self.demo)
        if current:  # it loads while the database starts; new code or new data must be prepared first
            web.start()
        self.services.start()
        if not current:
            prepare.bring_up_to_date(demo=self.demo)
            web.start()
        self._wait_for(web)
        for child in others:
            child.start()
        print(prepare.welcome(address=self.address), flush=True)

    def _check_ports(self) -> None:
        self._check_port(self.host, self.port, "PORT")
        if env.number("GATEWAY_WORKERS", 1):
            from skillhub.gateway_settings import GATEWAY_HOST, GATEWAY_PORT

            self._check_port(GATEWAY_HOST, GATEWAY_PORT, "GATEWAY_PORT")

    @staticmethod
    def _check_port(host: str, port: int, variable: str) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            # As the server does: connections that are just closing must not count as a taken port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise SystemExit(
                    f"Port {port} on {host} cannot be used ({error.strerror}). "
                    f"Choose another: {variable}={port + 1} make run"
                ) from None

    def _wait_for(self, web: Child) -> None:
        """Until the first page answers: what starts after it no longer takes its processor."""
        from urllib.error import HTTPError
        from urllib.request import urlopen

        while not web.died:
            try:
                urlopen(self.address, timeout=5).close()  # noqa: S310 - our own http address
            except HTTPError:
                return  # it answers, if only with an error
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise SystemExit("The web server did not start; its messages are above.")

    def _watch(self) -> None:
        while True:
            time.sleep(RESTART_PAUSE)
            for child in self.children:
                if child.died:
                    print(f"{child.name} stopped by itself; starting it again.", flush=True)
                    child.restart()
            postgres = self.services.postgres
            if postgres and postgres.process and postgres.process.poll() is not None:
                print("PostgreSQL stopped by itself; starting it again.", flush=True)
                postgres.start()
            valkey = self.services.valkey
            if valkey and valkey.process and valkey.process.poll() is not None:
                print("Valkey stopped by itself; starting it again.", flush=True)
                valkey.start()


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop
