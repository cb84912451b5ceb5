"""A server of OpenAI's shape in a process of its own: greets who has a skill, judges, or refuses.

A model called `status-401` is refused with that status; every answer takes PACE seconds.
"""

import json
import os
import re
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_TOKENS = {"prompt_tokens": 50, "completion_tokens": 5, "total_tokens": 55}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(float(os.environ.get("PACE", "0")))
        if refusal := re.fullmatch(r"status-(\d+)", asked["model"]):
            self._send(int(refusal[1]), {"error": {"message": "No."}})
        else:
            self._send(200, _completion(_answer(asked)))

    def _send(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def _answer(asked):
    question = asked["messages"][-1]["content"]
    if '"statement"' in question:
        return '{"passed": true, "evidence": "person"}'
    number = re.search(r"person (\d+)", question)
    has_skill = any(tool["function"]["name"] == "skill" for tool in asked.get("tools", ()))
    return f"Hello, person {number[1]}!" if has_skill and number else "Hm."


def _completion(text):
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    head = {"id": "x", "object": "chat.completion", "created": 1, "model": "served"}
    return head | {"choices": [choice], "usage": _TOKENS}


class Endpoint:
    """The server's process, and where it listens."""

    def __init__(self, pace=0.0):
        command = [sys.executable, __file__]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PACE": str(pace)}
        )
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/v1"

    def stop(self):
        self.process.kill()
        self.process.communicate()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    server.serve_forever()
