import "server-only";
import * as account from "@/lib/db/schema/account";
import * as device from "@/lib/db/schema/device";
import * as dispute from "@/lib/db/schema/dispute";
import * as event from "@/lib/db/schema/event";
import * as ledger from "@/lib/db/schema/ledger";
import * as licence from "@/lib/db/schema/licence";
import * as limits from "@/lib/db/schema/limits";
import * as mail from "@/lib/db/schema/mail";
import * as oauth from "@/lib/db/schema/oauth";
import * as partner from "@/lib/db/schema/partner";
import * as setting from "@/lib/db/schema/setting";
import * as signing from "@/lib/db/schema/signing";

/** Every table, by its name in the code. The export, the erasure and tests use it, so that they miss no table. */
export const tables = {
  ...account,
  ...device,
  ...dispute,
  ...event,
  ...ledger,
  ...licence,
  ...limits,
  ...mail,
  ...oauth,
  ...partner,
  ...setting,
  ...signing,
};
