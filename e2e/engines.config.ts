import { defineConfig } from "@playwright/test";
import journeys from "../playwright.config";

/**
 * `npm run smoke:engines`: walks through the portal in Firefox and WebKitGTK, where they are installed, and saves
 * pictures to e2e/screenshots.
 */
export default defineConfig({
  ...journeys,
  testDir: "engines",
  testMatch: "smoke.ts",
  globalSetup: "./global-setup.ts",
  outputDir: "../test-results",
  workers: 1,
});
