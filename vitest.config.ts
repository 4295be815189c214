import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Outside of Next's bundler `server-only` throws by design; its empty half is what a server gets.
const alias = { "@": here("."), "server-only": here("node_modules/server-only/empty.js") };

/** Settings of the tests; nothing outside of them is protected by these. */
const env = {
  APP_MODE: "test",
  LOG_LEVEL: "silent",
  AUTH_SECRET: "only-for-tests-only-for-tests-only-for-tests",
  LOOKUP_SECRET: "also-for-tests-also-for-tests-also-for-tests",
  VAULT_SECRETS: "1:first-for-tests-first-for-tests-first,2:second-for-tests-second-for-tests",
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          env,
          include: ["{app,components,lib,e2e}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
          // Properties and estimates of passwords compute; a busy machine takes longer.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          env,
          include: ["lib/**/*.integration.test.ts", "e2e/**/*.integration.test.ts"],
          globalSetup: ["lib/testing/cluster.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
