import { createHash, randomBytes } from "node:crypto";
import type { APIRequestContext, APIResponse } from "@playwright/test";
import type { DeviceInfo } from "@/lib/licence/devices/device-shape";

/** A phone with the app, as the portal sees it: over HTTP, by the API and `/oauth/token` only. */
export class Phone {
  private readonly verifier = randomBytes(32).toString("base64url");
  readonly challenge = createHash("sha256").update(this.verifier).digest("base64url");
  readonly device: DeviceInfo;

  constructor(
    private readonly request: APIRequestContext,
    { name = "Camille’s phone", model = "Pixel 9" as string | null, system = "android" as const } = {},
  ) {
    this.device = { installId: randomBytes(16).toString("base64url"), name, model, system };
  }

  claim(code: string): Promise<APIResponse> {
    const data = { clientId: "reference-phone", challenge: this.challenge, device: this.device };
    return this.request.post(`/api/v1/handoffs/${code}/claim`, { data });
  }

  look(code: string): Promise<APIResponse> {
    return this.request.get(`/api/v1/handoffs/${code}?challenge=${this.challenge}`);
  }

  exchange(code: string): Promise<APIResponse> {
    const form = {
      grant_type: "urn:setup-portal:grant-type:handoff",
      client_id: "reference-phone",
      handoff_code: code,
      code_verifier: this.verifier,
    };
    return this.request.post("/oauth/token", { form });
  }

  activate(token: string, subscriptionId: string): Promise<APIResponse> {
    const headers = { Authorization: `Bearer ${token}` };
    return this.request.post("/api/v1/activations", { headers, data: { subscriptionId, device: this.device } });
  }
}
