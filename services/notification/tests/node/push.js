// A push service and a browser: opens what it is given with a library of its own (RFC 8291), checks
// who signed it (RFC 8292), and prints both, one JSON line each. `/gone/…` answers 410, `/busy/…`
// 503 the first time, `/held/…` answers once somebody has asked for `/release`.
import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import { createServer } from "node:http";
import { decrypt } from "http_ece";

const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);

const keys = createECDH("prime256v1");
keys.generateKeys();
const auth = randomBytes(16);
let busy = true;
let release;
const released = new Promise((resolve) => (release = resolve));

const parts = (authorization) => {
  const found = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  const [, header, claims, signature, key] = found;
  const point = Buffer.from(key, "base64url");
  const jwk = {
    kty: "EC",
    crv: "P-256",
    x: point.subarray(1, 33).toString("base64url"),
    y: point.subarray(33).toString("base64url"),
  };
  const valid = verify(
    "sha256",
    Buffer.from(`${header}.${claims}`),
    { key: createPublicKey({ key: jwk, format: "jwk" }), dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  const read = (part) => JSON.parse(Buffer.from(part, "base64url"));
  return { header: read(header), claims: read(claims), key, valid };
};

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (request.url === "/release") {
    release();
    return response.writeHead(204).end();
  }
  if (request.url.startsWith("/gone/")) return response.writeHead(410).end();
  if (request.url.startsWith("/busy/") && busy) {
    busy = false;
    return response.writeHead(503).end();
  }
  let opened;
  try {
    const authSecret = auth.toString("base64url");
    opened = decrypt(body, { version: "aes128gcm", privateKey: keys, authSecret }).toString();
  } catch (error) {
    opened = `cannot be opened: ${error.message}`;
  }
  say({
    path: request.url,
    headers: request.headers,
    vapid: parts(request.headers.authorization),
    opened,
    hidden: !body.includes("conv_") && !body.includes("path"),
  });
  if (request.url.startsWith("/held/")) await released;
  response.writeHead(201).end();
});
server.listen(0, "127.0.0.1", () =>
  say({
    port: server.address().port,
    p256dh: keys.getPublicKey().toString("base64url"),
    auth: auth.toString("base64url"),
  }),
);
