"""compose.yaml without containers: the same commands, environment, secrets and broker's users, each
service a process with a loopback address of its own for a host name."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

import yaml
from support import BINARY, DEPLOY, TABLE
from test_compose import config, made_secrets

POSTGRES = Path(os.environ["GUICHET_POSTGRES_DIRECTORY"])
SETTLE = 90


def free_port():
    """A port that nobody has at the moment."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


def wait(what, found, seconds=SETTLE):
    """Until it is found."""
    until = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < until, f"{what} took longer than {seconds} s"
        time.sleep(0.2)


def listens(port, host="127.0.0.1"):
    """Whether somebody does."""
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex((host, port)) == 0


class Servers:
    """PostgreSQL, NATS and Redis as compose.yaml has them, on free ports."""

    def __init__(self, folder, secrets):
        self.folder, self.processes = folder, []
        self.ports = {name: free_port() for name in ("postgres", "nats", "redis")}
        self.broker_log = folder / "nats.log"
        try:
            self.postgres(secrets)
            self.nats(secrets)
            self.redis(secrets)
            for name, port in self.ports.items():
                wait(name, lambda port=port: listens(port), 30)
        except BaseException:
            self.stop()
            raise

    def start(self, command, **options):
        """One of them, its words in a file."""
        log = (self.folder / f"{Path(command[0]).name}.words").open("w")
        self.processes.append(subprocess.Popen(command, stdout=log, stderr=log, **options))
        log.close()
        return self.processes[-1]

    def postgres(self, secrets):
        """As its image does: a superuser with the password, then the database."""
        data, password = self.folder / "postgres", self.folder / "password"
        data.mkdir(mode=0o700)
        shutil.copy(secrets / "postgresql.password", password)
        prefix = []
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root; deploy/install made this user.
            shutil.chown(data, "guichet", "guichet")
            shutil.chown(password, "guichet", "guichet")
            prefix = ["setpriv", "--reuid=guichet", "--regid=guichet", "--clear-groups"]
        command = [*prefix, POSTGRES / "initdb", "--pgdata", data, "--username=guichet", f"--pwfile={password}"]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, cwd=self.folder)
        command = [*prefix, POSTGRES / "postgres", "-D", data, "-c", f"port={self.ports['postgres']}"]
        command += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
        self.start([str(it) for it in command], cwd=self.folder)
        wait("postgres", lambda: listens(self.ports["postgres"]))
        url = f"postgres://guichet:{password.read_text().strip()}@127.0.0.1:{self.ports['postgres']}/postgres"
        command = [POSTGRES / "psql", url, "-q", "-c", "CREATE DATABASE guichet"]
        wait("a database", lambda: subprocess.run(command, capture_output=True, check=False).returncode == 0)

    def nats(self, secrets):
        """With deploy/nats/nats.conf and its users."""
        passwords = dict(line.split("=", 1) for line in (secrets / "nats.env").read_text().splitlines())
        text = (DEPLOY / "nats/nats.conf").read_text()
        elsewhere = {
            "port: 4222": f"host: 127.0.0.1, port: {self.ports['nats']}",
            "127.0.0.1:8222": f"127.0.0.1:{free_port()}",
            "/data/jetstream": str(self.folder / "nats"),
            '"users.conf"': '"../users.conf"',
        }
        for here, there in elsewhere.items():
            assert here in text, here
            text = text.replace(here, there)
        (self.folder / "nats").mkdir()
        (self.folder / "nats/nats.conf").write_text(text)
        shutil.copy(DEPLOY / "nats/users.conf", self.folder)
        command = [os.environ["GUICHET_NATS_SERVER"], "--config", self.folder / "nats/nats.conf"]
        self.start([str(it) for it in [*command, "--log", self.broker_log]], env={**os.environ, **passwords})

    def redis(self, secrets):
        """With a password and nothing on the disk."""
        process = self.start([os.environ["GUICHET_REDIS_SERVER"], "-"], stdin=subprocess.PIPE, text=True)
        password = (secrets / "redis.password").read_text()
        process.stdin.write(f'save ""\nappendonly no\nbind 127.0.0.1\nport {self.ports["redis"]}\nrequirepass {password}')
        process.stdin.close()

    def stop(self):
        """Ends them."""
        for process in self.processes:
            process.send_signal(signal.SIGINT)
        for process in self.processes:
            process.wait(30)
        self.processes = []


class Stage:
    """The services of compose.yaml, their hosts replaced by loopback addresses."""

    def __init__(self, folder, secrets, servers):
        self.folder, self.servers = folder, servers
        done = config(folder=secrets)
        assert done.returncode == 0, done.stderr
        self.whole = yaml.safe_load(done.stdout)
        self.hosts = {name: f"127.0.77.{number}" for number, name in enumerate(sorted(TABLE), start=1)}

    def replaced(self, text, own):
        """The same text, with addresses that this machine has."""
        for name, port in self.servers.ports.items():
            text = re.sub(rf"(?<=[@/]){name}:\d+", f"127.0.0.1:{port}", text)
        for name, address in self.hosts.items():
            text = re.sub(rf"^{name}:9000$", f"{address}:9000", text)
        return text.replace("0.0.0.0", own)

    def environment(self, name):
        """What a container is told, its secrets in a file of its own."""
        own = self.hosts.get(name, "127.0.77.250")
        service = self.whole["services"][name]
        secret = Path(self.whole["secrets"][name]["file"]).read_text()
        file = self.folder / f"{name}.toml"
        file.write_text("\n".join(self.replaced(line, own) for line in secret.splitlines()))
        told = {key: self.replaced(value, own) for key, value in service["environment"].items()}
        operations = {"GUICHET__operations__address": f"{own}:8082"}
        return {"PATH": os.environ["PATH"], **told, **operations, "GUICHET_CONFIG": str(file)}

    def command(self, name):
        """What a container runs."""
        return [BINARY, *self.whole["services"][name]["command"]]


@unittest.skipUnless(BINARY, "needs the binary")
class Rehearsal(unittest.TestCase):
    def test_everything_comes_up_ready_with_its_own_rights_and_stops_in_order(self):
        with tempfile.TemporaryDirectory(prefix="guichet-rehearsal-") as place:
            folder = Path(place)
            folder.chmod(0o755)
            secrets = made_secrets()
            servers = Servers(folder, secrets)
            running = {}
            try:
                stage = Stage(folder, secrets, servers)
                for _ in range(2):
                    self.run_to_its_end(stage, "migrate")
                for name in TABLE:
                    log = (folder / f"{name}.log").open("w")
                    running[name] = subprocess.Popen(
                        stage.command(name), env=stage.environment(name), stdout=log, stderr=log
                    )
                    log.close()
                for name, process in running.items():
                    self.becomes_ready(folder, stage, name, process)
                self.assertNotIn("Violation", servers.broker_log.read_text())
                for process in running.values():
                    process.send_signal(signal.SIGTERM)
                for name, process in running.items():
                    grace = stage.whole["services"][name]["stop_grace_period"]
                    self.assertEqual(process.wait(self.seconds(grace)), 0, self.words(folder, name))
            finally:
                for process in running.values():
                    process.kill()
                    process.wait()
                servers.stop()

    def run_to_its_end(self, stage, name):
        done = subprocess.run(
            stage.command(name), env=stage.environment(name), capture_output=True, text=True, check=False, timeout=120
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def becomes_ready(self, folder, stage, name, process):
        probe = [BINARY, *stage.whole["services"][name]["healthcheck"]["test"][2:]]
        environment = stage.environment(name)

        def ready():
            self.assertIsNone(process.poll(), f"{name} ended:\n{self.words(folder, name)}")
            self.said = subprocess.run(probe, env=environment, capture_output=True, text=True, check=False)
            return self.said.returncode == 0

        try:
            wait(name, ready)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.said.stderr}\n{self.words(folder, name)}") from None

    @staticmethod
    def words(folder, name):
        """The last that a service said."""
        return "\n".join((folder / f"{name}.log").read_text().splitlines()[-15:])

    @staticmethod
    def seconds(text):
        """A duration as docker-compose writes it."""
        return sum(int(number) * {"m": 60, "s": 1}[unit] for number, unit in re.findall(r"(\d+)([ms])", text))


if __name__ == "__main__":
    unittest.main()
