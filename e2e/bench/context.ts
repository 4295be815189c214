import { closeDatabase, openDatabase } from "@/lib/db/client";
import type { Cluster } from "./cluster";

/** How long each part of the bench runs. */
export type Scale = {
  rounds: number;
  /** Milliseconds per measurement of a repeatable operation. */
  slice: number;
  /** Keys redeemed per measurement, in process and over HTTP. The single-statement baseline redeems more. */
  redemptions: number;
  keysIssued: number;
};

export const fullScale: Scale = { rounds: 9, slice: 400, redemptions: 300, keysIssued: 100_000 };
export const quickScale: Scale = { rounds: 3, slice: 300, redemptions: 100, keysIssued: 100_000 };

export type Context = {
  cluster: Cluster;
  scale: Scale;
  /** Registers a cleanup that runs after the rows of this context, last registered first. */
  afterwards(undo: () => Promise<unknown>): void;
};

/** A context in which the product's pool is connected to `databaseUrl`. */
export type Open = Context & { databaseUrl: string };

/** Connects the product's own pool to a database. */
export async function pointTo(databaseUrl: string): Promise<void> {
  await closeDatabase();
  openDatabase(databaseUrl);
}

/** Connects the product's own pool to a new database until the context ends. */
export async function open(context: Context, name: string): Promise<Open> {
  const databaseUrl = await context.cluster.database(name);
  await pointTo(databaseUrl);
  context.afterwards(closeDatabase);
  return { ...context, databaseUrl };
}
