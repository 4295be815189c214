import { closeDatabase, openDatabase } from "@/lib/db/client";
import type { Cluster } from "./cluster";

/** How long everything takes. */
export type Scale = {
  rounds: number;
  /** Milliseconds of one measurement of something that can be repeated. */
  slice: number;
  /** Keys redeemed in one measurement, in process and over HTTP; one statement redeems as many times more. */
  redemptions: number;
  keysIssued: number;
};

export const fullScale: Scale = { rounds: 9, slice: 400, redemptions: 300, keysIssued: 100_000 };
export const quickScale: Scale = { rounds: 3, slice: 300, redemptions: 100, keysIssued: 100_000 };

export type Context = {
  cluster: Cluster;
  scale: Scale;
  /** Has something undone when the rows of this context have been measured, last first. */
  afterwards(undo: () => Promise<unknown>): void;
};

/** The database that the product's pool is open on. */
export type Open = Context & { databaseUrl: string };

/** Points the product's own pool to a database. */
export async function pointTo(databaseUrl: string): Promise<void> {
  await closeDatabase();
  openDatabase(databaseUrl);
}

/** Points the product's own pool to a new database, for as long as the context lasts. */
export async function open(context: Context, name: string): Promise<Open> {
  const databaseUrl = await context.cluster.database(name);
  await pointTo(databaseUrl);
  context.afterwards(closeDatabase);
  return { ...context, databaseUrl };
}
