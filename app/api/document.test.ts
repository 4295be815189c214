/// <reference types="vitest/importMeta" />
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { writeDocument } from "@/app/api/document";
import type { Handler } from "@/app/api/serving/answer";
import { operations } from "@/app/api/operations";

/* `npx vitest run --project unit app/api/document -u` writes the document. */

const all = Object.values(operations).flat();

it("the committed document is what the operations say", async () => {
  await expect(`${JSON.stringify(writeDocument(), null, 2)}\n`).toMatchFileSnapshot("openapi.json/document.json");
});

it("the document is valid OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(writeDocument())));
  expect(errors).toBeUndefined();
  expect({ valid, version: validator.version }).toEqual({ valid: true, version: "3.1" });
});

const routes = import.meta.glob<Record<string, Partial<Handler>>>("./v1/**/route.ts");

/** The operations that the routes under `/api/v1` answer by, as "method path". */
async function served(): Promise<Map<string, unknown>> {
  const found = new Map<string, unknown>();
  for (const [file, load] of Object.entries(routes)) {
    const path = file
      .replace("./", "/api/")
      .replace("/route.ts", "")
      .replace(/\[(\w+)\]/g, "{$1}");
    const answering = Object.entries(await load()).filter(([method, { operation }]) => operation && method !== "HEAD");
    expect(answering, `${file} answers by no operation`).not.toEqual([]);
    for (const [method, { operation }] of answering) found.set(`${method} ${path}`, operation);
  }
  return found;
}

it("every route answers by an operation of the document, and every operation has its route", async () => {
  const documented = new Map(all.map((one) => [`${one.method} ${one.path}`, one]));
  const answering = await served();
  expect([...answering.keys()].sort()).toEqual([...documented.keys()].sort());
  for (const [name, operation] of answering) expect(operation, name).toBe(documented.get(name));
});

it("every operation has a name of its own, and says what it refuses", () => {
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  for (const { id, params, unknown } of all) expect(Boolean(params), id).toBe(unknown !== undefined);
});
