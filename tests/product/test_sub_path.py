"""The hub under a path of a host that has other things too, behind a real nginx."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.factories import a_zip
from tests.product.conftest import discard, free_port, new_product, until

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
pytestmark = [
    pytest.mark.product,
    pytest.mark.skipif(
        NGINX is None, reason="no nginx on this machine; `sh .ci/tools` installs it where that is allowed"
    ),
]
PATH = "/tools"
# One location takes the path away, as most do; the other passes it on.
CONFIGURATION = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_http_version 1.1;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Proto $scheme;
  server {{
    listen 127.0.0.1:{port};
    location = /tools {{ return 301 /tools/; }}
    location /tools/ {{ proxy_pass http://127.0.0.1:{hub}/; }}
    location /tools/docs/ {{ proxy_pass http://127.0.0.1:{hub}; }}
    location / {{ return 418; }}
  }}
}}
"""
ADDRESS = re.compile(r'(?:href|src|action|hx-get|hx-post|data-url)="(/[^"]*)"')


@pytest.fixture(scope="module")
def hub():
    """The product, and the address under which nginx serves it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}{PATH}"
    product = new_product(DEMO="0", PUBLIC_URL=url, BEHIND_PROXY="1", TRUSTED_PROXIES="1")
    folder = Path(tempfile.mkdtemp(prefix="skillhub-nginx-"))
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, port=port, hub=product.port))
    proxy = subprocess.Popen(
        [NGINX, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(configuration)]
    )
    try:
        product.start(wait=300)
        yield product, url
    finally:
        proxy.terminate()
        proxy.wait(20)
        discard(product)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def admin(hub):
    """A browser of the first admin, signed in by the printed link."""
    product, url = hub
    printed = re.search(rf"{product.url}{PATH}(/setup/\w+/)", product.log)
    link = f"{url}{printed.group(1)}"
    browser = httpx.Client(base_url=url, follow_redirects=True, timeout=30, headers={"Referer": f"{url}/"})
    page = browser.get(link)
    answers = {"username": "boss", "email": "b@example.org", "password": "correct horse battery"}
    done = browser.post(link, data=answers | {"csrfmiddlewaretoken": token_in(page)})
    assert done.status_code == 200 and str(done.url) == f"{url}/"
    return browser


@pytest.fixture(scope="module")
def api(hub, admin):
    _product, url = hub
    page = admin.get("/account/tokens/")
    data = {"name": "t", "scopes": ["read", "publish", "review", "admin"], "days": "7"}
    made = admin.post("/account/tokens/", data=data | {"csrfmiddlewaretoken": token_in(page)})
    secret = re.search(r"skh_[\w-]+", made.text).group()
    client = httpx.Client(base_url=url, timeout=30, headers={"Authorization": f"Bearer {secret}"})
    # A picture and a link, so that the page of the skill has some of each.
    body = "[guide](references/guide.md) ![dot](assets/dot.gif)"
    content = {"references/guide.md": b"# Guide\n", "assets/dot.gif": b"GIF89a"}
    from tests.factories import files

    sent = client.post(
        "/api/v1/teams/boss/versions?version=1.0.0",
        content=a_zip(content=files(body=body) | content),
        headers={"Content-Type": "application/zip"},
    )
    assert sent.status_code in (201, 202), sent.text
    until(
        lambda: (
            client.get("/api/v1/skills/boss/greet-people/versions/1.0.0").json().get("state") != "scanning"
        )
    )
    return client


def token_in(page: httpx.Response) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text).group(1)


def test_every_address_of_every_page_stays_under_the_path(hub, admin, api):
    """Follow what the pages name: a link that forgot the path is a 418 here."""
    _product, url = hub
    seen, waiting = set(), [f"{PATH}/", f"{PATH}/@boss/greet-people/v/1.0.0/", f"{PATH}/docs/reference/"]
    while waiting and len(seen) < 120:
        at = waiting.pop()
        seen.add(at)
        answer = admin.get(urljoin(url, at))
        assert answer.status_code < 400 or answer.status_code == 405, (at, answer.status_code)
        assert urlsplit(str(answer.url)).path.startswith(f"{PATH}/"), (at, answer.url)
        if not answer.headers["Content-Type"].startswith("text/html"):
            continue
        for found in ADDRESS.findall(answer.text):
            named = found.partition("#")[0].replace("&amp;", "&")
            assert named.startswith(f"{PATH}/"), (at, named)
            if named not in seen and "logout" not in named and "?" not in named:
                waiting.append(named)

    assert {f"{PATH}/teams/", f"{PATH}/publish/", f"{PATH}/account/tokens/"} <= seen
    assert any(one.startswith(f"{PATH}/static/css/app.") for one in seen)
    assert f"{PATH}/@boss/greet-people/v/1.0.0/pictures/assets/dot.gif" in seen


def test_cookies_go_to_the_hub_alone(hub, admin):
    paths = {cookie.name: cookie.path for cookie in admin.cookies.jar}

    assert paths["skillhub_sessionid"] == paths["skillhub_csrftoken"] == PATH
    assert set(paths.values()) == {PATH}


def test_redirects_and_forms_stay_under_the_path(hub, admin, api):
    _product, url = hub
    fresh = httpx.Client(timeout=30)
    asked = fresh.get(f"{url}/notices/")
    page = admin.get("/@boss/greet-people/v/1.0.0/")
    data = {"on": "1", "csrfmiddlewaretoken": token_in(page)}

    starred = admin.post("/@boss/greet-people/star/", data=data, follow_redirects=False)

    assert asked.headers["Location"] == f"{PATH}/account/login/?next={PATH}/notices/"
    assert (starred.status_code, starred.headers["Location"]) == (302, f"{PATH}/@boss/greet-people/")
    assert fresh.get(f"{url}/teams").headers["Location"] == f"{PATH}/teams/"
    assert fresh.get(f"{url}/Teams/").headers["Location"] == f"{PATH}/teams/"


def test_programs_find_what_they_are_told(hub, admin, api):
    _product, url = hub
    initialize = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        },
    }
    accept = {"Accept": "application/json, text/event-stream", "Origin": url.removesuffix(PATH)}

    assert api.get("/api/v1/").json()["skills"] == f"{PATH}/api/v1/skills"
    schema = api.get("/api/v1/schema").json()
    assert schema["servers"] == [{"url": PATH}]
    assert all(path.startswith("/api/v1/") for path in schema["paths"])
    assert api.post("/mcp", json=initialize, headers=accept).json()["result"]["serverInfo"]
    assert url in api.get("/.well-known/clawhub.json").text
    # The worker makes the first keys within a minute.
    assert until(lambda: api.get("/.well-known/skillhub/keys.json").json().get("hub"), 120) == url
    assert api.get("/llms.txt").text.count(f"{url}/") >= 4
    assert f"Disallow: {PATH}/account/" in api.get("/robots.txt").text
    assert api.get("/api/v1/nothing").json()["type"] == f"{PATH}/docs/problems/#not_found"


def test_a_proxy_that_keeps_the_path_will_do_too(hub, admin):
    product, url = hub

    assert "Help" in httpx.get(f"{url}/docs/").text
    assert httpx.get(f"{product.url}{PATH}/healthz").status_code == 200
    assert httpx.head(f"{product.url}/healthz").status_code == 200
