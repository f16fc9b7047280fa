"""deploy/grafana and the chart's scale signals name metrics that the code has. That queries return
data is shown by tests/observe."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest

from support import DEPLOY, ROOT, TABLE

DASHBOARD = json.loads((DEPLOY / "grafana/message-journey.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
QUERIES = [target["expr"] for panel in PANELS for target in panel["targets"]]
FUNCTIONS = {"sum", "by", "rate", "max", "min", "histogram_quantile"}


def metrics_of(query):
    """Names of the metrics in a query, and of the labels that it groups by or compares."""
    bare = re.sub(r'"[^"]*"', '""', query)
    labels = set(re.findall(r"(\w+)\s*=~?", bare))
    for group in re.findall(r"by \(([^)]*)\)", bare):
        labels |= {it.strip() for it in group.split(",")}
    bare = re.sub(r"\{[^}]*\}|by \([^)]*\)|\[[^\]]*\]", " ", bare)
    names = set(re.findall(r"[a-z]\w+", bare)) - FUNCTIONS
    return names, labels - {"le"}


def sources():
    """The code that measures, as one text."""
    return "\n".join(it.read_text() for it in sorted((ROOT / "services").glob("*/src/**/*.rs"))) + "\n".join(
        it.read_text() for it in sorted((ROOT / "services/kit").glob("*/src/**/*.rs"))
    )


class Dashboard(unittest.TestCase):
    def test_every_metric_and_label_is_one_that_the_code_has(self):
        code = sources()
        self.assertGreater(len(QUERIES), 20)
        for query in QUERIES:
            names, labels = metrics_of(query)
            self.assertTrue(names, query)
            for name in names:
                measured = re.sub(r"_(bucket|count|sum)$", "", name)
                self.assertIn(f'"{measured}"', code, query)
            for label in labels:
                self.assertIn(f'"{label}"', code, query)

    def test_every_scale_signal_of_the_chart_is_one_that_the_code_has(self):
        code = sources()
        found = 0
        for facts in TABLE.values():
            for signal in facts.get("signals", []) + facts.get("networks", {}).get("signals", []):
                self.assertIn(f'"{signal["metric"]}"', code)
                for label in signal.get("labels", {}):
                    self.assertIn(f'"{label}" =>', code)
                found += 1
        self.assertGreaterEqual(found, 5)

    def test_every_query_is_one_that_prometheus_understands(self):
        promtool = shutil.which("promtool")
        if not promtool:
            self.skipTest("promtool is not there")
        rules = [
            {"record": f"query:{number}", "expr": query.replace("$__rate_interval", "1m")}
            for number, query in enumerate(QUERIES)
        ]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"groups": [{"name": "dashboard", "rules": rules}]}, file)
            file.flush()
            done = subprocess.run([promtool, "check", "rules", file.name], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"{len(QUERIES)} rules found", done.stdout + done.stderr)

    def test_panels_have_their_own_numbers_and_places_and_say_what_they_show(self):
        numbers = [panel["id"] for panel in DASHBOARD["panels"]]
        self.assertEqual(len(numbers), len(set(numbers)))
        taken = set()
        for panel in DASHBOARD["panels"]:
            place = panel["gridPos"]
            self.assertLessEqual(place["x"] + place["w"], 24)
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            taken |= cells
        for panel in PANELS:
            self.assertTrue(panel["title"])
            self.assertEqual(panel["datasource"]["uid"], "${datasource}")


if __name__ == "__main__":
    unittest.main()
