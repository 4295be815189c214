import { defineConfig } from "@playwright/test";
import journeys from "../playwright.config";

/** `npm run screenshots`: saves a picture of every page to e2e/screenshots. */
export default defineConfig({
  ...journeys,
  testDir: ".",
  testMatch: "screenshots.ts",
  globalSetup: "./global-setup.ts",
  outputDir: "../test-results",
  // One worker, because all pictures show the same person.
  workers: 1,
});
