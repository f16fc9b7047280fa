"""deploy/compose.yaml and deploy/nats: valid, complete, and no more open than it must be."""

import os
import re
import subprocess
import tempfile
import unittest

import yaml
from support import DEPLOY, ROOT, TABLE, temporary

COMPOSE = os.environ["GUICHET_DOCKER_COMPOSE"]
NATS = os.environ["GUICHET_NATS_SERVER"]
SERVERS = {"postgres", "nats", "redis"}
MAIL = ("compose.yaml", "compose.mail.yaml")
MAIL_SERVER = {"GUICHET_SMTP_HOST": "mail.example.com", "GUICHET_SMTP_FROM": "Guichet <care@example.com>"}


def made_secrets(kind="compose"):
    """A folder with what deploy/secrets makes."""
    folder = temporary()
    subprocess.run([DEPLOY / "secrets", kind, folder], check=True, capture_output=True)
    return folder


def config(*arguments, folder, files=("compose.yaml",), environment=()):
    """What docker-compose says of the files."""
    command = [COMPOSE]
    for file in files:
        command += ["--file", str(file)]
    return subprocess.run(
        [*command, "config", *arguments],
        cwd=DEPLOY,
        env={**os.environ, "GUICHET_SECRETS": str(folder), **dict(environment)},
        capture_output=True,
        text=True,
        check=False,
    )


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = made_secrets()
        done = config(folder=cls.folder)
        assert done.returncode == 0, done.stderr
        cls.whole = yaml.safe_load(done.stdout)
        cls.services = cls.whole["services"]

    def test_it_is_valid_alone_and_with_what_observes_it(self):
        for files in (("compose.yaml",), ("compose.yaml", "compose.observe.yaml")):
            done = config("--quiet", folder=self.folder, files=files)
            self.assertEqual((done.returncode, done.stderr), (0, ""), files)

    def test_notification_alone_leaves_mails_at_a_server_and_only_where_one_is_named(self):
        def smtp(service):
            prefix = "GUICHET__notification__smtp__"
            environment = service.get("environment", {}).items()
            return {name.removeprefix(prefix): value for name, value in environment if name.startswith(prefix)}

        for name, service in self.services.items():
            self.assertEqual(smtp(service), {}, name)
        folder = made_secrets()
        for missing in MAIL_SERVER:
            environment = {**MAIL_SERVER, missing: ""}
            done = config(folder=folder, files=MAIL, environment=environment)
            self.assertNotEqual(done.returncode, 0, missing)
            self.assertIn(missing, done.stderr)
        expected = {"host": "mail.example.com", "port": "587", "encryption": "starttls", "from": "Guichet <care@example.com>"}
        for further in ({}, {"user": "care", "password": "a$b c"}):
            lines = [f"GUICHET__notification__smtp__{name}={value}\n" for name, value in further.items()]
            if lines:
                (folder / "smtp.env").write_text("".join(lines))
            done = config("--format", "json", folder=folder, files=MAIL, environment=MAIL_SERVER)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for name, service in yaml.safe_load(done.stdout)["services"].items():
                # A dollar sign is printed as compose would read it.
                found = {key: value.replace("$$", "$") for key, value in smtp(service).items()}
                self.assertEqual(found, {**expected, **further} if name == "notification" else {}, name)

    def test_a_mistake_in_it_would_be_noticed(self):
        text = (DEPLOY / "compose.yaml").read_text().replace("service_completed_successfully", "service_is_happy")
        with tempfile.NamedTemporaryFile("w", suffix=".yaml", dir=DEPLOY, prefix=".compose-") as file:
            file.write(text)
            file.flush()
            self.assertNotEqual(config("--quiet", folder=self.folder, files=(file.name,)).returncode, 0)

    def test_every_service_is_a_container_of_its_own_after_the_migration(self):
        self.assertEqual(set(self.services), set(TABLE) | SERVERS | {"migrate"})
        for name in TABLE:
            service = self.services[name]
            self.assertEqual(service["command"], ["run", name])
            conditions = {it: after["condition"] for it, after in service["depends_on"].items()}
            self.assertEqual(conditions.pop("migrate"), "service_completed_successfully")
            self.assertEqual(set(conditions.values()), {"service_healthy"})

    def test_everything_that_lasts_has_a_health_check_and_comes_back(self):
        for name, service in self.services.items():
            if name == "migrate":
                continue
            self.assertTrue(service["healthcheck"]["test"], name)
            self.assertEqual(service["restart"], "unless-stopped", name)
            self.assertRegex(service["image"], r":[0-9]", name)

    def test_services_are_restricted_and_get_only_their_own_secrets(self):
        for name in [*TABLE, "migrate"]:
            service = self.services[name]
            self.assertEqual(service["cap_drop"], ["ALL"])
            self.assertTrue(service["read_only"])
            self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
            self.assertEqual([it["source"] for it in service["secrets"]], [name])
            self.assertEqual(service["environment"]["GUICHET_CONFIG"], f"/run/secrets/{name}")

    def test_only_loopback_ports_are_published_and_only_who_calls_out_reaches_out(self):
        self.assertTrue(self.whole["networks"]["inside"]["internal"])
        for name, service in self.services.items():
            for port in service.get("ports", []):
                self.assertEqual(port["host_ip"], "127.0.0.1", name)
            self.assertEqual("outside" in service["networks"], name in ("delivery", "notification"), name)
        published = {it["published"] for service in self.services.values() for it in service.get("ports", [])}
        self.assertEqual(published, {"8080", "8081", "8083"})

    def test_no_secret_stands_in_the_files(self):
        text = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "nats/users.conf").read_text()
        self.assertIsNone(re.search(r"(?i)(password|secret|key)\w*\s*[:=]\s*[\"']?(?!/run/)[A-Za-z0-9+/=]{16,}", text))

    def test_the_folder_of_secrets_is_for_its_owner_and_is_never_committed(self):
        self.assertEqual((self.folder / "material").stat().st_mode & 0o777, 0o700)
        done = subprocess.run(["git", "check-ignore", "-q", "deploy/secrets.local/x.toml"], cwd=ROOT, check=False)
        self.assertEqual(done.returncode, 0, "deploy/secrets.local is not in .gitignore")

    def test_secrets_stay_the_same_when_they_are_made_again(self):
        def contents():
            return {it.name: it.read_text() for it in self.folder.iterdir() if it.is_file()}

        before = contents()
        subprocess.run([DEPLOY / "secrets", "compose", self.folder], check=True, capture_output=True)
        self.assertEqual(contents(), before)


class Broker(unittest.TestCase):
    def check(self, environment):
        return subprocess.run(
            [NATS, "-t", "-c", DEPLOY / "nats/nats.conf"],
            env={"PATH": os.environ["PATH"], **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def environment(self):
        lines = (made_secrets() / "nats.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def test_the_broker_reads_its_configuration_with_the_passwords_that_were_made(self):
        done = self.check(self.environment())
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_every_user_needs_its_password(self):
        environment = self.environment()
        for missing in environment:
            without = {name: value for name, value in environment.items() if name != missing}
            self.assertNotEqual(self.check(without).returncode, 0, missing)

    def test_the_users_are_the_services_that_use_events(self):
        users = set(re.findall(r"^      user: (\w+)$", (DEPLOY / "nats/users.conf").read_text(), re.M))
        expected = {name.replace("-", "_") for name, facts in TABLE.items() if facts.get("broker")}
        self.assertEqual(users, expected)


if __name__ == "__main__":
    unittest.main()
