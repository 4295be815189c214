import { getLocale, getTranslations } from "next-intl/server";
import { Notice } from "@/components/notice";
import { products } from "@/lib/brand";
import { erasedOn } from "@/lib/account/deletion/delete-account";
import { available, requireFresh } from "@/app/gate";
import { listSubscriptions } from "@/lib/licence/subscriptions";
import { formatDay, formatEnd } from "@/lib/messages/dates";
import { formWords } from "@/lib/messages/form-words";
import { AccountColumns } from "../account-columns";
import { AccountHeading } from "../account-heading";
import { DeleteForm } from "./delete-form";
import { currentTime } from "@/lib/clock";

const here = "/home/account/delete";

type DeletePageProps = { searchParams: Promise<{ again?: string; sent?: string }> };

export default async function DeletePage({ searchParams }: DeletePageProps) {
  const { account } = await requireFresh(here);
  const [t, locale] = await Promise.all([getTranslations("deleteAccount"), getLocale()]);
  const { again, sent } = await searchParams;
  if (sent) {
    const title = t("sent.title");
    return (
      <AccountColumns current="delete">
        <div className="max-w-measure">
          <DeleteForm
            key={account.id}
            account={account.id}
            isAgain
            words={{ ...(await formWords("tooManyMails")), title, submit: t("sent.again") }}
          >
            <AccountHeading
              title={title}
              lead={t("sent.lead", { email: account.email })}
              email={account.email}
              again={again}
            />
            <div role="status" className="not-empty:mb-8">
              {sent === "again" && <Notice tone="done">{t("sent.sentAgain")}</Notice>}
            </div>
            <p>{t("sent.nothingYet")}</p>
            <p className="my-4">{t("sent.nothingCame")}</p>
          </DeleteForm>
        </div>
      </AccountColumns>
    );
  }

  const now = currentTime();
  const subscriptions = await available(here, listSubscriptions({ accountId: account.id }, { now }));
  const running = subscriptions.filter(({ state }) => state === "active");
  return (
    <AccountColumns current="delete">
      <div className="max-w-measure">
        <DeleteForm
          key={account.id}
          account={account.id}
          words={{ ...(await formWords("tooManyMails")), title: t("title"), submit: t("submit") }}
        >
          <AccountHeading title={t("title")} lead={t("lead")} email={account.email} again={again} />
          {running.length > 0 && (
            <div className="mb-8">
              <Notice tone="warning" title={t("lost.title")}>
                <ul>
                  {running.map(({ id, product, endsAt, lease }) => (
                    <li key={id}>
                      {lease
                        ? t("lost.leased", { product: products[product].name, partner: lease.partner })
                        : t("lost.subscription", {
                            product: products[product].name,
                            date: formatEnd(endsAt, locale, account.timeZone),
                          })}
                    </li>
                  ))}
                </ul>
              </Notice>
            </div>
          )}
          <ol className="mb-8 list-none">
            {[
              t("steps.mail"),
              t("steps.now"),
              t("steps.back"),
              t("steps.erased", { date: formatDay(erasedOn(now), locale, account.timeZone) }),
            ].map((step, index) => (
              <li key={step} className="flex gap-4 border-t border-line py-3">
                <span aria-hidden className="w-5 flex-none font-bold text-green">
                  {index + 1}
                </span>
                {step}
              </li>
            ))}
          </ol>
        </DeleteForm>
      </div>
    </AccountColumns>
  );
}
