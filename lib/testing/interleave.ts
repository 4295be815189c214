import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { Client } from "pg";

/** Milliseconds after which a statement that has not returned is looked at: perhaps it waits for a lock. */
const SUSPICIOUS = 4;

type Actor = {
  /** `asks`: at the gate with a statement. `works`: its own code runs. `runs`: its statement. */
  state: "works" | "asks" | "runs" | "done";
  go: () => void;
};

const current = new AsyncLocalStorage<Actor>();

/** Wakes the one who waits for a statement's answer. */
let wake = () => {};

/**
 * Runs two tasks at once, one SQL statement at a time, in every order that the database allows. Where both have a
 * statement to run, each order of the two is tried, in a run of its own. `BEGIN` reads and locks nothing and counts with
 * the statement after it.
 * @param makeTasks makes the tasks of one run anew
 * @param after checks what the run left
 * @returns the number of runs
 */
export async function inEveryOrder(
  databaseUrl: string,
  makeTasks: () => Promise<{
    tasks: [() => Promise<unknown>, () => Promise<unknown>];
    after: (order: string) => Promise<void>;
  }>,
): Promise<number> {
  const control = new Client({ connectionString: databaseUrl });
  await control.connect();
  const release = gateStatements();
  let runs = 0;
  try {
    for (let plan: number[] | null = []; plan; runs++) {
      const { tasks, after } = await makeTasks();
      const taken: number[] = await runPlanned(tasks, plan, control);
      await after(taken.join(""));
      // The next order differs in the last choice that has not been tried both ways.
      const last = taken.lastIndexOf(0);
      plan = last < 0 ? null : [...taken.slice(0, last), 1];
    }
  } finally {
    release();
    await control.end();
  }
  return runs;
}

/** Makes every statement of an actor wait for its turn. Statements of others pass. @returns the undoing */
function gateStatements(): () => void {
  const { query } = Client.prototype;
  Client.prototype.query = function (this: Client, ...args: unknown[]) {
    const actor = current.getStore();
    const text = typeof args[0] === "string" ? args[0] : (args[0] as { text: string }).text;
    if (!actor || /^\s*begin/i.test(text)) return Reflect.apply(query, this, args) as never;
    const turn = new Promise<void>((go) => {
      actor.state = "asks";
      actor.go = go;
    });
    const send = () => {
      actor.state = "runs";
      const callback = args.at(-1);
      if (typeof callback !== "function") {
        const sent = Reflect.apply(query, this, args) as Promise<unknown>;
        return sent.finally(() => {
          actor.state = "works";
          wake();
        });
      }
      const answered = (...answer: unknown[]) => {
        actor.state = "works";
        wake();
        Reflect.apply(callback, undefined, answer);
      };
      return Reflect.apply(query, this, [...args.slice(0, -1), answered]) as unknown;
    };
    return turn.then(send) as never;
  } as typeof query;
  return () => void (Client.prototype.query = query);
}

/** @returns which task went first, 0 or 1, each time both could */
async function runPlanned(
  tasks: [() => Promise<unknown>, () => Promise<unknown>],
  plan: readonly number[],
  control: Client,
): Promise<number[]> {
  const taken: number[] = [];
  const faults: unknown[] = [];
  const actors = tasks.map((task) => {
    const actor: Actor = { state: "works", go: () => {} };
    const end = (fault?: unknown) => {
      if (fault) faults.push(fault);
      actor.state = "done";
    };
    void current.run(actor, () => task().then(() => end(), end));
    return actor;
  });
  for (;;) {
    await settle(actors, control);
    const ready = actors.filter(({ state }) => state === "asks");
    if (ready.length === 0) break;
    const which = ready.length === 2 ? (plan[taken.length] ?? 0) : 0;
    if (ready.length === 2) taken.push(which);
    const next = ready[which]!;
    next.state = "runs";
    next.go();
  }
  if (faults.length > 0) throw faults[0];
  return taken;
}

/** Waits for the next answer to a statement, but not longer than some milliseconds. */
const answered = (longest: number) =>
  new Promise<void>((resolve) => {
    const late = setTimeout(resolve, longest);
    wake = () => {
      clearTimeout(late);
      resolve();
    };
  });

/** Turns of the event loop in which an actor's own code comes to its next statement, unless it waits for the other. */
const TURNS = 300;

/** Waits until each actor has a statement to run, waits for the other, or is done. */
async function settle(actors: Actor[], control: Client): Promise<void> {
  const busy = () => actors.filter(({ state }) => state !== "asks" && state !== "done");
  let since = performance.now();
  for (let turns = 0; busy().length > 0; turns++) {
    if (busy().every(({ state }) => state === "runs")) await answered(SUSPICIOUS);
    else await new Promise((turn) => setImmediate(turn));
    if (busy().some(({ state }) => state === "runs")) {
      turns = 0;
      if (performance.now() - since < SUSPICIOUS) continue;
      const { rows } = await control.query<{ waiting: number }>(
        "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      );
      since = performance.now();
      const running = busy().filter(({ state }) => state === "runs");
      // Two that wait for each other are a deadlock, which PostgreSQL ends.
      if (running.length === 1 && rows[0]!.waiting === 1 && actors.some(({ state }) => state === "asks")) return;
    } else if (turns > TURNS && actors.some(({ state }) => state === "asks")) {
      // In its own code, for the other: two look-ups of one account take turns.
      return;
    }
  }
}
