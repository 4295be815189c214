import { getTranslations } from "next-intl/server";
import { CheckIcon } from "@/components/icons";
import type { HandoffView } from "@/lib/account/handoff/handoffs";

/** The steps of a device, each with its time once it has happened. */
export async function Ladder({ view, clock }: { view: HandoffView | null; clock: (at: Date) => string }) {
  const t = await getTranslations("device.handoff.ladder");
  const steps = [
    { name: "scanned", at: view?.claimedAt },
    { name: "confirmed", at: view?.decidedAt },
    { name: "seatTaken", at: view?.seatTakenAt },
    { name: "protected", at: view?.protectedUntil ? view.seatTakenAt : null },
  ] as const;
  const next = steps.findIndex(({ at }) => !at);
  return (
    <ol aria-label={t("label")} className="grid gap-x-6 gap-y-4 sm:grid-cols-4">
      {steps.map(({ name, at }, index) => (
        <li
          key={name}
          aria-current={index === next ? "step" : undefined}
          className={`flex items-start gap-3 border-t-2 pt-3 sm:block ${at ? "border-green" : "border-line"}`}
        >
          <span
            aria-hidden="true"
            className={`grid size-6 flex-none place-items-center rounded-full border-2 text-note/none font-bold ${at ? "border-green text-green" : "border-line text-soft"}`}
          >
            {at ? <CheckIcon className="size-3.5" /> : index + 1}
          </span>
          <div className="sm:mt-2">
            <p className={at ? "font-bold" : "text-soft"}>{t(name)}</p>
            <p className="text-small text-soft sm:min-h-6">
              {at ? clock(at) : <span className="sr-only">{t("notYet")}</span>}
            </p>
          </div>
        </li>
      ))}
    </ol>
  );
}
