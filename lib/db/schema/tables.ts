import "server-only";
import * as account from "@/lib/db/schema/account";
import * as event from "@/lib/db/schema/event";
import * as licence from "@/lib/db/schema/licence";
import * as limits from "@/lib/db/schema/limits";
import * as mail from "@/lib/db/schema/mail";
import * as setting from "@/lib/db/schema/setting";

/** Every table, by its name in the code. The export, the erasure and tests use it, so that they miss no table. */
export const tables = { ...account, ...event, ...licence, ...limits, ...mail, ...setting };
