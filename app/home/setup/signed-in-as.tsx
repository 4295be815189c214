import { getTranslations } from "next-intl/server";
import type { seekSession } from "@/app/gate";

type SignedInAsProps = {
  session: Awaited<ReturnType<typeof seekSession>>;
  /** The path to return to after switching the account. */
  here: string;
  /** Said to somebody who is not signed in. */
  otherwise: string;
};

/** Below a field: which account the person uses, or that they sign in next. */
export async function SignedInAs({ session, here, otherwise }: SignedInAsProps) {
  const t = await getTranslations("key");
  return (
    <p className="mt-8 border-t border-line pt-5 text-small text-soft">
      {session.status === "valid" ? (
        <>
          {t("signedInAs", { email: session.account.email })}{" "}
          <a href={`/sign-in?switch=1&next=${encodeURIComponent(here)}`}>{t("notYou")}</a>
        </>
      ) : (
        otherwise
      )}
    </p>
  );
}
