"""helm/guichet: what it renders, for whom, and what it refuses."""

import re
import subprocess
import unittest

import kubernetes_validate
from helm_python import Chart, lint
from support import (
    CHART,
    DEPLOY,
    HELM3,
    KUBERNETES,
    TABLE,
    chart_values,
    container_of,
    everything,
    helm3,
    helm4,
    key,
    keyed,
    of_kind,
    pod_of,
    service_of,
    stored,
)

WORKLOADS = ("Deployment", "Job")

# Values that must be refused, each with what the refusal names.
REFUSED = [
    ({"colour": 1}, "colour"),
    ({"image": {"colour": 1}}, "colour"),
    ({"image": {"tag": "latest"}}, "tag"),
    ({"broker": {"replicas": 2}}, "replicas"),
    ({"defaults": {"colour": 1}}, "colour"),
    ({"defaults": {"replicas": "two"}}, "replicas"),
    ({"drainSeconds": 5}, "drainSeconds"),
    ({"directory": {"networks": {"x": {}}}}, "networks"),
    ({"directory": {"colour": 1}}, "colour"),
    ({"ingest": {"networks": {"x": {"colour": 1}}}}, "colour"),
    ({"ingest": {"networks": {"x": {"databasePool": 1}}}}, "databasePool"),
    ({"ingest": {"networks": {"Tik Tok": {}}}}, "Tik Tok"),
    ({"ingest": {"targets": {"queue_length": 3}}}, "queue_length"),
    ({"gateway": {"settings": {"cursor_key": "x"}}}, "cursor_key"),
    ({"gateway": {"settings": {"trusted_proxies": "10.0.0.0/8"}}}, "trusted_proxies"),
    ({"gateway": {"settings": {"trusted_proxies": ["ingress.example.com"]}}}, "trusted_proxies"),
    ({"gateway": {"publicUrl": "care.example.com"}}, "publicUrl"),
    ({"delivery": {"settings": {"sending": {"at_once": 0}}}}, "at_once"),
    ({"identity": {"trusted": {"stranger": "A" * 43 + "="}}}, "stranger"),
    ({"identity": {"trusted": {"gateway": "short"}}}, "gateway"),
    ({"notification": {"settings": {"push_key": "x"}}}, "push_key"),
    ({"notification": {"settings": {"push_contact": "care"}}}, "push_contact"),
    ({"notification": {"settings": {"smtp": {"host": "mail", "port": 25}}}}, "from"),
    ({"notification": {"settings": {"smtp": {"host": "mail", "port": 0, "from": "a@b"}}}}, "port"),
    ({"notification": {"settings": {"smtp": {"host": "mail", "port": 25, "from": "a@b", "password": "x"}}}}, "password"),
    ({"notification": {"settings": {"smtp": {"host": "m", "port": 25, "from": "a@b", "encryption": "ssl"}}}}, "encryption"),
    ({"notification": {"smtpPassword": {"value": "x"}}}, "value"),
    ({"networkPolicy": {"smtp": {"port": 25}}}, "port"),
    ({"networkPolicy": {"nats": {"host": "x"}}}, "host"),
    ({"networkPolicy": {"kafka": {"port": 1}}}, "kafka"),
    ({"migrate": {"image": "x"}}, "image"),
    ({"ingress": {"hosts": []}}, "hosts"),
    ({"serviceMonitor": {"interval": "often"}}, "interval"),
    ({"playground": {}}, "playground"),
]


class Rendering(unittest.TestCase):
    def test_helm_4_and_helm_3_render_the_same_objects(self):
        for values in ({}, everything()):
            new, old = keyed(helm4(values)), keyed(helm3(values))
            self.assertEqual(sorted(new), sorted(old))
            for name, found in new.items():
                self.assertEqual(found, old[name], name)

    def test_both_lint_it_without_a_warning(self):
        for version in KUBERNETES:
            report = lint(CHART, {}, strict=True, kube_version=f"v{version}.0")
            told = [it for it in report["messages"] if it["severity"] > 1]
            self.assertEqual((told, report["errors"]), ([], []), version)
        done = subprocess.run([HELM3, "lint", "--strict", CHART], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_object_satisfies_the_strict_schemas_of_kubernetes(self):
        checked = 0
        for values, versions in (
            ({}, KUBERNETES),
            (everything(), KUBERNETES),
            ({"autoscaling": {"enabled": False}}, KUBERNETES[-1:]),
        ):
            for found in helm4(values):
                if found["kind"] == "ServiceMonitor":
                    # A resource of the Prometheus operator, not of Kubernetes.
                    continue
                for version in versions:
                    kubernetes_validate.validate(found, version, strict=True)
                    checked += 1
        self.assertGreater(checked, 400)

    def test_a_mistake_in_an_object_would_be_noticed(self):
        (found, *_) = of_kind(helm4(), "Deployment")
        found["spec"]["template"]["spec"]["containers"][0]["imagePolicy"] = "Always"
        with self.assertRaises(kubernetes_validate.ValidationError):
            kubernetes_validate.validate(found, KUBERNETES[0], strict=True)

    def test_values_that_nobody_knows_are_refused_by_both(self):
        with Chart.load(CHART) as chart:
            for values, named in REFUSED:
                with self.subTest(values=values):
                    with self.assertRaisesRegex(Exception, re.escape(named)):
                        chart.validate_schema(values)
                    with self.assertRaises(Exception):
                        chart.render(values, name="care")
                    done = helm3(values, check=False)
                    self.assertNotEqual(done.returncode, 0)
                    self.assertIn(named, done.stderr)

    def test_every_name_of_the_longest_release_fits(self):
        with Chart.load(CHART) as chart:
            rendered = chart.render(
                {"conversation": {"networks": {"tenletters": {}}}}, name="r" * 53, namespace="n"
            )
        for line in "\n".join(rendered.values()).splitlines():
            if name := re.match(r"^  name: (.+)$", line):
                self.assertLessEqual(len(name[1]), 63, name[1])


class Services(unittest.TestCase):
    def test_every_service_runs_and_nothing_else_does(self):
        running = {service_of(it) for it in of_kind(helm4(), "Deployment")}
        self.assertEqual(running, set(TABLE))
        self.assertNotIn("playground", running)

    def test_another_network_is_one_more_deployment_with_its_own_and_changes_no_other_object(self):
        for values in ({}, everything()):
            before = keyed(helm4(values))
            for service in ("ingest", "delivery", "conversation"):
                with self.subTest(service=service):
                    more = {**values, service: {**values.get(service, {})}}
                    more[service]["networks"] = {**more[service].get("networks", {}), "tiktok": {}}
                    after = keyed(helm4(more))
                    for name, found in before.items():
                        self.assertEqual(after.get(name), found, name)
                    added = sorted(kind for kind, _ in set(after) - set(before))
                    expected = ["Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget"]
                    if service == "ingest":
                        expected += ["Service"] + (["Ingress"] if values else [])
                    self.assertEqual(added, sorted(expected))
                    for name in set(after) - set(before):
                        self.assertEqual(after[name]["metadata"]["labels"]["guichet-network"], "tiktok")

    def test_a_network_that_is_taken_out_takes_its_own_objects_with_it(self):
        before, after = keyed(helm4()), keyed(helm4({"ingest": {"networks": {"facebook": None}}}))
        gone = {kind for kind, _ in set(before) - set(after)}
        self.assertEqual(gone, {"Deployment", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Service"})

    def test_each_network_is_scaled_by_its_own_signal(self):
        scaled = {it["metadata"]["name"]: it["spec"] for it in of_kind(helm4(), "HorizontalPodAutoscaler")}

        def signals(name):
            pods = [it["pods"] for it in scaled[f"care-guichet-{name}"]["metrics"] if it["type"] == "Pods"]
            return {it["metric"]["name"]: it["metric"].get("selector", {}).get("matchLabels") for it in pods}

        for network in ("x", "facebook"):
            self.assertEqual(signals(f"delivery-{network}"), {"delivery_runnable_age_seconds": {"network": network}})
            reader = {"reader": f"conversation-inbound-{network}"}
            self.assertEqual(signals(f"conversation-inbound-{network}"), {"bus_reader_lag_events": reader})
            self.assertEqual(
                signals(f"ingest-{network}"),
                {"ingest_requests_in_flight": None, "bus_outbox_oldest_seconds": {"stream": "INGEST"}},
            )
        names = {it["metadata"]["name"] for it in of_kind(helm4(), "Deployment")}
        self.assertEqual({it["scaleTargetRef"]["name"] for it in scaled.values()}, names)

    def test_the_pools_of_one_service_read_everything_once(self):
        deployments = of_kind(helm4(), "Deployment")

        def read(name):
            (found,) = [it for it in deployments if it["metadata"]["name"] == f"care-guichet-{name}"]
            return {it.removeprefix("--consumers=") for it in container_of(found)["args"] if "consumers" in it}

        pools = [read(f"conversation-inbound-{network}") for network in ("x", "facebook")]
        self.assertEqual(pools, [{"inbound-x"}, {"inbound-facebook"}])
        self.assertEqual(read("conversation"), {"delivery", "owners", "channels"})
        for network in ("x", "facebook"):
            self.assertLessEqual({f"sends-{network}", f"echoes-{network}"}, read(f"delivery-{network}"))

    def test_every_durable_reader_is_run_by_some_deployment(self):
        told = {}
        for found in of_kind(helm4(), "Deployment"):
            only = {it.removeprefix("--consumers=") for it in container_of(found)["args"] if "consumers" in it}
            told.setdefault(service_of(found), []).append(only)
        users = (DEPLOY / "nats/users.conf").read_text().split("      user: ")[1:]
        readers = 0
        for user in users:
            service = user.split()[0].replace("_", "-")
            allowed = user.split("deny = [")[0]
            for durable in re.findall(rf'CONSUMER\.MSG\.NEXT\.[A-Z]+\.{service}-([a-z-]+)"', allowed):
                self.assertTrue(
                    any(not only or durable in only for only in told[service]), f"nobody runs {service}-{durable}"
                )
                readers += 1
        self.assertGreater(readers, 10)

    def test_scaling_leaves_the_number_of_pods_alone_or_does_not_exist(self):
        for enabled in (True, False):
            rendered = helm4({"autoscaling": {"enabled": enabled}})
            for found in of_kind(rendered, "Deployment"):
                self.assertEqual("replicas" in found["spec"], not enabled)
            self.assertEqual(bool(of_kind(rendered, "HorizontalPodAutoscaler")), enabled)


class Pods(unittest.TestCase):
    def test_no_two_services_share_a_key_of_a_secret(self):
        for values in ({}, everything()):
            owners = {}
            for found in of_kind(helm4(values), "Deployment"):
                for place in stored(container_of(found)).values():
                    owners.setdefault(place, set()).add(service_of(found))
            shared = {place: names for place, names in owners.items() if len(names) > 1}
            self.assertEqual(shared, {})
            self.assertGreater(len(owners), 25)

    def test_the_migration_reads_databases_and_no_key(self):
        (job,) = of_kind(helm4(), "Job")
        read = {place[1] for place in stored(container_of(job)).values()}
        self.assertEqual(read, {"postgresql-admin-url", "database-url", "relay-database-url"})
        annotations = job["metadata"]["annotations"]
        self.assertEqual(annotations["helm.sh/hook"], "pre-install,pre-upgrade")

    def test_the_script_that_makes_secrets_makes_every_key_that_is_read_and_no_other(self):
        secrets, values = chart_values()
        read = {
            place
            for found in helm4(values)
            if found["kind"] in WORKLOADS
            for place in stored(container_of(found)).values()
        }
        made = {(name, entry) for name, entries in secrets.items() for entry in entries}
        self.assertEqual(read, made)
        texts = [text for entries in secrets.values() for text in entries.values()]
        self.assertEqual(len(texts), len(set(texts)), "a secret is used twice")

    def test_no_secret_stands_in_a_config_map(self):
        secrets, values = chart_values()
        text = "\n".join(it["data"]["guichet.toml"] for it in of_kind(helm4(values), "ConfigMap"))
        for entries in secrets.values():
            for secret in entries.values():
                self.assertNotIn(secret, text)

    def test_every_pod_is_restricted_and_may_write_only_to_its_scratch(self):
        for found in helm4(everything()):
            if found["kind"] not in WORKLOADS:
                continue
            with self.subTest(key(found)):
                pod, container = pod_of(found), container_of(found)
                self.assertFalse(pod["automountServiceAccountToken"])
                self.assertTrue(pod["securityContext"]["runAsNonRoot"])
                self.assertEqual(pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
                own = container["securityContext"]
                self.assertEqual(own["capabilities"], {"drop": ["ALL"]})
                self.assertTrue(own["readOnlyRootFilesystem"])
                self.assertFalse(own["allowPrivilegeEscalation"])
                self.assertIn("requests", container["resources"])
                self.assertIn("memory", container["resources"]["limits"])
                writable = [it["mountPath"] for it in container["volumeMounts"] if not it.get("readOnly")]
                self.assertEqual(writable, ["/tmp"])

    def test_a_pod_is_given_longer_than_its_process_takes_to_stop(self):
        rendered = keyed(helm4())
        for (kind, _), found in rendered.items():
            if kind != "Deployment":
                continue
            volumes = {it["name"]: it for it in pod_of(found)["volumes"]}
            text = rendered["ConfigMap", volumes["configuration"]["configMap"]["name"]]["data"]["guichet.toml"]
            drain = int(re.search(r"drain_seconds = (\d+)", text)[1])
            pause = container_of(found)["lifecycle"]["preStop"]["sleep"]["seconds"]
            self.assertGreaterEqual(pod_of(found)["terminationGracePeriodSeconds"], drain + pause + 5)
            if service_of(found) == "delivery":
                self.assertGreater(drain, 30, "delivery hears out its longest call")

    def test_probes_ask_the_listener_that_the_configuration_opens(self):
        rendered = helm4(everything())
        for text in [it["data"]["guichet.toml"] for it in of_kind(rendered, "ConfigMap")]:
            self.assertIn('[operations]\naddress = "[::]:8082"', text)
        for found in of_kind(rendered, "Deployment"):
            container = container_of(found)
            ports = {it["name"]: it["containerPort"] for it in container["ports"]}
            self.assertEqual(ports["operations"], 8082)
            for probe, path in (("livenessProbe", "/livez"), ("startupProbe", "/livez"), ("readinessProbe", "/readyz")):
                self.assertEqual(container[probe]["httpGet"], {"path": path, "port": "operations"})

    def test_a_new_configuration_restarts_exactly_those_who_read_it(self):
        def sums(values):
            return {
                service_of(it): it["spec"]["template"]["metadata"]["annotations"]["checksum/configuration"]
                for it in of_kind(helm4(values), "Deployment")
            }

        before, after = sums({}), sums({"routing": {"settings": {"default_capacity": 9}}})
        changed = {service for service in before if before[service] != after[service]}
        self.assertEqual(changed, {"routing"})


class Calls(unittest.TestCase):
    def test_services_and_disruption_budgets_select_pods_that_exist(self):
        rendered = helm4(everything())
        pods = [it["spec"]["template"]["metadata"]["labels"] for it in of_kind(rendered, "Deployment")]
        migration = of_kind(rendered, "Job")[0]["spec"]["template"]["metadata"]["labels"]
        for found in rendered:
            selector = {
                "Service": lambda it: it["spec"]["selector"],
                "PodDisruptionBudget": lambda it: it["spec"]["selector"]["matchLabels"],
                "NetworkPolicy": lambda it: it["spec"]["podSelector"]["matchLabels"],
                "Deployment": lambda it: it["spec"]["selector"]["matchLabels"],
            }.get(found["kind"])
            if selector:
                wanted = selector(found).items()
                chosen = [labels for labels in pods if wanted <= labels.items()]
                self.assertTrue(chosen, key(found))
                self.assertFalse(wanted <= migration.items(), f"{key(found)} selects the migration")
                if found["kind"] in ("PodDisruptionBudget", "Deployment"):
                    self.assertEqual(len(chosen), 1, key(found))

    def test_every_peer_is_an_address_that_a_service_of_the_chart_has(self):
        rendered = helm4()
        names = {it["metadata"]["name"] for it in of_kind(rendered, "Service")}
        called = 0
        for found in of_kind(rendered, "ConfigMap"):
            for host, port in re.findall(r'address = "(care-[a-z-]+):(\d+)"', found["data"]["guichet.toml"]):
                self.assertIn(host, names)
                self.assertEqual(port, "9000")
                called += 1
        self.assertGreater(called, 5)

    def test_only_those_who_call_a_service_are_let_in_and_only_those_who_call_strangers_out(self):
        policies = {service_of(it): it["spec"] for it in of_kind(helm4(everything()), "NetworkPolicy")}
        self.assertEqual(set(policies), set(TABLE))
        for service, policy in policies.items():
            callers = {
                peer["podSelector"]["matchLabels"]["guichet-service"]
                for rule in policy["ingress"]
                if rule["ports"] == [{"port": "rpc"}]
                for peer in rule["from"]
            }
            expected = {name for name, facts in TABLE.items() if service in facts.get("peers", {}).values()}
            self.assertEqual(callers, expected, service)
            outside = any({"port": 443} in rule["ports"] for rule in policy["egress"])
            # Networks; Bitly; push services.
            self.assertEqual(outside, service in ("delivery", "link-shortener", "notification"), service)

    def test_notification_alone_reaches_the_mail_server_of_the_values_and_has_its_password(self):
        for values, expected in (
            ({}, []),
            (everything(), [{"ports": [{"port": 2525}], "to": [{"ipBlock": {"cidr": "10.2.0.0/16"}}]}]),
        ):
            rendered = keyed(helm4(values))
            for service in TABLE:
                egress = rendered["NetworkPolicy", f"care-guichet-{service}"]["spec"]["egress"]
                mail = [rule for rule in egress if rule["ports"] == [{"port": 2525}]]
                self.assertEqual(mail, expected if service == "notification" else [], service)
            for (kind, name), found in rendered.items():
                if kind == "Deployment":
                    password = stored(container_of(found)).get("GUICHET__notification__smtp__password")
                    mails = bool(values) and service_of(found) == "notification"
                    self.assertEqual(password, ("mail", "password") if mails else None, name)
            text = rendered["ConfigMap", "care-guichet-notification"]["data"]["guichet.toml"]
            self.assertEqual("smtp.port = 2525" in text, bool(values))
        # Left out: anywhere, on that port.
        smtp = {"host": "mail.example.com", "port": 465, "encryption": "tls", "from": "care@example.com"}
        rendered = keyed(helm4({"notification": {"settings": {"smtp": smtp}}}))
        egress = rendered["NetworkPolicy", "care-guichet-notification"]["spec"]["egress"]
        self.assertIn({"ports": [{"port": 465}]}, egress)

    def test_a_webhook_of_a_network_reaches_the_pods_of_that_network(self):
        rendered = keyed(helm4(everything()))
        for network in ("x", "facebook"):
            name = f"care-guichet-ingest-{network}"
            (rule,) = rendered["Ingress", name]["spec"]["rules"]
            (path,) = rule["http"]["paths"]
            self.assertEqual((rule["host"], path["path"]), ("hooks.example.com", f"/hooks/{network}"))
            backend = rendered["Service", path["backend"]["service"]["name"]]
            self.assertEqual(backend["spec"]["selector"]["app.kubernetes.io/component"], f"ingest-{network}")

    def test_what_prometheus_scrapes_is_what_the_monitor_selects(self):
        rendered = keyed(helm4(everything()))
        monitor = rendered["ServiceMonitor", "care-guichet"]
        service = rendered["Service", "care-guichet-operations"]
        wanted = monitor["spec"]["selector"]["matchLabels"].items()
        self.assertLessEqual(wanted, service["metadata"]["labels"].items())
        others = [it for (kind, name), it in rendered.items() if kind == "Service" and not name.endswith("operations")]
        self.assertFalse([it for it in others if wanted <= it["metadata"]["labels"].items()])
        self.assertEqual(monitor["spec"]["endpoints"][0]["port"], service["spec"]["ports"][0]["name"])


if __name__ == "__main__":
    unittest.main()
