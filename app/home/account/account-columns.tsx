import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { PageColumns } from "@/components/page-columns";

/** The pages of My account, in its order, with the names that My account gives them. */
const pages = {
  name: "name",
  email: "email",
  country: "country",
  "time-zone": "timeZone",
  reminders: "reminders",
  password: "password",
  passkeys: "passkeys",
  sessions: "sessions",
  cases: "cases",
  activity: "activity",
  export: "export",
  delete: "delete",
} as const;

type AccountColumnsProps = { current: keyof typeof pages; children: ReactNode };

/** A page of My account, with the way to the others beside it. A narrow screen has only the link back to My account. */
export async function AccountColumns({ current, children }: AccountColumnsProps) {
  const t = await getTranslations("account");
  // Few people have a case. My account leads those who do to the page.
  const listed = Object.entries(pages).filter(([page]) => page !== "cases" || current === "cases");
  return (
    <PageColumns
      aside={
        <nav aria-labelledby="account-pages" className="max-lg:hidden print:hidden">
          <h2 id="account-pages" className="mb-3 text-h3">
            {t("title")}
          </h2>
          <ul className="border-b border-line">
            {listed.map(([page, row]) => (
              <li key={page} className="border-t border-line">
                <a
                  href={`/home/account/${page}`}
                  aria-current={page === current ? "page" : undefined}
                  className="flex min-h-target items-center py-2 underline-offset-4 hover:underline aria-[current]:font-bold"
                >
                  {t(`rows.${row}`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      }
    >
      {children}
    </PageColumns>
  );
}
