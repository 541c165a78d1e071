import react from '@vitejs/plugin-react';
import { loadEnv, type Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Paths the gateway answers; everything else is this page. */
const GATEWAY_PATHS = ['/v1', '/api', '/docs', '/openapi.json', '/stomp'];

export default defineConfig(({ mode }) => {
  const gateway = loadEnv(mode, '.', 'TRADEFLOW_').TRADEFLOW_API ?? 'http://127.0.0.1:8000';
  return {
    plugins: [react(), withoutInlineStyle()],
    server: {
      proxy: Object.fromEntries(GATEWAY_PATHS.map((path) => [path, { target: gateway, ws: true }])),
    },
    build: {
      target: 'es2022',
      // No data: URLs, so that a strict content security policy can hold.
      assetsInlineLimit: 0,
    },
    test: {
      environment: 'happy-dom',
      // Testing Library registers its clean-up only when it finds the global hooks.
      globals: true,
      setupFiles: './vitest.setup.ts',
      testTimeout: 30_000,
    },
  };
});

/** sonner puts its style into the page by script, which the content security policy refuses. */
function withoutInlineStyle(): Plugin {
  return {
    name: 'without-inline-style',
    transform: (code, id) =>
      id.includes('/sonner/dist/') ? code.replaceAll(/^__insertCSS\(.*\);$/gm, '') : null,
  };
}
