import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { send } from "../security/raw";
import { actions, idle } from "../security/visitor";
import { actionId, asScript } from "../security/actions";
import { makePeople } from "./product";
import { CLIENTS } from "./rounds";
import type { Visit } from "./site-rows";
import { newBrowser, type Site } from "./site";

/** How much each part of the load takes. */
export type Load = { seconds: number; clients: number; views: number };

export const fullLoad: Load = { seconds: 10, clients: 400, views: 20_000 };
export const quickLoad: Load = { seconds: 3, clients: 400, views: 2_000 };

/** What the clients of one measurement saw: milliseconds of each answer, and how many were refused with 503. */
type Seen = { took: number[]; refused: number; seconds: number };

/** Milliseconds after which a client that was refused comes back. The portal asks for five seconds. */
const COMES_BACK = 1_000;

type Loaded = Site & { visits: Visit[] };

/** @returns rows: what, pages a second, p50, p95 and p99 in milliseconds, refused a second, memory of the server in MB */
export async function measureLoad(site: Loaded, { seconds, clients, views }: Load): Promise<string[][]> {
  const rows: string[][] = [];
  const add = async (what: string, seen: Seen) => rows.push([what, ...figures(seen), await memoryOf(site)]);
  const few = () => viewPages(site, CLIENTS, until(seconds));

  await few();
  await add(`${CLIENTS} clients`, await few());
  await add(`${clients} clients`, await viewPages(site, clients, until(seconds)));
  const [stormed, signIns] = await duringSignIns(site, few);
  await add(`${CLIENTS} clients while sign-ins storm`, stormed);
  await add(`${CLIENTS * 8} clients that sign in meanwhile`, signIns);
  for (let done = 0; done < views; done += views / 4) {
    const seen = await viewPages(site, CLIENTS, times(views / 4));
    await add(`${((done + views / 4) / 1000).toLocaleString("en")} thousand views`, seen);
  }
  return rows;
}

export const loadHeading = ["what", "a second", "p50", "p95", "p99", "refused a second", "memory, MB"];

const until = (seconds: number) => {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() < end;
};

const times = (count: number) => {
  let left = count;
  return () => left-- > 0;
};

async function viewPages({ visits }: Loaded, clients: number, goOn: () => boolean): Promise<Seen> {
  return repeat(clients, goOn, async (client) => {
    const { in: browser } = visits[client % visits.length]!;
    const headers = { Accept: "text/html", "X-Forwarded-For": browser.network, Cookie: browser.cookies.join("; ") };
    return (await send(browser.origin, { path: "/home/subscriptions", headers })).status;
  });
}

/** Runs `work` while many people sign in at once, all with the right password, from networks of their own. */
async function duringSignIns(site: Loaded, work: () => Promise<Seen>): Promise<[Seen, Seen]> {
  const people = await makePeople(CLIENTS * 8);
  const id = actionId(actions.signIn);
  let working = true;
  const storm = repeat(
    people.length,
    () => working,
    async (client) => {
      const { email, password } = people[client]!;
      const { body, headers } = asScript({ id, form: Object.entries({ email, password }), state: idle });
      const { origin, network } = newBrowser(site);
      const from = { ...headers, Origin: origin, "X-Forwarded-For": network };
      return (await send(origin, { method: "POST", path: "/sign-in", body, headers: from })).status;
    },
  );
  await pause(500);
  const seen = await work();
  working = false;
  return [seen, await storm];
}

async function repeat(
  clients: number,
  goOn: () => boolean,
  request: (client: number) => Promise<number>,
): Promise<Seen> {
  const began = performance.now();
  const took: number[] = [];
  let refused = 0;
  const work = async (client: number) => {
    while (goOn()) {
      const asked = performance.now();
      const status = await request(client);
      if (status === 503) {
        refused += 1;
        await pause(COMES_BACK);
      } else if (status < 400) took.push(performance.now() - asked);
      else throw new Error(`a request under load was answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  return { took, refused, seconds: (performance.now() - began) / 1000 };
}

function figures({ took, refused, seconds }: Seen): string[] {
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return [took.length / seconds, at(0.5), at(0.95), at(0.99), refused / seconds].map((value) =>
    Math.round(value).toLocaleString("en"),
  );
}

/** Resident memory of the server's process. Linux only. */
async function memoryOf({ pid }: Loaded): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return kilobytes ? String(Math.round(Number(kilobytes) / 1000)) : "-";
}
