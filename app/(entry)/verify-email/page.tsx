import { seekSession } from "@/app/gate";
import { AskedByLink } from "./asked-by-link";
import { AskedHere } from "./asked-here";
import { readLinkToken } from "../link-token";

type VerifyEmailPageProps = {
  searchParams: Promise<{ token?: string | string[]; taken?: string; sent?: string; over?: string; again?: string }>;
};

/** Opened by an emailed link, on any device. A signed-in person can enter the six-digit code here instead. */
export default async function VerifyEmailPage({ searchParams }: VerifyEmailPageProps) {
  const query = await searchParams;
  if (query.token === undefined) return <AskedHere {...query} />;
  const token = readLinkToken(query.token);
  const session = await seekSession(`/verify-email?token=${encodeURIComponent(token)}`);
  const here = session.status === "valid" ? session.account : null;
  return <AskedByLink token={token} taken={Boolean(query.taken)} signedIn={here} />;
}
