import "server-only";
import { createHash } from "node:crypto";
import { currentTime } from "@/lib/clock";
import { isOutage } from "@/lib/db/outage";
import { log } from "@/lib/log";
import { readHandoffs, type HandoffView } from "@/lib/account/handoff/handoffs";

/** A page that shows a session's hand-off while it happens. */
export type Watcher = {
  accountId: string;
  sessionId: string;
  /** Called with the state as it is now, and after each change. Null: the session has no hand-off. */
  tell: (view: HandoffView | null) => void;
  /** Called now and then, so that a connection that is gone is noticed. */
  keepAlive: () => void;
  /** Called once, at the end. `over`: the session has ended. `replaced`: it or its account has too many pages. `renew`: watch again. */
  end: (why: "over" | "replaced" | "renew") => void;
};

/** Milliseconds between two looks at the database. */
const EVERY = 600;
/** Milliseconds between two signs of life. */
const ALIVE_EVERY = 20_000;
/** Milliseconds for which a page is served. Then it connects again. */
const LIFETIME = 15 * 60_000;
/** Pages of one session. A browser opens only six connections to a site (HTTP/1.1). */
const MOST_PER_SESSION = 4;
/** Pages of one account, which can sign in as often as it likes. Each page costs memory. */
const MOST_PER_ACCOUNT = 20;

type Watched = Watcher & { since: number; told: string | undefined };
type Watch = { watchers: Set<Watched>; timer: NodeJS.Timeout | undefined; looks: boolean; aliveAt: number };

// Next.js evaluates a module once per bundle, so the one look at the database is kept on `globalThis`.
const shared = globalThis as { portalHandoffWatch?: Watch };
const watch = (): Watch =>
  (shared.portalHandoffWatch ??= { watchers: new Set(), timer: undefined, looks: false, aliveAt: 0 });

/**
 * Tells a page how the hand-off of its session goes on, within about a second. However many pages are watched, the process
 * reads all of their hand-offs in one statement, and none while nobody watches.
 * @returns stops telling
 */
export function watchHandoff(watcher: Watcher): () => void {
  const { watchers } = watch();
  const watched: Watched = { ...watcher, since: performance.now(), told: undefined };
  const ofAccount = () => [...watchers].filter(({ accountId }) => accountId === watcher.accountId);
  const ofSession = () => [...watchers].filter(({ sessionId }) => sessionId === watcher.sessionId);
  for (const oldest of surplus(ofSession(), MOST_PER_SESSION)) finish(oldest, "replaced");
  for (const oldest of surplus(ofAccount(), MOST_PER_ACCOUNT)) finish(oldest, "replaced");
  watchers.add(watched);
  watch().timer ??= setInterval(() => void look(), EVERY).unref();
  return () => forget(watched);
}

/** The oldest pages, which must give way so that one more is within the limit. */
const surplus = (pages: readonly Watched[], most: number) => pages.slice(0, Math.max(0, pages.length - most + 1));

/** How many pages are watched by this process. */
export const watchedPages = (): number => watch().watchers.size;

/** What a page shows of a hand-off, in a few characters, for comparison. */
export const versionOf = (view: HandoffView | null): string =>
  createHash("sha256").update(JSON.stringify(view)).digest("base64url").slice(0, 16);

function forget(watched: Watched): void {
  const state = watch();
  state.watchers.delete(watched);
  if (state.watchers.size > 0) return;
  clearInterval(state.timer);
  state.timer = undefined;
}

function finish(watched: Watched, why: Parameters<Watcher["end"]>[0]): void {
  forget(watched);
  watched.end(why);
}

async function look(): Promise<void> {
  const state = watch();
  const time = performance.now();
  for (const watched of state.watchers) if (time - watched.since > LIFETIME) finish(watched, "renew");
  if (time - state.aliveAt > ALIVE_EVERY) {
    state.aliveAt = time;
    for (const { keepAlive } of state.watchers) keepAlive();
  }
  if (state.looks) return;
  state.looks = true;
  try {
    const asked = [...state.watchers];
    const views = await readHandoffs([...new Set(asked.map(({ sessionId }) => sessionId))], { now: currentTime() });
    for (const watched of asked) {
      if (!state.watchers.has(watched)) continue;
      const view = views.get(watched.sessionId);
      if (view === undefined) finish(watched, "over");
      else tell(watched, view);
    }
  } catch (error) {
    // The pages keep what they show. The next look follows soon.
    if (!isOutage(error)) log().error({ err: error }, "hand-offs could not be read");
  } finally {
    state.looks = false;
  }
}

function tell(watched: Watched, view: HandoffView | null): void {
  const version = versionOf(view);
  if (version === watched.told) return;
  watched.told = version;
  watched.tell(view);
}
