import { statuses } from "@/app/statuses";
import { versionOf, watchHandoff } from "@/lib/account/handoff/watch-handoffs";
import type { HandoffView } from "@/lib/account/handoff/handoffs";
import { getSession } from "@/lib/account/session/session";

/** Events that a slow client may leave unread. Then its connection is closed, and it connects again. */
const MOST_UNREAD = 50;

const eventStream = "text/event-stream";

/** Milliseconds after which a browser connects again. */
const RETRY = 2_000;

/**
 * The state of the session's hand-off as server-sent events: at once, and after each change. Every event has the whole
 * state, so a page that connects again, also to another server, goes on where it was.
 */
export async function GET(request: Request): Promise<Response> {
  const session = await getSession();
  if (session.status === "unavailable") return refuse(statuses.request.unavailable, { "Retry-After": "5" });
  if (session.status === "none") return refuse(statuses.request.signedOut);
  // Anything but a page that listens would wait for the end of the answer.
  if (!request.headers.get("accept")?.includes(eventStream)) return refuse(statuses.request.notAcceptable);
  const { sessionId } = session.credential;
  const accountId = session.account.id;
  let stop = () => {};
  const events = new ReadableStream<Uint8Array>(
    {
      start(stream) {
        let isOpen = true;
        const send = (text: string) => {
          if ((stream.desiredSize ?? 0) <= -MOST_UNREAD) close();
          else stream.enqueue(bytes(text));
        };
        const unwatch = watchHandoff({
          accountId,
          sessionId,
          tell: (view) => send(eventOf("state", stateOf(view))),
          keepAlive: () => send(":\n\n"),
          end(why) {
            if (why !== "renew") send(eventOf(why, {}));
            close();
          },
        });
        stop = () => {
          isOpen = false;
          unwatch();
        };
        function close() {
          if (!isOpen) return;
          stop();
          stream.close();
        }
        send(`retry: ${RETRY}\n\n`);
      },
      // The client has gone.
      cancel: () => stop(),
    },
    { highWaterMark: 0 },
  );
  return new Response(events, {
    headers: {
      "Content-Type": `${eventStream}; charset=utf-8`,
      // Neither a proxy nor Next.js may hold an event back to compress or to buffer it.
      "Cache-Control": "no-store, no-transform",
      "X-Accel-Buffering": "no",
    },
  });
}

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);

const eventOf = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

/** The hand-off without its code, which stands only on the page. */
function stateOf(view: HandoffView | null): object {
  const version = versionOf(view);
  if (!view) return { version, state: "none" };
  const { state, number, device, claimedAt, decidedAt, signedInAt, signedOutAt, seatTakenAt, protectedUntil } = view;
  return { version, state, number, device, claimedAt, decidedAt, signedInAt, signedOutAt, seatTakenAt, protectedUntil };
}

const refuse = (status: number, headers: Record<string, string> = {}): Response =>
  new Response("There is nothing to watch here now\n", {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", ...headers },
  });
