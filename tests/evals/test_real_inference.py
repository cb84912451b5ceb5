"""True token counts from real inference: `transformers serve` with a tiny random model made on the spot."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from skills.budgets import verify
from skills.budgets.models import LedgerEntry
from skills.evals.models import Trial
from skills.portfolio.models import PortfolioModel, Provider
from tests.evals.making import a_run
from tests.factories import a_version, files

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("SOAK"), reason="slow: loads torch and serves a model; make soak runs it"
    ),
]


def a_model(folder: Path):
    """A random Llama of two layers with a tokenizer trained on two lines; nothing is downloaded."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    raw = Tokenizer(models.BPE(unk_token=None))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    special = ["<s>", "</s>", "<pad>"]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    raw.train_from_iterator(["Say hello to the person.", "The person says hello."], trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=raw, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )
    tokenizer.chat_template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}"
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        max_position_embeddings=4096,
        bos_token_id=0,
        eos_token_id=1,
        pad_token_id=2,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return tokenizer


@pytest.fixture
def served(tmp_path):
    tokenizer = a_model(tmp_path / "tiny-random")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "hub" / "hub").mkdir(parents=True)
    env = {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hub"),
        "TRANSFORMERS_VERBOSITY": "error",
    }
    program = Path(sys.executable).with_name("transformers")
    log = (tmp_path / "serve.log").open("w")
    process = subprocess.Popen(
        [
            str(program),
            "serve",
            "./tiny-random",
            "--device",
            "cpu",
            "--port",
            str(port),
            "--host",
            "127.0.0.1",
        ],
        cwd=tmp_path,
        env=env,
        stdout=log,
        stderr=log,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                break
        except OSError:
            assert process.poll() is None, (tmp_path / "serve.log").read_text()
            time.sleep(0.5)
    yield f"http://127.0.0.1:{port}/v1", tokenizer
    process.kill()
    process.wait()


def test_the_ledger_has_what_the_model_really_used(served, owner, team, settings):
    import json

    url, tokenizer = served
    settings.SANDBOX = "none"
    provider = Provider.objects.create(name="served", kind="openai_compatible", base_url=url)
    PortfolioModel.objects.create(
        provider=provider, name="./tiny-random", label="tiny", max_output_tokens=16, connections=2
    )
    evals = [
        {
            "id": n,
            "prompt": f"Say hello to person {n}.",
            "assertions": [{"type": "contains", "value": "hello"}],
        }
        for n in range(5)
    ]
    version = a_version(owner, team, content=files() | {"evals/evals.json": json.dumps(evals).encode()})

    run = a_run(owner, version, repeats=1)

    run.refresh_from_db()
    assert run.state == "done", run.problem
    rows = list(Trial.objects.filter(run=run))
    assert len(rows) == 10
    for row in rows:  # a random model hardly ever stops by itself: it is cut, which is no failure
        assert row.outcome in ("limit", "scored"), row.problem
        assert 0 < row.output_tokens <= 16
        bare = len(tokenizer(f"user: Say hello to person {row.case}."[:10])["input_ids"])
        assert row.input_tokens > bare
    entries = LedgerEntry.objects.filter(period__budget__team=team)
    assert sum(entry.tokens for entry in entries) == sum(row.tokens for row in rows)
    assert verify.differences() == []
