import { actionId, asForm, type ActionName } from "./actions";
import type { Send } from "./fixtures";
import { cookieHeader, type Answer, type Fields } from "./raw";

export const idle = { status: "idle", answer: 0 };

/** Actions by name. The build gives their ids. */
export const actions = {
  signIn: "app/(entry)/sign-in/actions.ts#submitSignIn",
  createAccount: "app/(entry)/create-account/actions.ts#submitCreateAccount",
  confirmPassword: "app/(entry)/confirm-password/actions.ts#submitPassword",
  verifyKey: "app/home/setup/key/actions.ts#verifyKey",
  activate: "app/home/setup/review/actions.ts#activate",
  activateAll: "app/home/setup/keys/actions.ts#activateAll",
  sendDispute: "app/home/setup/review/dispute/actions.ts#sendDispute",
  activateCode: "app/home/setup/partner-code/review/actions.ts#activateCode",
  showKey: "app/home/subscriptions/actions.ts#showKey",
  showCode: "app/home/setup/device/actions.ts#showCode",
  confirmDevice: "app/home/setup/device/actions.ts#confirmDevice",
  refuseDevice: "app/home/setup/device/actions.ts#refuseDevice",
  emailLink: "app/home/setup/device/actions.ts#emailLink",
  startKept: "app/home/subscriptions/actions.ts#startKept",
  release: "app/home/devices/actions.ts#release",
  moveAll: "app/home/devices/actions.ts#moveAll",
  undo: "app/home/subscriptions/undo/[id]/actions.ts#undo",
  offerMove: "app/home/subscriptions/move/[id]/actions.ts#offer",
  acceptMove: "app/home/subscriptions/move/actions.ts#accept",
  saveName: "app/home/account/name/actions.ts#saveName",
  saveCountry: "app/home/account/country/actions.ts#saveCountry",
  saveTimeZone: "app/home/account/time-zone/actions.ts#saveTimeZone",
  saveReminders: "app/home/account/reminders/actions.ts#saveReminders",
  stopReminders: "app/(entry)/reminders/actions.ts#stopReminders",
  endApp: "app/home/account/sessions/actions.ts#endApp",
  endOne: "app/home/account/sessions/actions.ts#endOne",
  endOthers: "app/home/account/sessions/actions.ts#endOthers",
  changeEmail: "app/home/account/email/actions.ts#changeEmail",
  cancelChange: "app/home/account/email/actions.ts#cancelChange",
  haveBack: "app/(entry)/restore-email/actions.ts#haveBack",
  signOut: "app/sign-out.ts#signOut",
  chooseLanguage: "app/choose-language.ts#chooseLanguage",
  askDeletion: "app/home/account/delete/actions.ts#askDeletion",
  forgotPassword: "app/(entry)/forgot-password/actions.ts#submitForgotPassword",
  newPassword: "app/(entry)/reset-password/actions.ts#submitNewPassword",
  changePassword: "app/home/account/password/actions.ts#savePassword",
  confirmByLink: "app/(entry)/verify-email/actions.ts#confirmByLink",
  confirmByCode: "app/(entry)/verify-email/actions.ts#confirmByCode",
  sendAgain: "app/(entry)/verify-email/actions.ts#sendAgain",
  correctAddress: "app/(entry)/verify-email/actions.ts#saveAddress",
  giveUp: "app/(entry)/delete-account/actions.ts#giveUp",
  beginPasskeySignIn: "app/(entry)/sign-in/passkey-actions.ts#beginPasskeySignIn",
  finishPasskeySignIn: "app/(entry)/sign-in/passkey-actions.ts#finishPasskeySignIn",
  beginPasskeyConfirmation: "app/(entry)/confirm-password/passkey-actions.ts#beginPasskeyConfirmation",
  finishPasskeyConfirmation: "app/(entry)/confirm-password/passkey-actions.ts#finishPasskeyConfirmation",
  beginAdding: "app/home/account/passkeys/add/actions.ts#beginAdding",
  finishAdding: "app/home/account/passkeys/add/actions.ts#finishAdding",
  savePasskeyName: "app/home/account/passkeys/[id]/actions.ts#savePasskeyName",
  confirmRemoval: "app/home/account/passkeys/[id]/remove/actions.ts#confirmRemoval",
} as const satisfies Record<string, ActionName>;

/**
 * An HTTP client that acts as a browser without JavaScript: it keeps cookies and sends forms, but follows no redirect
 * by itself.
 */
export class Visitor {
  /** All responses so far. */
  readonly answers: Answer[] = [];

  /** @param jar cookies by name, which the visitor keeps up to date */
  constructor(
    private readonly send: Send,
    readonly origin: string,
    private readonly jar: Record<string, string> = {},
  ) {}

  async ask(sent: Parameters<Send>[0]): Promise<Answer> {
    const headers = { Origin: this.origin, Cookie: cookieHeader(this.jar), ...sent.headers };
    const answer = await this.send({ ...sent, headers });
    this.answers.push(answer);
    for (const line of answer.setCookies) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (isDeletion(line)) delete this.jar[name];
      else this.jar[name] = value;
    }
    return answer;
  }

  open(path: string): Promise<Answer> {
    return this.ask({ path });
  }

  submit(path: string, action: ActionName, form: Record<string, string>, state?: object): Promise<Answer> {
    const call = { id: actionId(action), form: Object.entries(form) satisfies Fields, state };
    return this.ask({ method: "POST", path, ...asForm(call) });
  }

  get cookies(): Readonly<Record<string, string>> {
    return this.jar;
  }
}

export const isDeletion = (line: string): boolean => /; (Expires=Thu, 01 Jan 1970|Max-Age=0(;|$))/i.test(line);
