"""What an agent's workspace does, without a browser: sign in, stay connected, answer."""

import base64
import http.client
import json
import os
import socket
import struct
import threading
import uuid
from urllib.parse import urlsplit


class Refused(Exception):
    """The gateway said no; `code` says why."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body}")
        self.status = status
        self.code = body.get("code") if isinstance(body, dict) else None


class Workspace:
    """One signed-in agent."""

    def __init__(self, address, login, password):
        self.address = address
        self.place = urlsplit(address)
        self.cookie, self.csrf = None, None
        self.tab = uuid.uuid4().hex
        self.frames = []
        self.csrf = self.call("POST", "/api/v1/session", {"login": login, "password": password})["csrf"]
        self.cursor = self.call("GET", "/api/v1/bootstrap")["cursor"]

    def call(self, method, path, body=None):
        """One request of the REST interface; raises Refused."""
        headers = {"origin": self.address, "x-guichet-tab": self.tab}
        if self.cookie:
            headers["cookie"] = self.cookie
        if self.csrf:
            headers["x-guichet-csrf"] = self.csrf
        if body is not None:
            headers["content-type"] = "application/json"
            body = json.dumps(body)
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=20)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            told = response.read()
            told = json.loads(told) if told else {}
        finally:
            connection.close()
        if response.status >= 400:
            raise Refused(response.status, told)
        if cookie := response.getheader("set-cookie"):
            self.cookie = cookie.split(";")[0]
        return told

    def connect(self):
        """Opens the live feed, and answers its pings until the process ends."""
        line = socket.create_connection((self.place.hostname, self.place.port), timeout=60)
        asked = [
            "GET /api/v1/live HTTP/1.1",
            f"host: {self.place.netloc}",
            "connection: Upgrade",
            "upgrade: websocket",
            "sec-websocket-version: 13",
            f"sec-websocket-key: {base64.b64encode(os.urandom(16)).decode()}",
            f"origin: {self.address}",
            f"cookie: {self.cookie}",
        ]
        line.sendall(("\r\n".join(asked) + "\r\n\r\n").encode())
        reader = line.makefile("rb")
        status = reader.readline()
        assert b" 101 " in status, status
        while reader.readline().strip():
            pass
        self.say(line, {"t": "hello", "cursor": self.cursor, "shown": [], "open": None})
        threading.Thread(target=self.listen, args=(line, reader), daemon=True).start()

    def listen(self, line, reader):
        """Keeps frames; the gateway drops who does not answer a ping."""
        try:
            while head := reader.read(2):
                length = head[1] & 0x7F
                if length > 125:
                    size = 2 if length == 126 else 8
                    length = int.from_bytes(reader.read(size), "big")
                text = reader.read(length)
                if head[0] & 0x0F != 1:
                    continue
                if json.loads(text).get("t") == "ping":
                    self.say(line, {"t": "pong"})
                else:
                    self.frames.append(text.decode())
        except (OSError, ValueError):
            pass

    @staticmethod
    def say(line, frame):
        """Sends one text frame, masked as clients must."""
        payload, mask = json.dumps(frame).encode(), os.urandom(4)
        head = struct.pack("!BB", 0x81, 0x80 | len(payload)) if len(payload) < 126 else struct.pack("!BBH", 0x81, 0xFE, len(payload))
        line.sendall(head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload)))

    def available(self):
        """Takes conversations."""
        self.call("PUT", "/api/v1/availability", {"availability": "available", "away_state_id": None, "keep_conversations": False})

    def away(self):
        """Gives back what is New; how many."""
        state = self.call("GET", "/api/v1/away-states")["away_states"][0]["id"]
        asked = {"availability": "away", "away_state_id": state, "keep_conversations": False}
        return self.call("PUT", "/api/v1/availability", asked)["handed_back"]

    def answer(self, row, text):
        """Answers a conversation in the first way that is open; False when none is, or it was too late."""
        whole = self.call("GET", f"/api/v1/conversations/{row['id']}")
        seen = self.call("GET", f"/api/v1/conversations/{row['id']}/messages?limit=50")["messages"]
        options = [it for message in reversed(seen) for it in message["answers"]] or whole["answers"]
        way = next((it for it in options if it["available"]), None)
        if not way:
            return False
        reply = {
            "key": str(uuid.uuid4()),
            "kind": way["kind"],
            "channel_id": way["channel_id"],
            "in_reply_to": way["in_reply_to"],
            "text": text,
            "seen_through": max(message["sequence"] for message in seen),
            "fence": 0,
            "shorten_links": True,
            "despite_newer": True,
        }
        try:
            self.call("POST", f"/api/v1/conversations/{row['id']}/replies", reply)
        except Refused as refused:
            if refused.status == 409:
                return False
            raise
        return True
