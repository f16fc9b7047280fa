import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// The gateway to talk to while developing; its own address is the default of `guichet up`.
const gateway = process.env['GUICHET_URL'] ?? 'http://127.0.0.1:8080';
const nothing = fileURLToPath(new URL('scripts/nothing.mjs', import.meta.url));

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: [
      // twitter-text brings polyfills of 2015 that would more than double it.
      { find: /^core-js\/modules\/.+$/, replacement: nothing },
    ],
  },
  build: {
    // The content security policy allows no data: addresses for fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    reportCompressedSize: false,
  },
  server: {
    proxy: {
      '/api': { target: gateway, ws: true },
      '/playground': { target: gateway },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    pool: 'threads',
  },
});
