// Builds dist/: catalogues, vite, then for each file its .br and .gz siblings, the build's id in index.html, and
// build.json: {ui_build, initial: {js, css}, files: {path: {bytes, br, gz, sha256}}}.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { spawnSync } from 'node:child_process';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.txt']);

function step(text, work) {
  process.stdout.write(`workspace: ${text} … `);
  const start = performance.now();
  const result = work();
  console.log(`${Math.round(performance.now() - start)} ms`);
  return result;
}

function run(command, args) {
  const done = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  if (done.status === 0) return;
  console.error(`\n${done.stdout}${done.stderr}`);
  process.exit(done.status ?? 1);
}

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The scripts and styles of the first view: the entry and all that it imports statically. */
function initialFiles(manifest) {
  const js = new Set();
  const css = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || js.has(chunk.file)) return;
    js.add(chunk.file);
    for (const file of chunk.css ?? []) css.add(file);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);
  return { js: [...js], css: [...css] };
}

/** The id of a build is the digest of everything in it; index.html carries it and so comes last. */
function nameBuild(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(dist, file)));
  const id = hash.digest('hex').slice(0, 16);
  const page = join(dist, 'index.html');
  writeFileSync(page, readFileSync(page, 'utf8').replace('%UI_BUILD%', id));
  return id;
}

function compress(file) {
  const path = join(dist, file);
  const bytes = readFileSync(path);
  const entry = { bytes: bytes.length, sha256: sha256(bytes) };
  if (!compressible.has(extname(file))) return entry;
  const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const gz = gzipSync(bytes, { level: 9 });
  writeFileSync(`${path}.br`, br);
  writeFileSync(`${path}.gz`, gz);
  return { ...entry, br: br.length, gz: gz.length };
}

step('compiling the catalogues', () => run(process.execPath, ['scripts/compile-locales.mjs']));
step('bundling', () =>
  run(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn']),
);
const initial = step('reading the manifest', () => {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
  rmSync(join(dist, '.vite'), { recursive: true });
  return initialFiles(manifest);
});
const files = filesOf(dist);
const id = step('naming the build', () => nameBuild(files));
const entries = step(`compressing ${files.length} files`, () =>
  Object.fromEntries(files.map((file) => [file, compress(file)])),
);
writeFileSync(
  join(dist, 'build.json'),
  `${JSON.stringify({ ui_build: id, initial, files: entries }, null, 2)}\n`,
);
const sum = (list) => list.reduce((total, file) => total + (entries[file]?.gz ?? 0), 0) / 1024;
console.log(
  `workspace: build ${id}, first view ${sum(initial.js).toFixed(1)} KB scripts and ${sum(initial.css).toFixed(1)} KB styles (gzip)`,
);
