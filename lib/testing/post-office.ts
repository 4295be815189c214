import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { simpleParser, type ParsedMail } from "mailparser";
import { SMTPServer } from "smtp-server";

/** What a mail server does with a mail. */
export type Manner =
  | "takes it"
  /** 421 to its recipient, and the end of the connection. */
  | "is busy"
  /** 550 to its recipient. */
  | "refuses it"
  /** 554 once it has read it. */
  | "refuses what it says"
  /** 550 to its sender. */
  | "refuses the sender"
  /** Takes the connection and never says a word. */
  | "hangs"
  /** Reads all of it and is gone before it answers. */
  | "drops the connection after DATA";

export type Received = { recipients: string[]; mail: ParsedMail };

/** An SMTP server (RFC 5321) for tests, on a free port of this machine. */
export type PostOffice = {
  /** For MAIL_URL. */
  url: string;
  /** All that it has read to the end, also what it refused or gave no answer to. */
  received: Received[];
  behave(manner: Manner): void;
  /** How many connections there were so far. */
  connections(): number;
  /** From now on nobody answers at its port. */
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
        void simpleParser(stream).then((mail) => {
          received.push({ recipients: envelope.rcptTo.map(({ address }) => address), mail });
          if (manner === "drops the connection after DATA") for (const socket of sockets) socket.destroy();
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

/** @returns its connections, as they come and go */
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
