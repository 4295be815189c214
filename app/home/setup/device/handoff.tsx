import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { AccountField } from "@/components/account-field";
import { Button, ButtonLink } from "@/components/button";
import { HiddenFields } from "@/components/hidden-fields";
import { DoneIcon, LookAgainIcon } from "@/components/icons";
import { Notice } from "@/components/notice";
import { QrCode } from "@/components/qr-code";
import { SubmitButton } from "@/components/submit-button";
import { qrCode } from "@/app/qr-code";
import { handoffPath, printHandoffCode } from "@/lib/account/handoff/handoff-code";
import type { HandoffView } from "@/lib/account/handoff/handoffs";
import { versionOf } from "@/lib/account/handoff/watch-handoffs";
import type { Caller } from "@/lib/account/session/caller";
import { brand, systemNames } from "@/lib/brand";
import { env } from "@/lib/env";
import { OPEN_END } from "@/lib/licence/coverage";
import { formatClock, formatEnd } from "@/lib/messages/dates";
import { confirmDevice, emailLink, refuseDevice, showCode } from "./actions";
import { Ladder } from "./ladder";
import { LiveHandoff } from "./live-handoff";

type HandoffProps = {
  view: HandoffView | null;
  account: Caller["account"];
  /** Whether the page is on a phone. It then makes no code by itself. */
  inHand: boolean;
  again: string | undefined;
  email: string | undefined;
};

const showForm = "show-code";

/** What the screen shows of the way of one device, from its code to its protection. */
type Stage =
  | "none"
  | "open"
  | "claimed"
  | "confirmed"
  | "signedIn"
  | "seated"
  | "protected"
  | "signedOut"
  | "refused"
  | "expired"
  | "late";

/** The device goes no further, so no step of it is left to show. */
const ended: readonly Stage[] = ["signedOut", "refused", "expired", "late"];

function stageOf(view: HandoffView | null): Stage {
  if (!view) return "none";
  const { state, claimedAt, signedInAt, signedOutAt, seatTakenAt, protectedUntil } = view;
  if (state === "expired") return claimedAt ? "late" : "expired";
  if (state !== "confirmed") return state;
  if (!signedInAt) return "confirmed";
  if (signedOutAt) return "signedOut";
  if (!seatTakenAt) return "signedIn";
  return protectedUntil ? "protected" : "seated";
}

const asSentence = (title: string): string => (/[.?]$/.test(title) ? title : `${title}.`);

/** The code that signs a device in, and then each step of that device as it happens. */
export async function Handoff({ view, account, inHand, again, email }: HandoffProps) {
  const [t, common, locale] = await Promise.all([
    getTranslations("device.handoff"),
    getTranslations("common"),
    getLocale(),
  ]);
  const stage = stageOf(view);
  const device = view?.device?.name ?? "";
  const title = t(`title.${stage}`, { device });
  const clock = (at: Date) => formatClock(at, locale, account.timeZone);
  const isLimited = again === "limited";
  const needsCode = (stage === "none" || stage === "expired") && !inHand && !isLimited;
  const until = view?.protectedUntil;
  const text = t(`text.${stage}`, {
    device,
    app: brand.app,
    number: view?.number ?? 0,
    date: until && until < OPEN_END ? formatEnd(until, locale, account.timeZone) : "",
    ends: until && until < OPEN_END ? "yes" : "no",
  });

  return (
    <section
      aria-labelledby="handoff"
      className="max-w-card rounded-lg border border-line bg-sheet px-5 py-6 sm:px-8 sm:py-8"
    >
      <LiveHandoff
        version={versionOf(view)}
        status={`${asSentence(title)} ${text}`}
        press={needsCode ? showForm : undefined}
      />
      {isLimited && <Note tone="warning">{t("limited")}</Note>}
      {email === "sent" && stage === "open" && <Note tone="done">{t("emailed", { email: account.email })}</Note>}
      {email === "limited" && <Note tone="warning">{t("emailLimited")}</Note>}
      <div className="grid gap-x-10 gap-y-6 sm:grid-cols-[11rem_minmax(0,1fr)]">
        <Picture stage={stage} view={view} label={t("qr")} numberLabel={t("number")} />
        <div className="min-w-0">
          <h2 id="handoff" className="text-h2 tracking-tight wrap-break-word">
            {title}
          </h2>
          <p className="mt-2 max-w-measure">{text}</p>
          {stage === "open" && view?.code ? (
            <OpenCode code={view.code} account={account} ends={t("ends", { clock: clock(view.expiresAt) })} />
          ) : stage === "claimed" && view ? (
            <>
              <p className="mt-4 text-small text-soft">
                {[
                  view.device?.model,
                  view.device && systemNames[view.device.system],
                  t("asked", { clock: clock(view.claimedAt!) }),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
              <div className="mt-5 flex flex-wrap gap-3">
                <form action={confirmDevice} className="max-sm:w-full">
                  <HiddenFields values={{ handoff: view.id, account: account.id }} />
                  <SubmitButton pending={common("pending")}>{t("yes")}</SubmitButton>
                </form>
                <form action={refuseDevice} className="max-sm:w-full">
                  <HiddenFields values={{ handoff: view.id, account: account.id }} />
                  <SubmitButton variant="quiet" pending={common("pending")}>
                    {t("no")}
                  </SubmitButton>
                </form>
              </div>
            </>
          ) : (
            <Again stage={stage} account={account} />
          )}
        </div>
      </div>
      {!ended.includes(stage) && (
        <div className="mt-8">
          <Ladder view={view} clock={clock} />
        </div>
      )}
      <div className="mt-5 hidden noscript:block">
        <p className="mb-3 text-small text-soft">{t("withoutScripts")}</p>
        <ButtonLink variant="quiet" size="small" href="/home/setup/device">
          {t("check")}
        </ButtonLink>
      </div>
    </section>
  );
}

/** The button for a code, where there is none, or where the way of the last one is over. */
async function Again({ stage, account }: { stage: Stage; account: Caller["account"] }) {
  const [t, common] = await Promise.all([getTranslations("device.handoff"), getTranslations("common")]);
  const label = {
    none: t("show"),
    ...{ expired: t("showNew"), late: t("showNew"), refused: t("showNew"), signedOut: t("showNew") },
    // A device that signs in and takes no seat must not keep the next one waiting.
    ...{ confirmed: t("another"), signedIn: t("another"), seated: t("another"), protected: t("another") },
    ...{ open: null, claimed: null },
  }[stage];
  if (label === null) return null;
  const isOver = stage === "protected" || stage === "seated";
  const isNext = isOver || stage === "confirmed" || stage === "signedIn";
  return (
    <div className="mt-5 flex flex-wrap gap-3">
      <form action={showCode} id={showForm} className="max-sm:w-full">
        <AccountField id={account.id} />
        <SubmitButton variant={isNext ? "quiet" : "primary"} pending={common("pending")}>
          {label}
        </SubmitButton>
      </form>
      {(isOver || stage === "signedOut") && (
        <ButtonLink variant="quiet" href="/home/devices">
          {t("devices")}
        </ButtonLink>
      )}
    </div>
  );
}

const Note = ({ tone, children }: { tone: "warning" | "done"; children: ReactNode }) => (
  <div className="mb-6">
    <Notice tone={tone}>{children}</Notice>
  </div>
);

type PictureProps = { stage: Stage; view: HandoffView | null; label: string; numberLabel: string };

/** The code to scan, then the number to compare, then a mark. */
function Picture({ stage, view, label, numberLabel }: PictureProps) {
  if (stage === "open" && view?.code) {
    return (
      <div className="w-44 overflow-hidden rounded [&_svg]:w-full">
        <QrCode {...qrCode(env().authUrl + handoffPath(view.code))} label={label} />
      </div>
    );
  }
  if (stage === "claimed") {
    return (
      <div className="grid size-44 content-center justify-items-center rounded bg-green-wash max-sm:h-28 max-sm:w-full">
        <p className="text-small text-soft">{numberLabel}</p>
        <p className="font-mono text-h1 font-bold">{view?.number}</p>
      </div>
    );
  }
  const isGood = stage === "confirmed" || stage === "signedIn" || stage === "protected";
  const isBad = stage === "seated" || ended.includes(stage);
  return (
    <div
      className={`grid size-44 place-items-center rounded ${isGood ? "bg-green-wash text-green" : isBad ? "bg-amber-wash text-amber" : "border-2 border-dashed border-line"} max-sm:h-24 max-sm:w-full`}
    >
      {isGood && <DoneIcon className="size-12" />}
      {isBad && <LookAgainIcon className="size-12" />}
    </div>
  );
}

/** The code as text: to open its link elsewhere, to type it into the app, or to send it by email. */
async function OpenCode({ code, account, ends }: { code: string; account: Caller["account"]; ends: string }) {
  const t = await getTranslations("device.handoff");
  const link = env().authUrl + handoffPath(code);
  return (
    <>
      <p className="mt-5 text-small text-soft">{t("orType", { app: brand.app })}</p>
      <p className="font-mono text-h2 font-bold tracking-wider whitespace-nowrap" dir="ltr" translate="no">
        {printHandoffCode(code)}
      </p>
      <p className="mt-3 text-small text-soft">{t("orOpen")}</p>
      <p className="text-small wrap-break-word">
        <a href={link} className="link" translate="no">
          {link.replace(/^https?:\/\//, "")}
        </a>
      </p>
      <div className="mt-4 flex flex-wrap items-center gap-x-6 gap-y-3">
        {account.emailVerifiedAt && (
          <form action={emailLink} className="max-sm:w-full">
            <AccountField id={account.id} />
            <Button type="submit" variant="quiet" size="small">
              {t("email")}
            </Button>
          </form>
        )}
        <p className="text-small text-soft">{ends}</p>
      </div>
    </>
  );
}
