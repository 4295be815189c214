import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// Outside Next.js `server-only` throws by design. Next.js gives a server its empty half, so use that one.
const alias = { "@": here("."), "server-only": here("node_modules/server-only/empty.js") };

/** The tests' own settings. They protect nothing else. */
const env = {
  APP_MODE: "test",
  LOG_LEVEL: "silent",
  AUTH_SECRET: "only for tests: quick brown foxes jump over lazy dogs",
  LOOKUP_SECRET: "also for tests: sphinx of black quartz, judge my vow",
  VAULT_SECRETS: "1:first-test-pack-my-box-with-five-dozen-jugs,2:second-test-how-vexingly-quick-daft-zebras-jump",
};

export default defineConfig({
  test: {
    // Vitest leaves one processor free unless told otherwise, which is half of a machine with two.
    maxWorkers: "100%",
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          env,
          include: ["{app,components,lib,e2e}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
          // Property tests and password estimates compute a lot, and a busy machine takes longer.
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          env,
          include: ["{app,lib,e2e}/**/*.integration.test.ts"],
          globalSetup: ["lib/testing/cluster.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
