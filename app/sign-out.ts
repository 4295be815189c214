"use server";

import { redirect } from "next/navigation";
import { endSession } from "@/lib/account/session/end-session";
import { available } from "@/app/gate";
import { dropTyped } from "@/lib/account/session/typed-form";
import { dropOfferedMove } from "@/app/offered-move";
import { dropTypedKeys } from "@/app/typed-key";
import { currentTime } from "@/lib/clock";

/** Ends the session in the browser and in the database, forgets what it held, and returns to the start page. */
export async function signOut(): Promise<void> {
  await available("/home/setup", endSession({ now: currentTime() }));
  await dropTypedKeys();
  await dropTyped();
  await dropOfferedMove();
  redirect("/home/setup?signed-out=1");
}
