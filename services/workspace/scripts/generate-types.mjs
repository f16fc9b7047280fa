// src/api/openapi.gen.ts from the description that the gateway's own tests keep true (services/gateway/openapi.json).
//   npm run types                            writes the file
//   node scripts/generate-types.mjs --check  fails when the file is stale
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const description = new URL('../../gateway/openapi.json', import.meta.url);
const target = fileURLToPath(new URL('../src/api/openapi.gen.ts', import.meta.url));

// The shapes alone: the workspace names its calls itself, in src/api/gateway.ts.
const { openapi, info, components } = JSON.parse(readFileSync(description, 'utf8'));
const types = astToString(await openapiTS({ openapi, info, paths: {}, components }, { immutable: true }));
const made = `// Made by scripts/generate-types.mjs from services/gateway/openapi.json. Do not edit.\n${types}`;

if (!process.argv.includes('--check')) writeFileSync(target, made);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== made) {
  console.error('src/api/openapi.gen.ts is stale: run `npm run types`');
  process.exitCode = 1;
}
