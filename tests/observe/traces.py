"""A customer writes, an agent answers, and both ways are read back from the receiver of `up --observe`."""

import json
import shutil
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from installation import Installation, post, wait
from workspace import Workspace

WORDS = "Do you have this lamp in green? (from the test of traces)"
ANSWER = "We do: it leaves tomorrow."
# Where each way begins and ends, and the services that it leads through, in this order.
IN = ("POST /hooks/{network}/{application}", "live frame", ["ingest", "conversation", "gateway"])
OUT = (
    "POST /api/v1/conversations/{conversation_id}/replies",
    "POST /x/2/tweets",
    ["gateway", "conversation", "delivery", "playground"],
)
# Spans leave soon, not after the five seconds that are usual.
SETTINGS = {"OTEL_BSP_SCHEDULE_DELAY": "200"}
PATIENCE = 60


class Receiver:
    """What `up` said where traces are shown, and what it answers."""

    def __init__(self, page):
        self.page = page

    def ask(self, path):
        """The document at a path; None when there is none."""
        try:
            with urllib.request.urlopen(f"{self.page}{path}", timeout=10) as response:
                told = response.read()
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise
        return json.loads(told) if path.startswith("/api") else told.decode()

    def traces(self, first, since):
        """Ids of the traces that began with a span of this name after a moment, in nanoseconds."""
        # Answers are kept for minutes; another end is another question.
        asked = urllib.parse.urlencode({"search": first, "start_time": since, "end_time": time.time_ns(), "limit": 1000})
        found = self.ask(f"/api/traces?{asked}")["traces"]
        return [it["trace_id"] for it in found if it["root_span_name"] == first and it["start_time"] >= since]

    def spans(self, trace):
        """The spans of a trace, by their ids."""
        found = self.ask(f"/api/traces/{trace}")
        return {span["span_id"]: span for span in found["spans"]} if found else {}


def service(span):
    """The name under which a span was sent."""
    return span["resource"]["attributes"]["service.name"]


def whole_way(receiver, journey, since):
    """The only trace of a journey and its way from the first span to the last; what is missing is told."""
    first, last, services = journey
    found = receiver.traces(first, since)
    if len(found) != 1:
        return None, f"{len(found)} traces begin with {first}"
    spans = receiver.spans(found[0])
    orphans = [span["name"] for span in spans.values() if span["parent_span_id"] and span["parent_span_id"] not in spans]
    if orphans:
        return None, f"parents are missing of {orphans}"
    roots = [span for span in spans.values() if not span["parent_span_id"]]
    if [span["name"] for span in roots] != [first]:
        return None, f"it begins with {[span['name'] for span in roots]}"
    if {span["trace_id"] for span in spans.values()} != {found[0]}:
        return None, "spans of other traces are among them"
    for end in (span for span in spans.values() if span["name"] == last):
        way = [end]
        while parent := spans.get(way[0]["parent_span_id"]):
            way.insert(0, parent)
        passed = list(dict.fromkeys(service(span) for span in way))
        if passed == services:
            return (found[0], way), ""
    names = sorted({(span["name"], service(span)) for span in spans.values()})
    return None, f"no {last} was reached through {services}: {names}"


def journey_of(receiver, journey, since):
    """Waits for the whole way of a journey; prints it and gives its trace's id."""
    told = ["nothing was asked"]

    def found():
        way, told[0] = whole_way(receiver, journey, since)
        return way

    try:
        trace, way = wait(f"the trace from {journey[0]} to {journey[1]}", PATIENCE, found)
    except SystemExit as error:
        raise SystemExit(f"{error}: {told[0]}") from None
    steps = " > ".join(f"{span['name']} ({service(span)})" for span in way)
    print(f"figure: trace {trace}: {steps}")
    return trace


def converse(installation):
    """A customer writes on X, and the agent who is handed it answers; the moment before, in nanoseconds."""
    workspace = installation.address("Workspace")
    played = f"{workspace}/playground/api"
    assert post(f"{played}/generator", {"running": False}, "PUT") == 200
    agent = Workspace(workspace, *installation.members("agent")[0])
    agent.connect()
    agent.available()
    since = time.time_ns()
    with urllib.request.urlopen(
        urllib.request.Request(
            f"{played}/personas",
            json.dumps({"name": "Trace", "handle": "trace_reader", "language": "en"}).encode(),
            {"content-type": "application/json"},
        ),
        timeout=10,
    ) as response:
        author = json.load(response)["key"]
    mention = {"account": installation.account("x"), "author": author, "text": WORDS}
    assert post(f"{played}/x/mention", mention) in (200, 201)

    def handed():
        rows = agent.call("GET", "/api/v1/conversations?queue=new&limit=50")["rows"]
        return next((row for row in rows if WORDS in (row["last"]["text"] or "")), None)

    row = wait("the conversation", 30, handed)
    wait("its frame in the browser", 30, lambda: any(WORDS in frame for frame in agent.frames))
    assert agent.answer(row, ANSWER), "no way to answer was open"
    return since


def process_of(installation):
    """The receiver's process, as it was recorded."""
    record = json.loads((installation.data / "servers/run/otelite.json").read_text())
    return Path(f"/proc/{record['pid']}/cmdline")


def is_gone(process):
    """Whether a process has ended; what is left of it has no command line."""
    return not process.exists() or not process.read_bytes()


def main():
    """Both ways whole, once while it runs and once after a kill; and nobody left running."""
    folder = Path(tempfile.mkdtemp(prefix="guichet-traces-"))
    folder.chmod(0o755)
    installation = None
    try:
        installation = Installation(folder, ["--observe"], SETTINGS)
        wait("guichet up --observe", 120, installation.started)
        receiver = Receiver(installation.address("Traces"))
        assert "<html" in receiver.ask("/").lower(), "there is no page"
        since = converse(installation)
        traces = [journey_of(receiver, journey, since) for journey in (IN, OUT)]
        assert len(set(traces)) == 2, traces

        process = process_of(installation)
        assert not is_gone(process)
        installation.process.send_signal(signal.SIGKILL)
        installation.process.wait()
        wait("the receiver's end after a kill", 20, lambda: is_gone(process))
        installation = Installation(folder, ["--observe"], SETTINGS)
        wait("guichet up --observe, again", 120, installation.started)
        again = Receiver(installation.address("Traces"))
        kept = [trace for trace in traces if again.spans(trace)]
        assert kept == traces, "traces were lost with the process"
        process = process_of(installation)
        installation.stop()
        assert is_gone(process), "the receiver was left running after Ctrl-C"
        print("note: both traces were read back, also after a kill; the receiver ends with its installation")
        return 0
    finally:
        if installation:
            if sys.exc_info()[0]:
                print("\n".join(installation.log.read_text().splitlines()[-30:]))
            if installation.process.poll() is None:
                installation.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
