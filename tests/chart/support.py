"""What the tests of the chart share: where things are, rendering, objects."""

import atexit
import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import yaml
from helm_python import Chart

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/guichet"
DEPLOY = ROOT / "deploy"
HELM3 = os.environ["GUICHET_HELM3"]
BINARY = os.environ.get("GUICHET_BINARY")
RELEASE = "care"

# Versions whose schemas everything must satisfy.
KUBERNETES = ("1.34", "1.35", "1.36")

TABLE = yaml.safe_load((CHART / "files/services.yaml").read_text())


def temporary():
    """A folder until the tests have ended."""
    folder = tempfile.mkdtemp(prefix="guichet-chart-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


def objects(text):
    """The objects of rendered YAML."""
    return [found for found in yaml.safe_load_all(text) if found]


def helm4(values=None):
    """All objects, rendered by Helm 4."""
    with Chart.load(CHART) as chart:
        rendered = chart.render(values or {}, name=RELEASE, namespace="care")
    return [
        found
        for template, text in sorted(rendered.items())
        if template.endswith(".yaml")
        for found in objects(text)
    ]


def helm3(values=None, *, check=True):
    """All objects, rendered by Helm 3; with check=False, what the program said."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(values or {}, file)
        file.flush()
        command = [HELM3, "template", RELEASE, str(CHART), "--namespace", "care"]
        done = subprocess.run(
            [*command, "--kube-version", "1.34", "--values", file.name],
            capture_output=True,
            text=True,
            check=False,
        )
    if not check:
        return done
    if done.returncode:
        raise AssertionError(done.stderr)
    return objects(done.stdout)


def key(found):
    """What names an object."""
    return found["kind"], found["metadata"]["name"]


def keyed(found):
    """Objects by what names them; two of one name are a mistake."""
    by_key = {key(it): it for it in found}
    assert len(by_key) == len(found), "two objects have one name"
    return by_key


def of_kind(found, kind):
    """The objects of a kind."""
    return [it for it in found if it["kind"] == kind]


def service_of(found):
    """The service that an object belongs to."""
    return found["metadata"]["labels"].get("guichet-service")


def pod_of(found):
    """The pod of a Deployment or a Job."""
    return found["spec"]["template"]["spec"]


def container_of(found):
    """Its one container."""
    (container,) = pod_of(found)["containers"]
    return container


def stored(container):
    """Every (Secret, key) that a container reads, with the variable that it becomes."""
    found = {}
    for variable in container["env"]:
        reference = variable.get("valueFrom", {}).get("secretKeyRef")
        if reference:
            found[variable["name"]] = (reference["name"], reference["key"])
    return found


@functools.cache
def everything():
    """Values that turn on what is off by default."""
    return {
        "ingress": {"enabled": True, "className": "nginx", "tlsSecret": "certificate", "annotations": {"a": "b"}},
        "serviceMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
        "telemetry": {"otlpEndpoint": "http://collector:4317", "sample": 1},
        "listen": "[::]",
        "image": {"tag": "1.2.3", "pullSecrets": [{"name": "registry"}]},
        "networkPolicy": {
            "edge": [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}],
            "monitoring": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}],
            "smtp": {"to": [{"ipBlock": {"cidr": "10.2.0.0/16"}}]},
            "postgresql": {"port": 6432, "to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]},
        },
        "defaults": {
            "nodeSelector": {"disk": "ssd"},
            "tolerations": [{"key": "care", "operator": "Exists"}],
            "priorityClassName": "high",
            "podAnnotations": {"team": "care"},
            "env": [{"name": "GUICHET__telemetry__log", "value": "debug"}],
        },
        "ingest": {"networks": {"x": {"replicas": 4, "targets": {"ingest_requests_in_flight": "64"}}}},
        "delivery": {"settings": {"sending": {"at_once": 128}}},
        "notification": {
            "settings": {
                "push_contact": "mailto:care@example.com",
                "smtp": {
                    "host": "mail.example.com",
                    "port": 2525,
                    "encryption": "tls",
                    "user": "care",
                    "from": "Guichet <care@example.com>",
                },
            },
            "smtpPassword": {"secret": "mail", "key": "password"},
        },
        "gateway": {"secret": "elsewhere", "settings": {"drain": 10, "trusted_proxies": ["10.0.0.0/8", "fd00::1"]}},
    }


def chart_values():
    """Made by deploy/secrets: the Secrets, and the values with the public keys."""
    folder = temporary()
    subprocess.run(
        [
            DEPLOY / "secrets",
            "kubernetes",
            folder,
            RELEASE,
            "postgres://admin:secret@db:5432/guichet",
            "redis://:secret@redis:6379",
        ],
        check=True,
        capture_output=True,
    )
    secrets = {it["metadata"]["name"]: it["stringData"] for it in objects((folder / "secrets.yaml").read_text())}
    return secrets, yaml.safe_load((folder / "values.yaml").read_text())
