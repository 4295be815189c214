import "server-only";
import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";

/* Checks the API against its committed OpenAPI document, without a line of the code that wrote it. */

type Schema = {
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  const?: unknown;
  enum?: unknown[];
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};

type Content = { content?: Record<string, { schema: Schema; example?: unknown }>; headers?: Record<string, object> };

type Described = {
  operationId: string;
  security: Record<string, unknown>[];
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: Content;
  responses: Record<string, Content>;
};

export type DocumentedOperation = Described & { method: string; path: string };

const document = JSON.parse(readFileSync("app/api/openapi.json/document.json", "utf8")) as {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
};

export const documented: DocumentedOperation[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, one]) => ({ ...one, path, method: method.toUpperCase() })),
);

export const documentedBy = (operationId: string): DocumentedOperation => {
  const found = documented.find((one) => one.operationId === operationId);
  if (!found) throw new Error(`the document has no operation ${operationId}`);
  return found;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "api");
const validators = new Map<string, ValidateFunction>();

/** What of an answer the document does not allow. Null: nothing. */
export function faultOf(
  operationId: string,
  answer: { status: number; headers: Record<string, unknown>; text: string },
): string | null {
  const { path, method, responses } = documentedBy(operationId);
  const response = responses[answer.status];
  if (!response) return `${answer.status} is not documented: ${answer.text}`;
  for (const name of Object.keys(response.headers ?? {}))
    if (answer.headers[name.toLowerCase()] === undefined) return `the header ${name} is missing`;
  const [type] = Object.keys(response.content ?? {});
  if (type === undefined) return answer.text === "" ? null : `a body: ${answer.text}`;
  if (answer.headers["content-type"] !== type) return `the type is ${String(answer.headers["content-type"])}`;
  const pointer = ["paths", path, method.toLowerCase(), "responses", answer.status, "content", type, "schema"]
    .map((part) => encodeURIComponent(String(part).replaceAll("~", "~0").replaceAll("/", "~1")))
    .join("/");
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `api#/${pointer}` });
  validators.set(pointer, validate);
  return validate(JSON.parse(answer.text)) ? null : `${ajv.errorsText(validate.errors)}: ${answer.text}`;
}

/** Values as the document describes them, and some that it does not. */
export function requestsOf(operationId: string): fc.Arbitrary<{ body: unknown; params: Record<string, string> }> {
  const { parameters = [], requestBody } = documentedBy(operationId);
  const schema = requestBody?.content?.["application/json"]?.schema;
  const paths = parameters.filter((one) => one.in === "path").map(({ name, schema }) => [name, schema] as const);
  return fc.record({
    body: schema ? fc.oneof({ weight: 3, arbitrary: valuesOf(schema) }, fc.jsonValue()) : fc.jsonValue(),
    params: fc.record(
      Object.fromEntries(
        paths.map(([name, schema]) => [name, fc.oneof(valuesOf(schema).map(String), fc.string({ minLength: 1 }))]),
      ),
    ) as fc.Arbitrary<Record<string, string>>,
  });
}

function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.$ref) return valuesOf(document.components.schemas[schema.$ref.split("/").at(-1)!]!);
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return fc.oneof(...either.map(valuesOf));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case "object":
      return fc.record(
        Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, mostly(valuesOf(one))])),
        { requiredKeys: schema.required ?? [] },
      );
    case "array":
      return fc.array(valuesOf(schema.items ?? {}), { maxLength: 5 });
    case "string":
      if (schema.format === "uuid") return fc.uuid({ version: 4 });
      if (schema.pattern) return fc.stringMatching(new RegExp(schema.pattern));
      return fc.string({
        minLength: schema.minLength ?? 0,
        maxLength: Math.min(schema.maxLength ?? 80, 1_200),
        unit: "binary",
      });
    case "integer":
      return fc.integer();
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    default:
      return fc.jsonValue();
  }
}

/** Now and then something else. */
const mostly = (values: fc.Arbitrary<unknown>) => fc.oneof({ weight: 12, arbitrary: values }, fc.jsonValue());
