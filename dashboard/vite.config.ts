import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The gate serves what is built here under /console, from its jar. In development `npx vite` serves
// the pages and hands everything else to a gate on port 8080.
export default defineConfig({
  base: '/console/',
  plugins: [react()],
  build: {
    outDir: process.env.GATEWRIGHT_CONSOLE_OUT ?? 'dist',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // Four kilobytes: a second file costs more than what a page does not need of them.
    cssCodeSplit: false,
    sourcemap: false,
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/v1': 'http://127.0.0.1:8080',
      '/health': 'http://127.0.0.1:8080',
      '/openapi.json': 'http://127.0.0.1:8080',
    },
  },
  test: { include: ['src/**/*.test.ts'] },
});
