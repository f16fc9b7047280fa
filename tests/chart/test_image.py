"""deploy/Dockerfile, without an engine to build it: what it copies is there, what it builds
resolves, and what it ships is as the chart and compose.yaml expect it."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from support import DEPLOY, ROOT, container_of, helm4, of_kind, pod_of


def instructions():
    """(instruction, arguments) of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [tuple(line.split(None, 1)) for line in lines]


def stages():
    """The stages: base image, name, instructions."""
    found = []
    for instruction, arguments in instructions():
        if instruction == "FROM":
            image, _, name = arguments.partition(" AS ")
            found.append((image, name, []))
        elif found:
            found[-1][2].append((instruction, arguments))
    return found


def copies(stage):
    """(sources, target) of what a stage copies from the repository."""
    for instruction, arguments in stage[2]:
        if instruction == "COPY" and not arguments.startswith("--from"):
            *sources, target = arguments.split()
            yield sources, target


class Image(unittest.TestCase):
    def test_every_instruction_is_one_that_builders_know(self):
        known = {"FROM", "WORKDIR", "COPY", "RUN", "ARG", "LABEL", "USER", "EXPOSE", "ENV", "HEALTHCHECK"}
        known |= {"STOPSIGNAL", "ENTRYPOINT", "CMD"}
        self.assertEqual({name for name, _ in instructions()} - known, set())
        for name, arguments in instructions():
            if name in ("ENTRYPOINT", "CMD"):
                self.assertTrue(all(isinstance(it, str) for it in json.loads(arguments)))

    def test_every_base_is_named_with_its_version(self):
        names = [name for _, name, _ in stages()]
        self.assertEqual(names, ["workspace", "binary", ""])
        for image, _, _ in stages():
            self.assertRegex(image, r"^[a-z]+:[a-z0-9.-]+$")
            self.assertNotIn("latest", image)
        self.assertTrue(stages()[-1][0].endswith("-slim"))

    def test_everything_that_is_copied_is_there_and_not_kept_out(self):
        ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
        admitted = {line[1:] for line in ignored if line.startswith("!")}
        used = set()
        for stage in stages():
            for sources, _ in copies(stage):
                for source in sources:
                    self.assertTrue((ROOT / source).exists(), source)
                    top = source.split("/")[0]
                    self.assertIn(top, admitted, f"{source} is kept out by Dockerfile.dockerignore")
                    used.add(top)
        self.assertEqual(used, admitted, "admitted, but not copied")

    def test_what_is_copied_from_another_stage_is_made_there(self):
        names = {name for _, name, _ in stages()}
        taken = [arguments for stage in stages() for name, arguments in stage[2] if name == "COPY" and "--from" in arguments]
        self.assertEqual({re.search(r"--from=(\w+)", it)[1] for it in taken}, {"workspace", "binary"} & names)
        made = " ".join(arguments for _, arguments in stages()[1][2])
        self.assertIn("/out/guichet", made)
        self.assertTrue(any("/out/guichet" in it for it in taken))

    def test_the_binary_stage_has_everything_that_cargo_asks_for(self):
        with tempfile.TemporaryDirectory(prefix="guichet-image-") as folder:
            for sources, target in copies(stages()[1]):
                for source in sources:
                    place = Path(folder) / target / (source if target == "./" else "")
                    if (ROOT / source).is_file():
                        place.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(ROOT / source, place)
                    else:
                        skip = shutil.ignore_patterns("node_modules", "dist", "target", "*.log")
                        shutil.copytree(ROOT / source, place, ignore=skip, dirs_exist_ok=True)
            command = ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            packages = {it["name"]: it for it in json.loads(done.stdout)["packages"]}
            # Every file that a crate takes into itself at compile time was copied too.
            guichet = packages["guichet"]
            self.assertTrue(Path(guichet["manifest_path"]).is_file())
            for package in packages.values():
                for target in package["targets"]:
                    self.assertTrue(Path(target["src_path"]).is_file(), target["src_path"])
            self.check_includes(Path(folder))

    def check_includes(self, folder):
        """Files named by include_str! and include_bytes! of the crates that ship."""
        for source in (folder / "services").rglob("src/**/*.rs"):
            text = re.sub(r"(?m)^\s*//.*$", "", source.read_text())
            for name in re.findall(r'include_(?:str|bytes)!\(\s*"([^"]+)"\s*\)', text):
                self.assertTrue((source.parent / name).exists(), f"{source} includes {name}")

    def test_the_profile_that_ships_exists_and_caches_are_mounted(self):
        built = [arguments for name, arguments in stages()[1][2] if name == "RUN"][0]
        self.assertIn("--profile dist", built)
        self.assertIn("--locked", built)
        self.assertIn("[profile.dist]", (ROOT / "Cargo.toml").read_text())
        for stage in stages()[:2]:
            self.assertTrue(any("--mount=type=cache" in it for name, it in stage[2] if name == "RUN"))

    def test_fail_points_never_ship(self):
        self.assertNotIn("failpoints", (DEPLOY / "Dockerfile").read_text())
        self.assertNotIn("--features", (DEPLOY / "Dockerfile").read_text())

    def test_it_runs_as_the_user_that_the_chart_says(self):
        final = dict(stages()[-1][2])
        self.assertEqual(final["USER"], "10001:10001")
        for found in of_kind(helm4(), "Deployment"):
            own = pod_of(found)["securityContext"]
            self.assertEqual(f"{own['runAsUser']}:{own['runAsGroup']}", final["USER"])
        after = [name for name, _ in stages()[-1][2]]
        self.assertNotIn("RUN", after[after.index("USER") :])

    def test_it_tells_what_it_is_and_how_it_feels(self):
        final = dict(stages()[-1][2])
        for label in ("title", "description", "licenses", "version", "revision"):
            self.assertIn(f"org.opencontainers.image.{label}=", final["LABEL"])
        self.assertIn('["guichet", "probe", "live"]', final["HEALTHCHECK"])
        self.assertEqual(json.loads(final["ENTRYPOINT"]), ["guichet"])
        exposed = set(map(int, final["EXPOSE"].split()))
        for found in of_kind(helm4(), "Deployment"):
            self.assertLessEqual({it["containerPort"] for it in container_of(found)["ports"]}, exposed)


if __name__ == "__main__":
    unittest.main()
