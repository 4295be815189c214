import { parseArgs } from "node:util";
import { fullScale, quickScale, type Scale } from "./context";
import { coreRows } from "./core-rows";
import { fullLoad, quickLoad } from "./load";
import type { Row } from "./rounds";
import { siteRows } from "./site-rows";

export const bytesName = "bytes per page";
export const countsName = "statements and commits per action";
export const loadName = "answers under load, milliseconds";

const usage = `npm run bench -- [--quick] [--rounds <n>] [<part of a name> …]

Compares the product with baselines (floors) measured on the same machine in the same run. --quick: fewer rounds, less load, no table of ten million keys.`;

/** Parses the command line. @throws Error with the usage */
export function readOptions(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { quick: { type: "boolean", default: false }, rounds: { type: "string" } },
  });
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) throw new Error(usage);
  const names = [...coreRows, ...siteRows].map(({ name }) => name);
  // A full name selects only that row, even if other names contain it.
  const isWanted = (name: string) =>
    positionals.length === 0 ||
    positionals.some((part) =>
      names.includes(part) ? name === part : name.toLowerCase().includes(part.toLowerCase()),
    );
  const wanted = <C>(rows: Row<C>[]) => rows.filter(({ name, heavy }) => isWanted(name) && !(values.quick && heavy));

  const scale: Scale = { ...(values.quick ? quickScale : fullScale), ...(rounds && { rounds }) };
  const chosen = {
    scale,
    leftOut: values.quick ? [...coreRows, ...siteRows].filter(({ heavy }) => heavy).map(({ name }) => name) : [],
    core: wanted(coreRows),
    site: wanted(siteRows),
    bytes: isWanted(bytesName),
    counts: isWanted(countsName),
    load: isWanted(loadName) && (values.quick ? quickLoad : fullLoad),
  };
  const needsSite = chosen.site.length > 0 || chosen.bytes || chosen.counts || chosen.load !== false;
  if (!needsSite && chosen.core.length === 0) throw new Error(usage);
  return { ...chosen, needsSite };
}
