"""What the chart and compose.yaml tell each service, read by the binary that reads it in a pod."""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml
from support import (
    BINARY,
    TABLE,
    chart_values,
    container_of,
    everything,
    helm4,
    key,
    keyed,
    of_kind,
    pod_of,
    service_of,
    stored,
)
from test_compose import config, made_secrets


def guichet(*arguments, environment):
    """Runs the binary with exactly this environment."""
    return subprocess.run(
        [BINARY, *arguments],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def environment_of(found, rendered, secrets, folder):
    """The environment of a rendered container, its configuration file written below folder."""
    container = container_of(found)
    environment = {it["name"]: it["value"] for it in container["env"] if "value" in it}
    for name, (secret, entry) in stored(container).items():
        environment[name] = secrets[secret][entry]
    (volume,) = [it for it in pod_of(found)["volumes"] if it["name"] == "configuration"]
    file = Path(folder) / f"{found['metadata']['name']}.toml"
    file.write_text(rendered["ConfigMap", volume["configMap"]["name"]]["data"]["guichet.toml"])
    return {**environment, "GUICHET_CONFIG": str(file)}


@unittest.skipUnless(BINARY, "needs the binary")
class Chart(unittest.TestCase):
    def each(self, values):
        """Every Deployment and Job, with its environment."""
        secrets, trusted = chart_values()
        rendered = keyed(helm4({**values, **trusted}))
        # Where the values put a service's Secret elsewhere, it is the same one.
        secrets = {**secrets, "elsewhere": secrets["care-guichet-gateway"], "mail": {"password": "of the mail server"}}
        folder = tempfile.mkdtemp(prefix="guichet-chart-")
        self.addCleanup(shutil.rmtree, folder)
        running = [it for (kind, _), it in rendered.items() if kind in ("Deployment", "Job")]
        return [(it, environment_of(it, rendered, secrets, folder)) for it in running]

    def test_each_pod_configures_its_service_and_no_other(self):
        checked = 0
        for values in ({}, everything()):
            for found, environment in self.each(values):
                if found["kind"] == "Job":
                    continue
                done = guichet("config", "check", environment=environment)
                self.assertEqual(done.returncode, 0, (key(found), done.stderr))
                section = service_of(found).replace("-", "_")
                self.assertIn(f"Services: {section}.", done.stdout)
                checked += 1
        self.assertGreater(checked, 20)

    def test_the_migration_knows_the_databases_of_all_services(self):
        for found, environment in self.each({}):
            if found["kind"] == "Job":
                done = guichet("config", "print", environment=environment)
                self.assertEqual(done.returncode, 0, done.stderr)
                for service, facts in TABLE.items():
                    if facts.get("database"):
                        self.assertIn(f"[{service.replace('-', '_')}.database]\nurl = \"[secret]\"", done.stdout)

    def test_the_arguments_of_each_pod_are_ones_that_the_binary_takes(self):
        for found, environment in self.each({}):
            # An address that is taken: the arguments and the configuration are read before it.
            taken = {**environment, "GUICHET__operations__address": "192.0.2.1:1"}
            done = guichet(*container_of(found)["args"], environment=taken)
            if found["kind"] == "Deployment":
                self.assertNotIn("Usage:", done.stderr)
                self.assertIn("no address 192.0.2.1", done.stderr, key(found))

    def test_a_key_that_the_binary_does_not_know_would_be_noticed(self):
        for found, environment in self.each({}):
            if found["kind"] == "Deployment":
                section = service_of(found).replace("-", "_")
                wrong = {**environment, f"GUICHET__{section}__colour": "1"}
                self.assertNotEqual(guichet("config", "check", environment=wrong).returncode, 0)

    def test_every_setting_of_the_values_is_one_that_the_binary_has(self):
        for found, environment in self.each(everything()):
            if service_of(found) == "delivery" and found["kind"] == "Deployment":
                done = guichet("config", "print", environment=environment)
                self.assertRegex(done.stdout, r"\[delivery\.sending\]\nat_once = 128")
                self.assertIn("drain_seconds = 45", done.stdout)
                self.assertIn('otlp_endpoint = "http://collector:4317"', done.stdout)
            if service_of(found) == "gateway" and found["kind"] == "Deployment":
                done = guichet("config", "print", environment=environment)
                self.assertRegex(done.stdout, r'trusted_proxies = \[\s*"10\.0\.0\.0/8",\s*"fd00::1",?\s*\]')

    def test_consumers_that_pods_are_told_to_run_are_ones_that_their_service_has(self):
        root = Path(__file__).resolve().parents[2] / "services"
        for found in of_kind(helm4(), "Deployment"):
            service = service_of(found)
            text = (root / service / "src/topology.rs").read_text() if (root / service / "src/topology.rs").exists() else ""
            for argument in container_of(found)["args"][2:]:
                name = argument.removeprefix("--consumers=")
                network = found["metadata"]["labels"].get("guichet-network")
                pattern = name.removesuffix(f"-{network}") if network else name
                self.assertRegex(text, rf'"{service}-{re.escape(pattern)}(-\{{[a-z.()]*\}})?"', argument)


@unittest.skipUnless(BINARY, "needs the binary")
class Compose(unittest.TestCase):
    def test_each_container_configures_its_service_and_no_other(self):
        folder = made_secrets()
        whole = yaml.safe_load(config(folder=folder).stdout)
        for name in [*TABLE, "migrate"]:
            service = whole["services"][name]
            file = whole["secrets"][name]["file"]
            environment = {**service["environment"], "GUICHET_CONFIG": file}
            if name == "migrate":
                done = guichet("config", "print", environment=environment)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(done.stdout.count(".database]\n"), len(TABLE))
                continue
            done = guichet("config", "check", environment=environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"Services: {name.replace('-', '_')}.", done.stdout)


if __name__ == "__main__":
    unittest.main()
