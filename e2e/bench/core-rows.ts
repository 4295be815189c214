import { Client } from "pg";
import { db } from "@/lib/db/client";
import { pointTo, type Open } from "./context";
import { copyKeys, copyRows, fillKeys, floorsIn, someDigests } from "./floors";
import {
  activate,
  arrivals,
  checkPassword,
  entitle,
  find,
  issue,
  keep,
  lease,
  makeCodes,
  makeKeys,
  makePeople,
  prepareSigning,
  preview,
  redeem,
  signIn,
  undo,
  type Attempt,
  type Person,
} from "./product";
import { during, each, perSecond, type Row, type Side } from "./rounds";

/** Rates of the product's functions, called in this process. */
export const coreRows: Row<Open>[] = [
  {
    name: "preview a key",
    floor: "one SELECT of the same rows",
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      const attempts = await pairsOf(databaseUrl, 100);
      await each(await withPreviews(attempts), redeem);
      const extending = await pairsOf(databaseUrl, attempts);
      return {
        own: () => during(scale.slice, extending, ({ key, person }) => preview(key, person)),
        floor: () => during(scale.slice, extending, ({ key, person }) => floors.preview(key, person)),
      };
    },
  },
  {
    name: "redeem a key",
    floor: "one statement that writes the same",
    target: 0.35,
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      const redeemAll: Side = async () => {
        const first = await pairsOf(databaseUrl, scale.redemptions / 2);
        const second = await pairsOf(databaseUrl, first);
        const started = await each(await withPreviews(first), redeem);
        return mean(started, await each(await withPreviews(second), redeem));
      };
      const writeAll: Side = async () => {
        const first = await pairsOf(databaseUrl, scale.redemptions * 3);
        const second = await pairsOf(databaseUrl, first);
        const started = await each(first, (attempt) => floors.redeem(attempt, "start"));
        return mean(started, await each(second, (attempt) => floors.redeem(attempt, "extend")));
      };
      // Autovacuum keeps statistics within a minute. Without them PostgreSQL plans to read whole tables, as if empty.
      await redeemAll();
      await db().execute("ANALYZE");
      return { own: redeemAll, floor: writeAll };
    },
  },
  {
    name: "keep a key for later",
    floor: "one statement that writes the same",
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      return {
        own: async () => each(await pairsOf(databaseUrl, scale.redemptions), keep),
        floor: async () => each(await pairsOf(databaseUrl, scale.redemptions * 3), floors.keep),
      };
    },
  },
  {
    name: "undo an activation",
    floor: "one statement that writes the same",
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      return {
        own: async () => each(await redeemedIn(databaseUrl, scale.redemptions / 2), undo),
        floor: async () => each(await redeemedIn(databaseUrl, scale.redemptions / 2), floors.undo),
      };
    },
  },
  {
    name: "redeem a partner code",
    floor: "one statement that writes the same",
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      const codes = (count: number) => pairsOf(databaseUrl, count, makeCodes);
      return {
        own: async () => each(await codes(scale.redemptions), lease),
        floor: async () => each(await codes(scale.redemptions * 3), floors.lease),
      };
    },
  },
  {
    name: "activate a device",
    floor: "one statement that writes the same",
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      return {
        own: async () => each(await arrivals(await makePeople(scale.redemptions)), activate),
        floor: async () => each(await arrivals(await makePeople(scale.redemptions)), floors.activate),
      };
    },
  },
  {
    name: "sign an entitlement",
    floor: "one SELECT of the same rows, and a signature",
    prepare: async ({ databaseUrl, scale, afterwards }) => {
      const floors = floorsIn(databaseUrl);
      afterwards(floors.close);
      await prepareSigning();
      const seated: { person: Person; deviceId: string }[] = [];
      await each(await arrivals(await makePeople(100)), async (arrival) =>
        seated.push({ person: arrival.person, deviceId: await activate(arrival) }),
      );
      return {
        own: () => during(scale.slice, seated, entitle),
        floor: () => during(scale.slice, seated, floors.entitle),
      };
    },
  },
  {
    name: "issue keys",
    floor: "COPY of the same rows",
    prepare: async ({ cluster, scale: { keysIssued }, afterwards }) => {
      const databaseUrl = await cluster.database("issue");
      const client = await connect(databaseUrl);
      afterwards(() => client.end());
      const batchId = await batchIn(databaseUrl, client);
      const timed = async (work: () => Promise<void>) => {
        const began = performance.now();
        await work();
        return perSecond(keysIssued, began);
      };
      return {
        own: () => timed(() => issue(client, keysIssued)),
        floor: () => {
          const rows = copyRows(batchId, keysIssued);
          return timed(() => copyKeys(client, rows));
        },
      };
    },
  },
  lookUpRow(1e5),
  { ...lookUpRow(1e7), heavy: true },
  {
    name: "sign in",
    floor: "argon2 alone",
    prepare: async ({ scale }) => {
      const people = await makePeople(50);
      await each(people, signIn);
      return {
        own: () => during(scale.slice, people, signIn),
        floor: () => during(scale.slice, people, checkPassword),
      };
    },
  },
];

function lookUpRow(count: number): Row<Open> {
  return {
    name: `find a key among ${count.toLocaleString("en")}`,
    floor: "among 1,000",
    prepare: async ({ databaseUrl, cluster, scale, afterwards }) => {
      const sideAmong = async (keys: number): Promise<Side> => {
        const filled = await cluster.database(`keys_${keys}`);
        const client = await connect(filled, "postgres");
        await fillKeys(client, await batchIn(filled, client), keys);
        const digests = await someDigests(client, keys);
        await client.end();
        await pointTo(filled);
        const [person] = await makePeople(1);
        return async () => {
          await pointTo(filled);
          // A new connection must prepare the statement first.
          await during(scale.slice / 4, digests, (digest) => find(digest, person!));
          return during(scale.slice, digests, (digest) => find(digest, person!));
        };
      };
      afterwards(() => pointTo(databaseUrl));
      return { floor: await sideAmong(1_000), own: await sideAmong(count) };
    },
  };
}

type Pair = Omit<Attempt, "shown">;

/** One new key, or what `make` makes, for each person given, or for each of that many new people. */
async function pairsOf(
  databaseUrl: string,
  whom: number | readonly { person: Person }[],
  make = makeKeys,
): Promise<Pair[]> {
  const people = typeof whom === "number" ? await makePeople(whom) : whom.map(({ person }) => person);
  const keys = await make(databaseUrl, people.length);
  return people.map((person, index) => ({ person, key: keys[index]! }));
}

/** Activations of that many new people. */
async function redeemedIn(databaseUrl: string, count: number): Promise<{ grantId: string; person: Person }[]> {
  const taken: { grantId: string; person: Person }[] = [];
  await each(await withPreviews(await pairsOf(databaseUrl, count)), async (attempt) => {
    taken.push({ grantId: await redeem(attempt), person: attempt.person });
  });
  return taken;
}

async function withPreviews(pairs: readonly Pair[]): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  await each(pairs, async (pair) => attempts.push({ ...pair, shown: await preview(pair.key, pair.person) }));
  return attempts;
}

/** Operations per second, measured in two equal halves. */
const mean = (a: number, b: number): number => 2 / (1 / a + 1 / b);

async function connect(databaseUrl: string, user?: string): Promise<Client> {
  const url = new URL(databaseUrl);
  if (user) url.searchParams.set("user", user);
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return client;
}

async function batchIn(databaseUrl: string, client: Client): Promise<string> {
  await makeKeys(databaseUrl, 1);
  const { rows } = await client.query<{ id: string }>("SELECT id FROM key_batch");
  return rows[0]!.id;
}
