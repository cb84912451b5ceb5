"""The embed process over its socket: OpenAI's own client, errors in its form, another server's answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import openai
import pytest

from skills.search import embed
from skills.search.embed_server import MOST_BYTES, MOST_TEXTS
from skills.search.embedder import SHIPPED


@pytest.fixture
def client(embed_address):
    """OpenAI's client on the embed process's socket."""
    transport = httpx.HTTPTransport(uds=embed_address)
    with openai.OpenAI(
        api_key="none",
        base_url="http://embed/v1",
        http_client=httpx.Client(transport=transport),
        max_retries=0,
    ) as client:
        yield client


@pytest.mark.parametrize("encoding", ["base64", "float"])
def test_openai_s_client_gets_unit_vectors_in_the_order_of_its_texts(client, encoding):
    answer = client.embeddings.create(model=SHIPPED, input=["one", "two words"], encoding_format=encoding)

    assert answer.model == SHIPPED
    assert [row.index for row in answer.data] == [0, 1]
    assert answer.usage.prompt_tokens == answer.usage.total_tokens == 7, "each text has a start and an end"


def test_both_encodings_are_the_same_vector(client, embed_address, settings):
    settings.EMBED_ADDRESS = embed_address

    numbers = client.embeddings.create(model=SHIPPED, input="one", encoding_format="float")
    (vector,) = embed.vectors(SHIPPED, ["one"], seconds=30)

    assert numbers.data[0].embedding == pytest.approx(vector, abs=1e-7)
    assert sum(value * value for value in vector) == pytest.approx(1, abs=1e-5)


def test_an_unknown_model_is_openai_s_not_found(client):
    with pytest.raises(openai.NotFoundError) as caught:
        client.embeddings.create(model="no-such-model-anywhere", input="one")

    assert caught.value.code == "model_not_found"
    assert caught.value.param == "model"


@pytest.mark.parametrize("texts", [[], ["one"] * (MOST_TEXTS + 1), [1, 2], {"a": "b"}])
def test_an_input_that_is_no_list_of_texts_is_refused(client, texts):
    with pytest.raises(openai.BadRequestError) as caught:
        client.embeddings.create(model=SHIPPED, input=texts)

    assert caught.value.param == "input"


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("POST", "/v1/embeddings", "{", {}, 400),
        ("POST", "/v1/embeddings", "[]", {}, 400),
        ("POST", "/v1/embeddings", '{"input": "one"}', {}, 400),
        ("POST", "/v1/embeddings", '{"model": "m", "input": "one", "encoding_format": "hex"}', {}, 400),
        ("POST", "/v1/chat/completions", "{}", {}, 404),
        ("GET", "/v1/embeddings", None, {}, 405),
        ("POST", "/v1/embeddings", None, {"Content-Length": str(MOST_BYTES + 1)}, 413),
        ("POST", "/v1/embeddings", None, {"Content-Length": "many"}, 411),
    ],
)
def test_other_requests_are_refused_in_openai_s_form(embed_address, method, path, body, headers, status):
    connection = embed._SocketConnection(embed_address, 30)

    connection.request(method, path, body, headers)
    response = connection.getresponse()
    error = json.loads(response.read())["error"]
    connection.close()

    assert response.status == status
    assert error["type"] == "invalid_request_error"
    assert error["message"]


def test_a_connection_answers_one_request_after_another(embed_address):
    connection = embed._SocketConnection(embed_address, 30)
    body = json.dumps({"model": SHIPPED, "input": "one"})

    lengths = []
    for _ in range(2):
        connection.request("POST", embed.PATH, body)
        lengths.append(len(json.loads(connection.getresponse().read())["data"][0]["embedding"]))
    connection.close()

    assert lengths == [384, 384]


class OtherServer(BaseHTTPRequestHandler):
    """Another embeddings server: it answers what its class says, whatever is asked."""

    status, document = 200, {}
    requests: list[tuple[str, str | None, dict]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(json.dumps(self.document).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def other_server(settings, monkeypatch):
    monkeypatch.setattr(OtherServer, "requests", [])
    with HTTPServer(("127.0.0.1", 0), OtherServer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        settings.EMBED_ADDRESS = f"http://127.0.0.1:{server.server_port}/custom/embeddings"
        yield OtherServer
        server.shutdown()
        thread.join()


def test_another_server_s_numbers_are_vectors_too(other_server, monkeypatch, settings):
    settings.EMBED_KEY = "a-key"
    rows = [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]
    monkeypatch.setattr(OtherServer, "document", {"data": rows})

    assert embed.vectors("theirs", ["a", "b"], seconds=5) == [(1.0, 0.0), (0.0, 1.0)]

    ((path, authorization, request),) = other_server.requests
    assert (path, authorization) == ("/custom/embeddings", "Bearer a-key")
    assert request == {"model": "theirs", "input": ["a", "b"], "encoding_format": "base64"}


@pytest.mark.parametrize(
    ("status", "document", "words"),
    [
        (401, {"error": {"message": "Wrong key."}}, "Wrong key"),
        (404, {"error": "model not found"}, "model not found"),
        (500, [], "answers 500"),
        (200, {}, "another form"),
        (200, {"data": [{"index": 0, "embedding": "AAA"}]}, "another form"),
        (200, {"data": []}, "0 vectors for 1 texts"),
    ],
)
def test_what_is_no_vector_counts_as_away(other_server, monkeypatch, status, document, words):
    monkeypatch.setattr(OtherServer, "status", status)
    monkeypatch.setattr(OtherServer, "document", document)

    with pytest.raises(embed.Away, match=words):
        embed.vectors("theirs", ["a"], seconds=5)


def test_a_search_waits_no_longer_than_it_is_told_to(settings, tmp_path):
    import socket
    import time

    settings.EMBED_ADDRESS = str(tmp_path / "silent.sock")
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(settings.EMBED_ADDRESS)
        silent.listen()
        started = time.monotonic()

        with pytest.raises(embed.Away):
            embed.vectors(SHIPPED, ["one"], seconds=0.2)

        assert time.monotonic() - started < 2
