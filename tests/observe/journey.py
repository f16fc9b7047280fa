"""Starts everything, makes it work, and asks Prometheus every query of the dashboard."""

import json
import math
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from workspace import Refused, Workspace

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = ROOT / "deploy/grafana/message-journey.json"
# How long everything works before the first question, and how long answers may take to come.
WORK = 20
PATIENCE = 60


def free_port():
    """A port that nobody has at the moment."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def wait(what, seconds, found):
    """What `found` gives as soon as it gives something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if given := found():
            return given
        time.sleep(0.2)
    raise SystemExit(f"tests/observe: {what} took longer than {seconds} s")


class Installation:
    """`guichet up --simulated` on free ports."""

    def __init__(self, folder):
        self.data = folder / "data"
        self.log = folder / "up.log"
        self.operations = free_port()
        environment = {
            **os.environ,
            "GUICHET__up__workspace": "127.0.0.1:0",
            "GUICHET__up__webhooks": "127.0.0.1:0",
            "GUICHET__up__links": "127.0.0.1:0",
            "GUICHET__operations__address": f"127.0.0.1:{self.operations}",
        }
        with self.log.open("w") as log:
            command = [os.environ["GUICHET_BINARY"], "up", "--simulated", "--data", self.data]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def started(self):
        """Whether it says that it runs."""
        if self.process.poll() is not None:
            raise SystemExit(f"tests/observe: guichet up ended:\n{self.log.read_text()}")
        return "Guichet is running" in self.log.read_text()

    def address(self, name):
        """An address that it printed."""
        return re.search(rf"^  {name} +(http://[^/\s]+)", self.log.read_text(), re.M)[1]

    def stop(self):
        """Ctrl-C, and its end."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Prometheus:
    """A real one, scraping every second."""

    def __init__(self, folder, target):
        self.address = f"127.0.0.1:{free_port()}"
        configuration = folder / "prometheus.json"
        scrape = {"job_name": "guichet", "static_configs": [{"targets": [target]}]}
        configuration.write_text(json.dumps({"global": {"scrape_interval": "1s"}, "scrape_configs": [scrape]}))
        self.log = (folder / "prometheus.log").open("w")
        command = [
            os.environ["GUICHET_PROMETHEUS"],
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address={self.address}",
        ]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)

    def ask(self, query):
        """How many series the query gives now that are numbers."""
        asked = urllib.parse.urlencode({"query": query.replace("$__rate_interval", "1m")})
        with urllib.request.urlopen(f"http://{self.address}/api/v1/query?{asked}", timeout=10) as response:
            result = json.load(response)["data"]["result"]
        return sum(not math.isnan(float(series["value"][1])) for series in result)

    def is_ready(self):
        """Whether it answers."""
        try:
            return self.ask("vector(1)") == 1
        except (OSError, urllib.error.URLError):
            return False

    def stop(self):
        """Ends it."""
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


def post(address, body, method="POST"):
    """One request without a session; its status."""
    request = urllib.request.Request(address, json.dumps(body).encode(), {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def work(agents, workspace, webhooks, seconds):
    """Customers write and are answered; somebody goes away and comes back; a stranger posts."""
    assert post(f"{workspace}/playground/api/generator", {"running": True, "mode": "load", "rate": 5.0, "people": 40}, "PUT") == 200
    assert post(f"{webhooks}/hooks/x/app_stranger", {}) >= 400
    until, answered, handed_back = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until:
        for agent in agents:
            try:
                rows = agent.call("GET", "/api/v1/conversations?queue=new&limit=10")["rows"]
                for row in rows[:3]:
                    answered += agent.answer(row, "Bonjour, voici comment faire : https://example.com/aide/commandes/retours?de=guichet")
            except Refused as refused:
                print(f"refused: {refused}", file=sys.stderr)
        handed_back += agents[0].away()
        agents[0].available()
        time.sleep(0.5)
    return answered, handed_back


def main():
    """Every query, or the ones that gave nothing."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-observe-"))
    folder.chmod(0o755)
    installation = Installation(folder)
    prometheus = None
    try:
        wait("guichet up", 120, installation.started)
        prometheus = Prometheus(folder, f"127.0.0.1:{installation.operations}")
        wait("Prometheus", 30, prometheus.is_ready)
        workspace, webhooks = installation.address("Workspace"), installation.address("Webhooks")
        members = tomllib.loads((installation.data / "demo.toml").read_text())["members"]
        chosen = [it for it in members if it["role"] == "agent"]
        agents = [Workspace(workspace, it["login"], it["password"]) for it in chosen]
        for agent in agents:
            agent.connect()
            agent.available()
        answered, handed_back = work(agents, workspace, webhooks, WORK)
        queries = [
            (panel["title"], target["expr"])
            for panel in json.loads(DASHBOARD.read_text())["panels"]
            for target in panel.get("targets", [])
        ]
        silent, until = queries, time.monotonic() + PATIENCE
        while silent and time.monotonic() < until:
            silent = [(title, query) for title, query in silent if not prometheus.ask(query)]
            if silent:
                more = work(agents, workspace, webhooks, 2)
                answered, handed_back = answered + more[0], handed_back + more[1]
        print(f"figure: {answered} replies accepted, {handed_back} conversations handed back")
        for title, query in silent:
            print(f"no data: {title}: {query}")
        print(f"note: {len(queries) - len(silent)} of {len(queries)} queries of the dashboard return data")
        if silent:
            print("\n".join(installation.log.read_text().splitlines()[-30:]))
        return 1 if silent or not queries else 0
    finally:
        if prometheus:
            prometheus.stop()
        installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
