import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stopSignal } from "@/lib/cli/stop-signal";
import { startTestCluster } from "@/lib/testing/cluster";
import { makeScratch, type Scratch } from "../scratch";
import { mutants, type Mutant } from "./list";

/**
 * `npm run mutants`: applies each mutant alone in a copy of the project and runs the test it names there, which must
 * fail. A mutant whose test passes has survived. Words after `--` choose the mutants that have one of them in their name.
 */

/** Copies, each with its own mutant at a time. */
const AT_ONCE = 2;

/** Milliseconds a test may take. */
const PATIENCE = 120_000;

type Verdict = "killed" | "SURVIVED" | "ERROR";
type Outcome = { verdict: Verdict; why?: string };

const words = process.argv.slice(2).map((word) => word.toLowerCase());
const chosen = mutants.filter(
  ({ name }) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word)),
);
const signal = stopSignal();
const undo: (() => Promise<unknown>)[] = [];
try {
  process.exitCode = await runAll();
} finally {
  for (const step of undo.reverse()) await step();
}

async function runAll(): Promise<number> {
  const cluster = await startTestCluster();
  undo.push(cluster.stop);
  const copies: Scratch[] = [];
  for (let count = 0; count < AT_ONCE; count++) {
    const copy = await makeScratch("mutants", "symlink");
    undo.push(copy.remove);
    copies.push(copy);
  }

  const green = new Map<string, Promise<Outcome>>();
  const waiting = chosen.values();
  const verdicts: Verdict[] = [];
  await Promise.all(
    copies.map(async ({ path }) => {
      for (const mutant of waiting) {
        if (signal.aborted) return;
        const began = performance.now();
        const { verdict, why } = await judge(mutant, path, cluster.adminUrl, green);
        if (signal.aborted) return;
        const seconds = Math.round((performance.now() - began) / 1000);
        process.stdout.write(`${verdict.padEnd(8)}  ${`${seconds} s`.padStart(5)}  ${mutant.name}\n`);
        if (verdict !== "killed") process.stdout.write(`${" ".repeat(17)}${mutant.test.file}: ${mutant.test.title}\n`);
        if (why) process.stdout.write(`${" ".repeat(17)}${why}\n`);
        verdicts.push(verdict);
      }
    }),
  );
  if (signal.aborted) return 130;
  const count = (which: Verdict) => verdicts.filter((verdict) => verdict === which).length;
  const [killed, survived, errors] = [count("killed"), count("SURVIVED"), count("ERROR")];
  process.stdout.write(`\n${killed} killed, ${survived} survived${errors ? `, ${errors} errors` : ""}\n`);
  return killed > 0 && killed === verdicts.length ? 0 : 1;
}

/** @param green what became of each test without a mutant, so that none is asked twice */
async function judge(
  { file, from, to, test }: Mutant,
  directory: string,
  databaseUrl: string,
  green: Map<string, Promise<Outcome>>,
): Promise<Outcome> {
  const key = `${test.file}\n${test.title}`;
  const withoutMutant = green.get(key) ?? runTest(test, directory, databaseUrl);
  green.set(key, withoutMutant);
  const sound = await withoutMutant;
  if (sound.verdict !== "SURVIVED") return { verdict: "ERROR", why: sound.why ?? "the test fails without the mutant" };

  const path = join(directory, file);
  const source = await readFile(path, "utf8");
  if (source.split(from).length !== 2) return { verdict: "ERROR", why: `${file} does not have the text exactly once` };
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  try {
    return await runTest(test, directory, databaseUrl);
  } finally {
    await writeFile(path, source);
  }
}

type Report = {
  testResults: { message?: string; assertionResults: { status: string; failureMessages: string[] }[] }[];
};

/** Runs a test. "killed": it fails. "ERROR": it could not be run. */
async function runTest({ project, file, title }: Mutant["test"], directory: string, url: string): Promise<Outcome> {
  const report = join(directory, "mutant-report.json");
  const vitest = join(directory, "node_modules/vitest/vitest.mjs");
  const pattern = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const options = ["--project", project, file, "-t", pattern, "--reporter=json", `--outputFile=${report}`];
  await writeFile(report, "");
  const child = spawn(process.execPath, [vitest, "run", ...options], {
    cwd: directory,
    stdio: "ignore",
    env: { ...process.env, TEST_DATABASE_URL: url },
  });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearTimeout(late);
  signal.removeEventListener("abort", stop);

  const text = await readFile(report, "utf8");
  if (text === "") return { verdict: "ERROR", why: "the test did not end" };
  const { testResults } = JSON.parse(text) as Report;
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  if (statuses.includes("failed")) return { verdict: "killed" };
  if (statuses.includes("passed")) return { verdict: "SURVIVED" };
  const message = testResults.map((result) => result.message ?? "").join(" ");
  return { verdict: "ERROR", why: `no test ran. ${message.split("\n")[0]}`.trim() };
}
