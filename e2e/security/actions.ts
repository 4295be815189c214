import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { OutgoingHttpHeaders } from "node:http";
import { multipart, type Fields, type Sent } from "./raw";

const build = join(import.meta.dirname, "../../.next");
const read = <T>(path: string) => JSON.parse(readFileSync(join(build, path), "utf8")) as T;

/** For example `app/sign-out.ts#signOut`. */
export type ActionName = `app/${string}#${string}`;

type Referenced = Record<string, { filename: string; exportedName: string }>;

export const readManifest = () =>
  read<{ node: Referenced; edge: Referenced; encryptionKey: string }>("server/server-reference-manifest.json");

/** Every server action of the build, with the id under which anybody can call it. */
export function actionsOfBuild(): Map<ActionName, string> {
  const { node, edge } = readManifest();
  return new Map(
    Object.entries({ ...node, ...edge }).map(([id, { filename, exportedName }]) => [
      `${filename}#${exportedName}` as ActionName,
      id,
    ]),
  );
}

/** Every route of the build, for example `/home/setup/done/[id]`. */
export const routesOfBuild = (): string[] =>
  Object.values(read<Record<string, string>>("app-path-routes-manifest.json"));

export function actionId(name: ActionName): string {
  const id = actionsOfBuild().get(name);
  if (!id) throw new Error(`the build has no action ${name}`);
  return id;
}

export type Call = {
  id: string;
  form: Fields;
  /** The previous state, for an action that takes one. */
  state?: object | undefined;
};

/** Encodes a call as a browser's form does without JavaScript. */
export function asForm({ id, form, state }: Call): Pick<Sent, "body" | "headers"> {
  const action: Fields = state
    ? [
        ["$ACTION_REF_1", ""],
        ["$ACTION_1:0", JSON.stringify({ id, bound: "$@1" })],
        ["$ACTION_1:1", JSON.stringify([state])],
      ]
    : [[`$ACTION_ID_${id}`, ""]];
  return multipart([...action, ...form]);
}

/** Encodes a call as a script does. */
export function asScript({ id, form, state }: Call): { body: string; headers: OutgoingHttpHeaders } {
  const encoded = form.map(([name, value]) => [`_1_${name}`, value] as const);
  const { body, headers } = multipart([...encoded, ["0", JSON.stringify(state ? [state, "$K1"] : ["$K1"])]]);
  return { body, headers: { ...headers, "Next-Action": id, Accept: "text/x-component" } };
}

/** The return value of an action called as a script, or undefined. */
export function resultOf(text: string): unknown {
  const line = text.split("\n").find((row) => row.startsWith("1:"));
  return line && /^1:[{[]/.test(line) ? (JSON.parse(line.slice(2)) as unknown) : undefined;
}
