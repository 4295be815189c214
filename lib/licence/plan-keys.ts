import "server-only";
import { dateFormat } from "@/lib/date-format";
import { canStartItself, plannedGrant, type Choice, type ChoiceKind, type Giving } from "@/lib/licence/choices";
import type { FoundKey } from "@/lib/licence/find-key";
import { keepKey } from "@/lib/licence/keep-key";
import { lookupDigest } from "@/lib/licence/key-vault";
import { readLedger, type SubscriptionLedger } from "@/lib/licence/ledger";
import { lookUpKey, type Attempt } from "@/lib/licence/look-up";
import { previewKey, weigh, type Preview } from "@/lib/licence/preview-key";
import { redeemKey } from "@/lib/licence/redeem-key";

/** What a person wants of one of several keys. `leave`: nothing, now. */
export type Wish = ChoiceKind | "leave";

type Ready = Extract<Preview, { status: "ready" }>;

/** One of several keys. `chosen` is null when nothing is left to do: it is left out, or was to be kept and is. */
export type PlannedKey = { key: string } & (
  | (Pick<Ready, "status" | "product" | "seats" | "term" | "choices"> & { chosen: Choice | null; isKept: boolean })
  | Exclude<Preview, Ready>
);

type Several = Omit<Attempt, "key"> & {
  /** Canonical, each once. */
  keys: readonly string[];
  /** In the order of the keys. Without a wish, and for one that is not possible any more, the best choice counts. */
  wishes: readonly (Wish | undefined)[];
};

/** Works out what several keys would give one after the other. It reads, and refuses as `previewKey` does. */
export async function planKeys({ keys, wishes, ...who }: Several, { now }: { now: Date }): Promise<PlannedKey[]> {
  let all = await readLedger(who.accountId);
  const planned: PlannedKey[] = [];
  for (const [at, key] of keys.entries()) {
    const looked = await lookUpKey({ key, ...who }, { now });
    const about = { lookup: lookupDigest(key), accountId: who.accountId, all };
    const judged = looked.status === "usable" ? await weigh({ ...looked, ...about }, { now }) : looked;
    if (judged.status !== "usable") {
      planned.push({ key, ...judged });
      continue;
    }
    const { status, product, seats, term, choices } = judged.preview;
    const wish = wishes[at];
    const isKept = judged.key.state.name === "kept";
    const isSettled = wish === "leave" || (wish === "keep" && isKept);
    const chosen = isSettled ? null : (choices.find(({ kind }) => kind === wish) ?? choices[0]);
    if (chosen && chosen.kind !== "keep") all = given(all, chosen, judged.key, now);
    planned.push({ key, status, product, seats, term, choices, chosen, isKept });
  }
  return planned;
}

/** The ledgers as they would be after a key was given. */
function given(
  all: SubscriptionLedger[],
  choice: Giving,
  { id, product, seats, term }: FoundKey,
  now: Date,
): SubscriptionLedger[] {
  const grant = plannedGrant(term, now, `planned ${id}`);
  const source = { kind: "key" as const, hint: "", withdrawnAt: null, undoneFor: 0 };
  const line = { grant, term, amendments: [], source };
  const { endsAt } = choice;
  const fresh = { id: `planned ${id}`, product, seats, seatsTaken: 0, usedUntil: null };
  if (choice.kind !== "extend") return [...all, { ...fresh, endsAt, grants: [line] }];
  return all.map((one) => (one.id === choice.subscriptionId ? { ...one, endsAt, grants: [...one.grants, line] } : one));
}

/**
 * Does with several keys what their owner wants, one after the other. Each is spent by itself, so one that fails leaves
 * the others as they are. A kept key starts by itself if something runs that it can follow. Repeating a request gives the
 * first result again.
 * @param shown the end of each key that gives time, as the page showed it
 * @returns `changed`: a key would give another last day than shown, so nothing was spent
 */
export async function redeemKeys(
  { shown, timeZone, ...several }: Several & { shown: readonly (Date | null)[]; timeZone: string },
  { now }: { now: Date },
): Promise<{ status: "done" | "changed" }> {
  const { wishes, accountId, network } = several;
  const day = dateFormat("en-CA", { timeZone, dateStyle: "short" });
  const isShown = (choice: Choice, at: number) =>
    choice.kind === "keep" || (shown[at] && day.format(choice.endsAt) === day.format(shown[at]));
  const planned = await planKeys(several, { now });
  const isAsWished = planned.every(
    (one, at) => one.status !== "ready" || !one.chosen || (one.chosen.kind === wishes[at] && isShown(one.chosen, at)),
  );
  if (!isAsWished) return { status: "changed" };

  for (const [at, one] of planned.entries()) {
    if (one.status !== "ready" || !one.chosen) continue;
    const { chosen } = one;
    const attempt = { key: one.key, accountId, network };
    if (chosen.kind === "keep") {
      await keepKey({ ...attempt, startsItself: canStartItself(chosen) }, { now });
      continue;
    }
    const preview = await previewKey(attempt, { now });
    const choice = preview.status === "ready" && preview.choices.find(({ kind }) => kind === chosen.kind);
    if (preview.status !== "ready" || !choice || !isShown(choice, at)) continue;
    await redeemKey({ ...attempt, choice: chosen.kind, previewVersion: preview.version }, { now });
  }
  return { status: "done" };
}
