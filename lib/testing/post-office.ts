import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";

/** What the mail server does with an email. */
export type Manner =
  | "takes it"
  /** Accepts it, and answers a second later. */
  | "takes its time"
  /** Answers its recipient with 421 and closes the connection. */
  | "is busy"
  /** Answers its recipient with 550. */
  | "refuses it"
  /** Reads it and answers with 554. */
  | "refuses what it says"
  /** Answers its sender with 550. */
  | "refuses the sender"
  /** Accepts the connection and never sends a byte. */
  | "hangs"
  /** Reads all of it and closes the connection before it answers. */
  | "drops the connection after DATA";

/** `raw`: the email as it was sent, headers included. */
export type Received = { recipients: string[]; mail: ParsedMail; raw: string };

/** A mail server (SMTP, RFC 5321) for tests, on a free port of this machine. */
export type PostOffice = {
  /** For MAIL_URL. */
  url: string;
  /** Every email that it has read to the end, including those it refused or did not answer. */
  received: Received[];
  behave(manner: Manner): void;
  /** How many connections it has accepted so far. */
  connections(): number;
  /** Closes its port and every connection. */
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
};

export async function openPostOffice(): Promise<PostOffice> {
  const received: Received[] = [];
  let manner: Manner = "takes it";
  let connections = 0;
  let server = makeServer();
  let sockets = await listen(server, 0);
  const { port } = server.server.address() as AddressInfo;

  function makeServer(): SMTPServer {
    return new SMTPServer({
      authOptional: true,
      disabledCommands: ["STARTTLS", "AUTH"],
      onConnect(_session, go) {
        connections++;
        if (manner !== "hangs") go();
      },
      onMailFrom: (_address, _session, go) => go(manner === "refuses the sender" ? reply(550, "who are you") : null),
      onRcptTo({ address }, _session, go) {
        if (manner === "is busy") return go(reply(421, `${address.split("@")[0]} has to wait`));
        go(manner === "refuses it" ? reply(550, `<${address}> no such user here`) : null);
      },
      onData(stream, { envelope }, go) {
        void read(stream).then(({ mail, raw }) => {
          received.push({ recipients: envelope.rcptTo.map(({ address }) => address), mail, raw });
          if (manner === "drops the connection after DATA") for (const socket of sockets) socket.destroy();
          else if (manner === "takes its time") setTimeout(() => go(null), 1_000);
          else go(manner === "refuses what it says" ? reply(554, "looks like spam") : null);
        }, go);
      },
    }).on("error", () => {});
  }

  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    behave: (next) => void (manner = next),
    connections: () => connections,
    async goDown() {
      if (!server.server.listening) return;
      const closed = once(server.server, "close");
      server.server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    async comeBack() {
      server = makeServer();
      sockets = await listen(server, port);
    },
  };
}

async function read(stream: Readable): Promise<{ mail: ParsedMail; raw: string }> {
  const raw = await text(stream);
  return { mail: await simpleParser(raw), raw };
}

/** @returns the set of its open connections, kept up to date */
async function listen(server: SMTPServer, port: number): Promise<Set<Socket>> {
  const sockets = new Set<Socket>();
  (server.server as Server).on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, "127.0.0.1");
  await once(server.server, "listening");
  return sockets;
}

const reply = (responseCode: number, words: string) => Object.assign(new Error(words), { responseCode });
