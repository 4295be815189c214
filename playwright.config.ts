import { defineConfig } from "@playwright/test";
import { findBrowser } from "./e2e/browser";

export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.journey.ts",
  globalSetup: "./e2e/global-setup.ts",
  outputDir: "test-results",
  fullyParallel: true,
  // No retries: a journey that fails sometimes shows a fault of the portal or of the journey.
  retries: 0,
  // More than the processors of a small machine: some journeys wait, for a server that starts or a limit that ends.
  workers: 3,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    launchOptions: await findBrowser(),
    viewport: { width: 1180, height: 900 },
    timezoneId: "Europe/Paris",
    screenshot: "only-on-failure",
  },
});
