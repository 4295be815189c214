import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stopSignal } from "@/lib/cli/stop-signal";
import { startTestCluster } from "@/lib/testing/cluster";
import { makeScratch, type Scratch } from "../scratch";
import { mutants, type Mutant } from "./list";

/**
 * `npm run mutants`: applies each mutant alone in a copy of the project and runs its test, which must fail. A mutant
 * whose test passes has survived. Words after `--` select the mutants whose name contains one of them.
 */

/** Copies of the project that test mutants in parallel. */
const AT_ONCE = 2;

/** Milliseconds allowed for a test file. */
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

  const green = new Map<string, Promise<Run>>();
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

/** @param green results of whole test files without a mutant, by file; each runs once */
async function judge(
  { file, from, to, test }: Mutant,
  directory: string,
  databaseUrl: string,
  green: Map<string, Promise<Run>>,
): Promise<Outcome> {
  const whole = green.get(test.file) ?? runTests(test, directory, databaseUrl);
  green.set(test.file, whole);
  const named = (await whole).tests.filter(({ fullName }) => fullName.includes(test.title));
  if (named.length === 0) return { verdict: "ERROR", why: `the test does not exist. ${(await whole).fault}` };
  if (named.some(({ status }) => status !== "passed"))
    return { verdict: "ERROR", why: "the test fails without the mutant" };

  const path = join(directory, file);
  const source = await readFile(path, "utf8");
  if (source.split(from).length !== 2) return { verdict: "ERROR", why: `${file} does not have the text exactly once` };
  await writeFile(
    path,
    source.replace(from, () => to),
  );
  try {
    const { tests, fault } = await runTests(test, directory, databaseUrl, test.title);
    if (tests.some(({ status }) => status === "failed")) return { verdict: "killed" };
    if (tests.some(({ status }) => status === "passed")) return { verdict: "SURVIVED" };
    return { verdict: "ERROR", why: `with the mutant no test ran. ${fault}` };
  } finally {
    await writeFile(path, source);
  }
}

type Run = { tests: { fullName: string; status: string }[]; fault: string };

/** Runs the tests of a file: those with a title, or all. `fault`: the reason they could not run. */
async function runTests(
  { project, file }: Mutant["test"],
  directory: string,
  databaseUrl: string,
  title?: string,
): Promise<Run> {
  const report = join(directory, "mutant-report.json");
  await rm(report, { force: true });
  const vitest = join(directory, "node_modules/vitest/vitest.mjs");
  const pattern = title ? ["-t", title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")] : [];
  const options = ["--project", project, file, ...pattern, "--reporter=json", `--outputFile=${report}`];
  const child = spawn(process.execPath, [vitest, "run", ...options], {
    cwd: directory,
    stdio: "ignore",
    env: { ...process.env, TEST_DATABASE_URL: databaseUrl },
  });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  clearTimeout(late);
  signal.removeEventListener("abort", stop);

  const text = await readFile(report, "utf8").catch(() => "");
  if (!text) return { tests: [], fault: "The tests did not end." };
  const { testResults } = JSON.parse(text) as { testResults: { message?: string; assertionResults: Run["tests"] }[] };
  const [fault = ""] = testResults.map(({ message = "" }) => message.split("\n")[0]!);
  return { tests: testResults.flatMap(({ assertionResults }) => assertionResults), fault };
}
