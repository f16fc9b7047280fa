"""`guichet up --simulated` as a test starts it, and what every test needs around it."""

import json
import os
import re
import signal
import socket
import subprocess
import time
import tomllib
import urllib.error
import urllib.request


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

    def __init__(self, folder, arguments=(), settings=()):
        self.data = folder / "data"
        self.log = folder / "up.log"
        self.operations = free_port()
        environment = {
            **os.environ,
            "GUICHET__up__workspace": "127.0.0.1:0",
            "GUICHET__up__webhooks": "127.0.0.1:0",
            "GUICHET__up__links": "127.0.0.1:0",
            "GUICHET__operations__address": f"127.0.0.1:{self.operations}",
            **dict(settings),
        }
        with self.log.open("w") as log:
            command = [os.environ["GUICHET_BINARY"], "up", "--simulated", "--data", self.data, *arguments]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def started(self):
        """Whether it says that it runs."""
        if self.process.poll() is not None:
            raise SystemExit(f"tests/observe: guichet up ended:\n{self.log.read_text()}")
        return "Guichet is running" in self.log.read_text()

    def address(self, name):
        """An address that it printed."""
        return re.search(rf"^  {name} +(http://[^/\s]+)", self.log.read_text(), re.M)[1]

    def members(self, role):
        """The login and the password of those who have this role."""
        members = tomllib.loads((self.data / "demo.toml").read_text())["members"]
        return [(it["login"], it["password"]) for it in members if it["role"] == role]

    def account(self, network):
        """The id of one of the demo organization's accounts."""
        accounts = tomllib.loads((self.data / "demo.toml").read_text())["applications"]
        return next(it["account_id"] for it in accounts if it["network"] == network)

    def stop(self):
        """Ctrl-C, and its end."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()


def post(address, body, method="POST"):
    """One request without a session; its status."""
    request = urllib.request.Request(address, json.dumps(body).encode(), {"content-type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code
