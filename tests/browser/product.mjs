// The whole product for tests that need the real gateway: started in a folder of its own and on free ports, with
// simulated networks that say nothing by themselves; a second gateway over it that can be killed; the people of the
// demo; and the customers, who write when they are told to.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

const target = process.env.CARGO_TARGET_DIR ?? join(homedir(), '.cache/guichet/target');
const binary = process.env.GUICHET_BINARY ?? join(target, 'debug/guichet');

const anyPort = {
  GUICHET__up__workspace: '127.0.0.1:0',
  GUICHET__up__webhooks: '127.0.0.1:0',
  GUICHET__up__links: '127.0.0.1:0',
  GUICHET__operations__address: '127.0.0.1:0',
};

/** Why something is skipped here, or false; where everything is to be shown (`tests/run`), that is a failure. */
export function skipped(reason) {
  if (reason && process.env.GUICHET_NO_SKIP) throw new Error(reason);
  return reason;
}

/** Why the product cannot be started here; false when it can. */
export const missingProduct = skipped(
  existsSync(binary) ? false : `${binary} is not built: cargo build -p guichet --features failpoints`,
);

export class Product {
  /** A busy machine may not let it reach its own database in time; it ends then, and is started again. */
  static async start(options = {}) {
    for (let tries = 1; ; tries += 1) {
      try {
        return await Product.#startOnce(options);
      } catch (error) {
        if (tries === 3) throw error;
      }
    }
  }

  static async #startOnce({ environment = {}, patience = 120_000 }) {
    const folder = mkdtempSync(join(tmpdir(), 'guichet-product-'));
    // The private servers run as another user when root starts them.
    chmodSync(folder, 0o755);
    const product = new Product();
    product.folder = folder;
    product.data = join(folder, 'data');
    const silent = { GUICHET__playground__generator__running: 'false' };
    const wanted = { ...process.env, ...anyPort, ...silent, ...environment };
    const log = createWriteStream(join(folder, 'up.log'));
    product.process = spawn(binary, ['up', '--simulated', '--data', product.data], { env: wanted });
    let said = '';
    const hear = (words) => {
      log.write(words);
      if (said.length < 200_000) said += words;
    };
    product.process.stdout.on('data', hear);
    product.process.stderr.on('data', hear);
    for (
      const end = Date.now() + patience;
      !/Guichet is running[^]*Workspace +http/.test(said);
      await pause(200)
    ) {
      if (Date.now() > end || product.process.exitCode !== null) {
        await product.stop();
        throw new Error(`guichet up did not start:\n${said}`);
      }
    }
    product.url = /Workspace +(http\S+)/.exec(said)[1];
    product.webhooks = /Webhooks +(http:\/\/[^/\s]+)/.exec(said)?.[1];
    return product;
  }

  passwordOf(login) {
    return new RegExp(`login = "${login}"\\s+password = "([^"]+)"`).exec(
      readFileSync(join(this.data, 'demo.toml'), 'utf8'),
    )[1];
  }

  log() {
    return readFileSync(join(this.folder, 'up.log'), 'utf8');
  }

  async stop() {
    if (this.process.exitCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  // Customers

  async play(path, body, method = 'POST') {
    const headers = { 'content-type': 'application/json', origin: this.url };
    const content = body && { body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/playground/api/${path}`, { method, headers, ...content });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${answer}`);
    return JSON.parse(answer);
  }

  async played() {
    return this.play('state', undefined, 'GET');
  }

  /** Somebody new, who may be called anything. */
  join(name, handle) {
    return this.play('personas', { name, handle });
  }
}

/** A gateway in a process of its own over a running product; the address in the browser is the caller's. */
export class SecondGateway {
  constructor(product, publicUrl) {
    this.product = product;
    this.publicUrl = publicUrl;
  }

  async start() {
    this.port ??= await freePort();
    const environment = {
      ...process.env,
      GUICHET__gateway__http__address: `127.0.0.1:${this.port}`,
      GUICHET__gateway__public_url: this.publicUrl,
      GUICHET__operations__address: '127.0.0.1:0',
      GUICHET__telemetry__service: 'second gateway',
    };
    const configuration = join(this.product.data, 'running.toml');
    this.process = spawn(binary, ['run', 'gateway', '--config', configuration], { env: environment });
    let said = '';
    this.process.stderr.on('data', (words) => (said += words));
    this.process.stdout.on('data', (words) => (said += words));
    for (const end = Date.now() + 30_000; ; await pause(50)) {
      const isThere = await fetch(`http://127.0.0.1:${this.port}/api/v1/session`).catch(() => null);
      if (isThere) return;
      if (Date.now() > end || this.process.exitCode !== null) throw new Error(`no second gateway:\n${said}`);
    }
  }

  /** As a crash does, or politely. */
  async stop(signal = 'SIGKILL') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill(signal);
    await ended;
  }
}

/** Stands between the browser and a gateway, and can cut every socket of the live line at any byte. */
export class Line {
  #sockets = new Set();
  #server = createServer((client) => this.#pass(client));
  cuts = 0;
  /** The gateway's port. */
  target = 0;
  /** When not null: every socket is cut after so many bytes more from the gateway. */
  fuse = null;

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  close() {
    this.cut();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  get live() {
    return [...this.#sockets].filter((socket) => socket.isLive).length;
  }

  /** Gives how many live lines there were. */
  cut() {
    const live = this.live;
    for (const { client, gateway } of this.#sockets) {
      client.destroy();
      gateway.destroy();
    }
    return live;
  }

  #pass(client) {
    const gateway = createConnection(this.target, '127.0.0.1');
    const pair = { client, gateway, isLive: false };
    this.#sockets.add(pair);
    const end = () => {
      this.#sockets.delete(pair);
      client.destroy();
      gateway.destroy();
    };
    client.on('data', (bytes) => {
      if (!pair.isLive && bytes.includes('GET /api/v1/live')) pair.isLive = true;
      gateway.write(bytes);
    });
    gateway.on('data', (bytes) => {
      if (pair.isLive && this.fuse !== null) {
        this.fuse -= bytes.length;
        if (this.fuse < 0) {
          // A part of a frame arrives, the rest does not.
          this.fuse = null;
          this.cuts += 1;
          client.write(bytes.subarray(0, Math.floor(bytes.length / 2)), end);
          return;
        }
      }
      client.write(bytes);
    });
    for (const each of [client, gateway]) each.on('error', end).on('close', end);
  }
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Calls of the API as the member whose page it is. */
export function callAs(page, method, path, body) {
  return page.evaluate(
    async ([verb, address, content]) => {
      const { csrf } = await (await fetch('/api/v1/session')).json();
      const headers = {
        'x-guichet-csrf': csrf,
        'x-guichet-tab': 'testtesttesttest',
        'content-type': 'application/json',
      };
      const response = await fetch(`/api/v1${address}`, {
        method: verb,
        headers: verb === 'GET' ? {} : headers,
        ...(content === null ? {} : { body: JSON.stringify(content) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    [method, path, body ?? null],
  );
}
