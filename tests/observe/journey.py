"""Starts everything, makes it work, and asks Prometheus every query of the dashboard."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from installation import Installation, free_port, post, wait
from workspace import Refused, Workspace

ROOT = Path(__file__).resolve().parents[2]
DASHBOARD = ROOT / "deploy/grafana/message-journey.json"
# How long everything works before the first question, and how long answers may take to come.
WORK = 20
PATIENCE = 60


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
        agents = [Workspace(workspace, *account) for account in installation.members("agent")]
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
