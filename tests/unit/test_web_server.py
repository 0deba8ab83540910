"""The server over HTTP: headers, who may ask, what leads nowhere, jobs from queue to difference, limits."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
import requests

import shieldwall
from shieldwall.core.errors import InputError
from shieldwall.study.compare import compare
from shieldwall.web import jobs as jobs_module
from shieldwall.web.app import create_app
from shieldwall.web.desk import first
from shieldwall.web.guard import BODY_AT_MOST, HEADERS
from shieldwall.web.jobs import Jobs
from shieldwall.web.serve import is_loopback, listen
from web_server import desk_on, finished, run_in, serving

FEWER = {"path": "fire_units.battery.magazine.lab-missile", "value": 3}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("home") / "runs"
    run_in(place, "one-battery", 60, "one")
    run_in(place, "one-battery", 60, "odd", overrides=["raids.drones.count=12"])
    (place.parent / "secret").mkdir()
    run_in(place.parent, "one-battery", 5, "secret")
    (place / "link").symlink_to(place.parent / "secret", target_is_directory=True)
    run_in(place, "one-battery", 5, "inside")
    (place / "inside" / "rows" / "000000000.parquet").unlink()
    (place / "inside" / "rows" / "000000000.parquet").symlink_to(place.parent / "secret" / "rows" / "000000000.parquet")
    (place / "broken").mkdir()
    (place / "broken" / "manifest.json").write_text("{}")
    return place


@pytest.fixture(scope="module")
def at(folder):
    with serving(create_app(desk_on(folder), start="one")) as address:
        yield address


def get(address, path, **options):
    return requests.get(f"{address}{path}", timeout=60, **options)


def post(address, path, value, **options):
    return requests.post(f"{address}{path}", json=value, timeout=60, **options)


def test_every_answer_carries_the_policy(at):
    for path in ("/api/health", "/api/runs/nowhere", "/api/nothing", "/api/openapi.json"):
        answer = get(at, path)
        for name, value in HEADERS:
            assert answer.headers[name] == value
        assert answer.headers["cache-control"] == "no-store"
    policy = get(at, "/api/health").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self';" in policy


def test_health_and_lists(at):
    assert get(at, "/api/health").json() == {"shieldwall": shieldwall.__version__, "start": "one", "exercise": True}
    assert {run["run"] for run in get(at, "/api/runs").json()["runs"]} == {"one", "odd", "inside"}
    scenarios = get(at, "/api/scenarios").json()["scenarios"]
    assert {"scenario": "one-battery", "title": "One battery against ten drones", "shipped": True} in scenarios


@pytest.mark.parametrize(
    "path",
    ["/api/runs/link", "/api/runs/inside", "/api/runs/broken", "/api/runs/nowhere", "/api/runs/one/replays/60",
     "/api/runs/..", "/api/runs/%2e%2e%2fsecret", "/api/runs/..%2fsecret", "/../secret/manifest.json",
     "/api/runs/one/stops", "/assets/../../../../secret/manifest.json", "/%2e%2e/%2e%2e/secret/manifest.json"],
)  # fmt: skip
def test_what_lies_elsewhere_is_not_there(at, path):
    parts = urlsplit(at)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)  # sends the path as it stands
    connection.request("GET", path)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    assert answer.status in (404, 422), content
    assert b"scenario_hash" not in content


def test_another_host_or_site_is_refused(at):
    assert get(at, "/api/health", headers={"Host": "evil.example"}).status_code == 421
    assert get(at, "/api/health", headers={"Host": "localhost:1"}).status_code == 200
    job = {"base": "one", "changes": []}
    assert post(at, "/api/jobs", job, headers={"Origin": "http://evil.example"}).status_code == 403
    assert post(at, "/api/jobs", job, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    plain = requests.post(f"{at}/api/jobs", data='{"base": "one"}', headers={"Content-Type": "text/plain"}, timeout=30)
    assert plain.status_code == 422  # a form of another site cannot send JSON


def test_too_much_is_refused(at):
    assert requests.post(f"{at}/api/jobs", data=b"x" * (BODY_AT_MOST + 1), timeout=30).status_code == 413
    chunks = (b"x" * 100_000 for _ in range(4))  # no length is said
    assert requests.post(f"{at}/api/jobs", data=chunks, timeout=30).status_code == 413
    assert get(at, f"/api/runs/{'a' * 5_000}").status_code == 414
    many = [FEWER] * 201
    assert post(at, "/api/jobs", {"base": "one", "changes": many}).status_code == 422


def test_a_request_that_takes_too_long_is_given_up(folder):
    async def slow(scope, receive, send):
        import asyncio

        await asyncio.sleep(5)

    with serving(slow, seconds=0.2) as address:
        answer = get(address, "/")
    assert (answer.status_code, answer.json()["detail"]) == (503, "this took more than 0 s")


def test_a_token_is_asked_for(folder):
    with serving(create_app(desk_on(folder)), hosts=frozenset(), token="open sesame") as address:
        assert get(address, "/api/health").status_code == 401
        assert get(address, "/api/health", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert get(address, "/api/health", headers={"Authorization": "Bearer open sesame"}).status_code == 200
        assert get(address, "/?token=wrong").status_code == 401
        assert get(address, "/api/health?token=open sesame").status_code == 401
        assert get(address, "/api/health", headers={"Cookie": "shieldwall=\N{SNOWMAN}".encode()}).status_code == 401
        session = requests.Session()
        welcome = session.get(f"{address}/?token=open sesame", allow_redirects=False, timeout=30)
        assert (welcome.status_code, welcome.headers["location"]) == (303, "/")
        assert "HttpOnly" in welcome.headers["set-cookie"]
        assert "SameSite=Strict" in welcome.headers["set-cookie"]


def test_addresses_to_listen_on():
    assert is_loopback("127.0.0.1")
    assert is_loopback("localhost")
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")
    taken = listen("127.0.0.1", 0)
    with pytest.raises(InputError, match="cannot be listened on"):
        listen("127.0.0.1", taken.getsockname()[1])
    taken.close()


def test_an_edit_is_played_and_compared_as_the_command_does(at, folder):
    answer = post(at, "/api/jobs", {"base": "one", "changes": [FEWER], "replications": 40})
    assert answer.status_code == 202
    job = finished(at, answer.json()["id"])
    assert (job["state"], job["done"], job["of"], job["error"]) == ("done", 40, 40, None)
    assert job["label"] == "fire_units.battery.magazine.lab-missile = 3"
    changed = shieldwall.simulate(
        shieldwall.load("one-battery", overrides=["fire_units.battery.magazine.lab-missile=3"]), 40, 3
    )
    expected = compare([("base", first(shieldwall.Results.open(folder / "one"), 40)), ("other", changed)])
    gap = expected.changed[0].differences["leaked"]
    own = job["comparison"]["quantities"]["leaked"]["difference"]
    assert own["mean"] == pytest.approx(gap.mean, rel=1e-4)
    assert gap.mean > 0
    assert own["ci90"] == pytest.approx([gap.low, gap.high], rel=1e-4)
    assert get(at, f"/api/runs/{job['run']}").json()["overrides"] == {"fire_units.battery.magazine.lab-missile": "3"}
    assert get(at, f"/api/compare?base=one&other={job['run']}").json()["quantities"] == job["comparison"]["quantities"]
    again = finished(at, post(at, "/api/jobs", {"base": job["run"], "changes": [], "replications": 5}).json()["id"])
    assert again["state"] == "done"  # a changed run is a base like any other, its own settings kept
    assert again["comparison"]["quantities"]["leaked"]["difference"]["mean"] == 0


def test_a_run_made_with_settings_is_found_again(at):
    run = get(at, "/api/runs/odd")
    assert run.status_code == 200
    assert run.json()["salvos"][0]["count"] == 12
    diff = post(at, "/api/diff", {"base": "odd", "changes": [{"path": "doctrine.shots.drone.salvo", "value": 2}]})
    text = diff.json()["files"][0]["diff"]
    assert "-    count: 10" in text
    assert "+    count: 12" in text
    assert "+    drone: {salvo: 2, max_shots: 2, assess: 5 s}" in text


def test_a_scenario_is_played_without_a_base(at):
    job = finished(at, post(at, "/api/jobs", {"scenario": "one-battery", "replications": 7, "seed": 9}).json()["id"])
    assert (job["state"], job["comparison"]) == ("done", None)
    assert get(at, f"/api/runs/{job['run']}").json()["seed"] == 9


@pytest.mark.parametrize(
    ("request_", "status", "said"),
    [
        ({"base": "one", "changes": [{"path": "terrain.files", "value": ["/etc/passwd"]}]}, 400, "cannot be changed"),
        ({"base": "nowhere", "changes": []}, 404, "no run"),
        ({"scenario": "nowhere"}, 404, "no scenario"),
        ({}, 400, "either a base or a scenario"),
        ({"base": "one", "scenario": "one-battery"}, 400, "either a base or a scenario"),
        ({"base": "one", "changes": [], "replications": 61}, 413, "60 replications"),
        ({"base": "one", "changes": [{"path": "a=b", "value": 1}]}, 422, "path"),
        ({"base": "../secret", "changes": []}, 422, "base"),
        ({"base": "one", "unknown": 1}, 422, "unknown"),
    ],
)
def test_jobs_that_cannot_be_are_refused_at_once(at, request_, status, said):
    answer = post(at, "/api/jobs", request_)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_a_mistake_in_an_edit_is_told_by_the_job(at):
    wrong = {"path": "fire_units.nobody.channels", "value": 1}
    job = finished(at, post(at, "/api/jobs", {"base": "one", "changes": [wrong]}).json()["id"])
    assert job["state"] == "failed"
    assert "there is no 'nobody' in fire_units" in job["error"]
    answer = post(at, "/api/diff", {"base": "one", "changes": [wrong]})
    assert answer.status_code == 400
    assert "battery" in answer.json()["mistakes"][0]["cure"]


@pytest.fixture
def held(monkeypatch):
    """Return an event until which no run gets past its first block."""
    go = threading.Event()

    def slow(scenario, replications, seed, *, progress, **_):
        for done in range(replications):
            progress(done, replications)
            if go.wait(0.02):
                raise RuntimeError("let go")

    monkeypatch.setattr(jobs_module.shieldwall, "simulate", slow)
    yield go
    go.set()


def test_jobs_are_cancelled_and_the_queue_is_short(folder, held):
    jobs = Jobs(desk_on(folder))
    with serving(create_app(desk_on(folder), jobs=jobs)) as address:
        ids = [post(address, "/api/jobs", {"base": "one", "changes": []}).json()["id"] for _ in range(8)]
        full = post(address, "/api/jobs", {"base": "one", "changes": []})
        assert (full.status_code, "cancel one" in full.json()["detail"]) == (429, True)
        listed = get(address, "/api/jobs").json()["jobs"]
        assert [job["id"] for job in listed] == ids[::-1]
        for job in reversed(ids):
            assert requests.delete(f"{address}/api/jobs/{job}", timeout=30).status_code == 200
        assert {finished(address, job)["state"] for job in ids} == {"cancelled"}
        assert post(address, "/api/jobs", {"base": "one", "changes": []}).status_code == 202
        assert requests.delete(f"{address}/api/jobs/{'0' * 12}", timeout=30).status_code == 404
        jobs.cancel_all()


def test_a_job_has_only_so_much_time_and_a_fault_does_not_stop_the_queue(folder, held):
    jobs = Jobs(desk_on(folder), seconds=0.1)
    with serving(create_app(desk_on(folder), jobs=jobs)) as address:
        late = finished(address, post(address, "/api/jobs", {"base": "one", "changes": []}).json()["id"])
        assert (late["state"], "the time that one job has" in late["error"]) == ("failed", True)
        held.set()
        jobs.seconds = 60.0
        wrong = finished(address, post(address, "/api/jobs", {"base": "one", "changes": []}).json()["id"])
        assert (wrong["state"], wrong["error"]) == ("failed", "a fault of ours: RuntimeError: let go")


def test_many_ask_at_once(at):
    answers = []
    threads = [
        threading.Thread(target=lambda r=r: answers.append(get(at, f"/api/runs/one/replays/{r}"))) for r in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 12
    assert {answer.json()["replication"] for answer in answers} == set(range(12))


def test_garbage_on_the_wire_ends_in_an_error_not_in_the_server(at):
    parts = urlsplit(at)
    wrong = (
        b"\x00\xff\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\r\n\r\n",
        b"POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n",
    )
    for sent in wrong:
        with socket.create_connection((parts.hostname, parts.port), timeout=5) as wire:
            wire.sendall(sent)
            assert wire.recv(20)[9:12] in (b"400", b"421", b"413")
    time.sleep(0.05)
    assert get(at, "/api/health").status_code == 200
