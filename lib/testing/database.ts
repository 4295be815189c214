import { inject } from "vitest";
import { cloneTemplate, type TestDatabase } from "@/lib/testing/cluster";

/** A migrated database for one test file, on the server which the global set-up has started. */
export function createTestDatabase(): Promise<TestDatabase> {
  return cloneTemplate(inject("testServer"));
}
