import "server-only";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { productCodes } from "@/lib/brand";
import { Failure } from "@/lib/cli/failure";

/** The state that a demo key demonstrates, in the order of the table. */
export const demoStates = [
  "good",
  "extends",
  "alreadyYours",
  "kept",
  "usedByAnother",
  "withdrawn",
  "notReleased",
  "expired",
  "region",
  "ceiling",
  "unknown",
  "mistyped",
  "partnerCode",
] as const;

const shape = z.object({
  account: z.object({ email: z.string(), password: z.string() }),
  keys: z.array(
    z.object({
      /** As a person types it, with hyphens. */
      key: z.string(),
      state: z.enum(demoStates),
      /** Null for an unknown key, which has no product. */
      product: z.enum(productCodes).nullable(),
    }),
  ),
});

/**
 * The demo account and keys to try, as `demo --json` prints them. Stored in a file in DATA_DIR, not in the database.
 */
export type Demo = z.infer<typeof shape>;

const fileIn = (dataDir: string) => join(dataDir, "demo.json");

/**
 * Reads the demo that `npm run demo` made in a DATA_DIR; null when there is none.
 * @throws Failure when the file cannot be read or has an unexpected content
 */
export async function readDemo(dataDir: string): Promise<Demo | null> {
  try {
    return shape.parse(JSON.parse(await readFile(fileIn(dataDir), "utf8")));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw new Failure(`${fileIn(dataDir)} cannot be used${code ? ` (${code})` : ""}.`);
  }
}

/** Writes a file that only its owner can read. It is replaced as a whole or not at all. */
export async function writeDemo(dataDir: string, demo: Demo): Promise<void> {
  const draft = `${fileIn(dataDir)}.${process.pid}`;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(draft, JSON.stringify(demo, null, 2) + "\n", { mode: 0o600 });
  await rename(draft, fileIn(dataDir));
}
