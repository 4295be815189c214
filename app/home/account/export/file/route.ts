import { exportAccount } from "@/lib/account/deletion/export-account";
import { available, requireFresh } from "@/app/gate";
import { readClient } from "@/lib/account/session/session";
import { currentTime } from "@/lib/clock";

const here = "/home/account/export";

/** The export as a file to keep. It changes nothing, so a link may lead here. */
export async function GET(): Promise<Response> {
  const { account } = await requireFresh(here);
  const now = currentTime();
  const file = await available(here, exportAccount({ accountId: account.id }, { now, client: await readClient() }));
  return new Response(file, {
    headers: {
      "Content-Type": "application/json; charset=utf-8",
      "Content-Disposition": `attachment; filename="my-account-${now.toISOString().slice(0, 10)}.json"`,
      "Cache-Control": "no-store",
    },
  });
}
