import { expect, it } from "vitest";
import { keyPairOf } from "@/lib/licence/signing-key-pair";

it("computes the public key and the thumbprint of RFC 8037, appendix A", async () => {
  const { id, publicKey } = await keyPairOf(Buffer.from("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "base64url"));
  expect(publicKey.toString("base64url")).toBe("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
  expect(id).toBe("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
});
