import { defineConfig } from "@playwright/test";
import journeys from "../playwright.config";

/** `npm run screenshots`: every page as it looks, into e2e/screenshots. */
export default defineConfig({
  ...journeys,
  testDir: ".",
  testMatch: "screenshots.ts",
  globalSetup: "./global-setup.ts",
  outputDir: "../test-results",
  // One after the other, because they all show the same person.
  workers: 1,
});
