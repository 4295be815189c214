import "server-only";
import type { Command } from "commander";
import { z } from "zod";
import { findAccount } from "@/lib/account/profile/find-account";
import { Failure } from "@/lib/cli/failure";
import { writeOut } from "@/lib/cli/standard-output";
import { dayOf, minuteOf, table } from "@/lib/cli/table";
import { withDatabase } from "@/lib/cli/with-database";
import { activationsOf, readDevices, type ActivationView, type DeviceView } from "@/lib/licence/devices/devices";
import { releaseForSupport } from "@/lib/licence/devices/release-device";

export function addDevices(program: Command): void {
  const devices = program.command("devices").description("people's devices: list, release");
  devices
    .command("list")
    .description("list an account's devices, the last seen first")
    .argument("<email>", "the account's address")
    .option("--json", "as JSON")
    .action(async (email: string, { json }: { json?: true }) => {
      const report = await withDatabase(() => readReport(email));
      if (!report) throw new Failure(`There is no account with the address ${email}.`);
      await writeOut(json ? JSON.stringify(report, null, 2) + "\n" : table([heading, ...report.map(rowOf)]));
    });
  devices
    .command("release")
    .description("free the seat of a device at once; its owner gets an email")
    .argument("<activation-id>", "from `devices list`")
    .action(async (activationId: string) => {
      const release = () => releaseForSupport({ activationId }, { now: new Date() });
      const { status } = z.uuid().safeParse(activationId).success
        ? await withDatabase(release)
        : ({ status: "unknown" } as const);
      if (status === "unknown") throw new Failure(`There is no activation ${activationId}.`);
      await writeOut(`${activationId}: released.\n`);
    });
}

const heading = ["activation", "name", "model", "system", "product", "seat since", "last seen (UTC)", "remark"];

/** What `devices list --json` prints. `activation`: null for a device without a seat. */
type Line = DeviceView & { lastSeenAt: Date; activation: Omit<ActivationView, "device" | "lastSeenAt"> | null };

async function readReport(email: string): Promise<Line[] | null> {
  const found = await findAccount({ email });
  if (!found) return null;
  const all = await readDevices(found.account.id);
  const activations = activationsOf(all, new Date());
  return all.map(({ id, name, model, system, lastSeenAt }) => {
    const held = activations.find(({ device }) => device.id === id);
    return { id, name, model, system, lastSeenAt, activation: held ? withoutDevice(held) : null };
  });
}

const withoutDevice = ({ id, subscriptionId, product, activatedAt, silent, duplicateOf }: ActivationView) => ({
  ...{ id, subscriptionId, product, activatedAt, silent, duplicateOf },
});

const rowOf = ({ name, model, system, lastSeenAt, activation }: Line): string[] => [
  activation?.id ?? "none",
  ...[name, model ?? "", system, activation?.product ?? ""],
  activation ? dayOf(activation.activatedAt) : "",
  minuteOf(lastSeenAt),
  activation?.duplicateOf ? `probably ${activation.duplicateOf}` : activation?.silent ? "silent" : "",
];
