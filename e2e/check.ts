import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A gate's result: how many checks passed and failed. A skipped test counts as failed. */
type Count = { passed: number; failed: number };

type Gate = {
  name: string;
  /** The npm script to run. */
  script: string;
  /** Where the test runner writes its report, and how to count it. A gate without a report is a single check. */
  report?: {
    options: (file: string) => string[];
    env: (file: string) => Record<string, string>;
    count: (report: never) => Count;
  };
};

const vitest: Gate["report"] = {
  options: (file) => ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
  env: () => ({}),
  count: (report: { numTotalTests: number; numPassedTests: number }) => ({
    passed: report.numPassedTests,
    failed: report.numTotalTests - report.numPassedTests,
  }),
};

const playwright: Gate["report"] = {
  options: () => ["--reporter=list,json"],
  env: (file) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: file }),
  count: ({ stats }: { stats: Record<"expected" | "unexpected" | "flaky" | "skipped", number> }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + stats.skipped,
  }),
};

/**
 * All gates, in the order of the summary. The stages follow each other, cheapest first. The lanes of a stage run side by
 * side, because lint keeps only one processor busy. The gates of a lane follow each other.
 */
const stages: Gate[][][] = [
  [
    [{ name: "lint and import arrows", script: "check:lint" }],
    [
      { name: "format", script: "check:format" },
      { name: "types", script: "check:types" },
      { name: "unused code", script: "check:unused" },
      { name: "unit tests", script: "test:unit", report: vitest },
    ],
  ],
  [[{ name: "integration tests", script: "test:integration", report: vitest }]],
  [[{ name: "build", script: "check:build" }]],
  [[{ name: "browser tests", script: "test:browser", report: playwright }]],
];

// Ctrl-C reaches the running gates, which end in good order. Later gates do not start.
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => (interrupted = true));

type Row = Count & { name: string; seconds: number };

const directory = await mkdtemp(join(tmpdir(), "portal-check-"));
const rows: Row[] = [];
for (const lanes of stages) {
  const alone = lanes.length === 1;
  const found = await Promise.all(lanes.map((gates) => runLane(gates, alone)));
  rows.push(...found.flat());
}
await rm(directory, { recursive: true });

const passed = rows.reduce((sum, row) => sum + row.passed, 0);
const failed = rows.reduce((sum, row) => sum + row.failed, 0);
process.stdout.write("\n");
for (const row of rows) {
  const found = row.failed ? `${row.failed} FAILED` : "ok";
  process.stdout.write(
    `${row.name.padEnd(24)}${String(row.passed).padStart(5)} passed  ${`${row.seconds} s`.padStart(6)}  ${found}\n`,
  );
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = interrupted ? 130 : failed > 0 ? 1 : 0;

async function runLane(gates: Gate[], alone: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const gate of gates) {
    if (interrupted) break;
    const title = `\n── ${gate.name} ──\n`;
    if (alone) process.stdout.write(title);
    const began = performance.now();
    const { count, output } = await run(gate, alone);
    if (!alone) process.stdout.write(Buffer.concat([Buffer.from(title), ...output]));
    rows.push({ name: gate.name, ...count, seconds: Math.round((performance.now() - began) / 1000) });
  }
  return rows;
}

/**
 * Runs one gate. A runner that fails without naming a failed test counts as one failure.
 * @param alone whether its output may appear as it comes; else it is returned
 */
async function run({ script, report }: Gate, alone: boolean): Promise<{ count: Count; output: Buffer[] }> {
  const file = join(directory, `${script.replace(":", "-")}.json`);
  const options = report ? ["--", ...report.options(file)] : [];
  const stream = alone ? "inherit" : "pipe";
  const child = spawn("npm", ["run", "--silent", script, ...options], {
    stdio: ["ignore", stream, stream],
    env: { ...process.env, ...report?.env(file) },
    shell: process.platform === "win32",
  });
  const output: Buffer[] = [];
  for (const piped of [child.stdout, child.stderr]) piped?.on("data", (chunk: Buffer) => output.push(chunk));
  const succeeded = await new Promise<boolean>((resolve) => child.once("close", (code) => resolve(code === 0)));
  if (!report) return { count: { passed: Number(succeeded), failed: Number(!succeeded) }, output };
  const count = await readFile(file, "utf8")
    .then((text) => report.count(JSON.parse(text) as never))
    .catch(() => ({ passed: 0, failed: 1 }));
  return { count: { ...count, failed: Math.max(count.failed, Number(!succeeded || count.passed === 0)) }, output };
}
