"""Twenty ways out of the sandbox, all closed."""

import os
import shutil
import socket
import time

import pytest

from skills.evals import sandbox
from skills.evals.sandbox import Sandbox

pytestmark = pytest.mark.skipif(
    bool(sandbox.why_unavailable("bwrap")), reason=f"no sandbox here: {sandbox.why_unavailable('bwrap')}"
)
PY = "/usr/bin/python3" if shutil.which("/usr/bin/python3") else "python3"


@pytest.fixture
def box():
    with Sandbox({"in.txt": b"start"}, {"SKILL.md": b"# hi", "scripts/x.py": b"print(42)"}) as made:
        yield made


def sh(box, script, **options):
    return box.run(["sh", "-c", script], **options)


def test_it_works_at_all(box):
    ended = sh(box, "cat in.txt; echo made > out.txt; cat /skill/SKILL.md")

    assert (ended.status, ended.output) == (0, "start# hi")
    assert box.files() == {"in.txt": b"start", "out.txt": b"made\n"}


def test_stdin_reaches_the_command(box):
    assert box.run(["cat"], stdin=b"given").output == "given"


def test_environment_is_clear(box, monkeypatch):
    monkeypatch.setenv("SUPER_SECRET_KEY", "hunter2")

    ended = sh(box, "env; cat /proc/self/environ; cat /proc/1/environ; true")

    assert "hunter2" not in ended.output
    assert "SUPER_SECRET" not in ended.output


PROBES = {
    "loopback": "exec 3<>/dev/tcp/127.0.0.1/{port} && echo OUT",
    "metadata address": "exec 3<>/dev/tcp/169.254.169.254/80 && echo OUT",
    "outside name": "getent hosts example.org && echo OUT",
    "raw interface": "ls /sys/class/net/eth0 && echo OUT",
    "shadow file": "cat /etc/shadow && echo OUT",
    "password file": "cat /etc/passwd && echo OUT",
    "home of root": "ls /root && echo OUT",
    "host's temporary files": "test -e {marker} && echo OUT",
    "parent processes": "test $(ls -d /proc/[0-9]* | wc -l) -gt 6 && echo OUT",
    "signal to init of the host": "kill -0 {pid} && echo OUT",
    "write to the system": "touch /usr/x && echo OUT",
    "write to the skill": "echo x > /skill/SKILL.md && echo OUT",
    "mount": "mount -t tmpfs none /mnt && echo OUT",
    "become root": "su -c true && echo OUT",
    "device node": "mknod /work/disk b 8 0 && echo OUT",
    "host's PostgreSQL socket": "ls /run/user /var/run/postgresql 2>/dev/null && echo OUT",
    "kernel messages": "dmesg && echo OUT",
    "tracing": 'python3 -c "import ctypes,os; l=ctypes.CDLL(None); '
    "print('OUT' if l.ptrace(16,{pid},0,0)==0 else '')\"",
}


@pytest.mark.parametrize("name", PROBES)
def test_probe_is_stopped(box, name, tmp_path):
    marker = tmp_path / "marker"
    marker.touch()
    with socket.create_server(("127.0.0.1", 0)) as server:
        script = PROBES[name].format(port=server.getsockname()[1], marker=marker, pid=os.getpid())
        shell = "bash" if shutil.which("bash") else "sh"
        ended = box.run([shell, "-c", script], seconds=10)

    assert "OUT" not in ended.output


def test_a_link_out_of_the_folder_is_not_followed(box):
    sh(box, "ln -s /etc/passwd stolen; ln -s / rootlink; true")

    assert set(box.files()) == {"in.txt"}


def test_fork_bomb_ends(box):
    started = time.monotonic()
    ended = box.run(["bash", "-c", ":(){ :|:& };:; sleep 60"], seconds=4)

    assert time.monotonic() - started < 10
    assert ended.problem or ended.status != 0
    assert sh(box, "echo alive").output.strip() == "alive"


def test_filling_the_disk_is_stopped(box):
    ended = sh(box, "i=0; while true; do head -c 20000000 /dev/zero > f$i; i=$((i+1)); done", seconds=20)

    assert "wrote more than" in ended.problem
    assert box._written() < 500 << 20


def test_printing_for_ever_is_stopped(box):
    ended = sh(box, "yes", seconds=20)

    assert ended.problem or ended.status != 0
    assert len(ended.output) <= 200_000


def test_memory_is_bounded(box):
    ended = box.run([PY, "-c", "x = bytearray(3 << 30); print('OUT')"], seconds=10)

    assert "OUT" not in ended.output


def test_running_for_ever_is_stopped(box):
    started = time.monotonic()
    ended = sh(box, "sleep 100", seconds=1)

    assert ended.problem == "stopped after 1 seconds"
    assert time.monotonic() - started < 5


def test_what_it_started_ends_with_it(box):
    sh(box, "(sleep 1; echo late > late.txt) & exit 0", seconds=5)
    time.sleep(1.5)

    assert "late.txt" not in box.files()


def test_without_a_sandbox_the_reason_is_said():
    assert "switched off" in sandbox.why_unavailable("none")
    assert "SANDBOX" in sandbox.why_unavailable("chroot")
