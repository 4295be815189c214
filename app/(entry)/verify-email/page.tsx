import { seekSession } from "@/app/gate";
import { AskedByLink } from "./asked-by-link";
import { AskedHere } from "./asked-here";

type VerifyEmailPageProps = {
  searchParams: Promise<{ token?: string | string[]; taken?: string; sent?: string; over?: string; again?: string }>;
};

/** Where a mail's link leads, also on another device; and, for who is signed in, where its six digits are typed. */
export default async function VerifyEmailPage({ searchParams }: VerifyEmailPageProps) {
  const query = await searchParams;
  if (query.token === undefined) return <AskedHere {...query} />;
  const token = String(query.token).slice(0, 100);
  const session = await seekSession(`/verify-email?token=${encodeURIComponent(token)}`);
  const here = session.status === "valid" ? session.account : null;
  return <AskedByLink token={token} taken={Boolean(query.taken)} signedIn={here} />;
}
