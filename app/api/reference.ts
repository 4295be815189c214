import "server-only";
import written from "./openapi.json/document.json";

/* Reads the committed OpenAPI document for the page that shows it. */

export type Schema = {
  $ref?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  type?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  example?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
};

type Content = { content?: Record<string, { schema: Schema }> };

type Described = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, unknown>[];
  parameters?: { in: string; name: string; schema: Schema; description?: string; required?: boolean }[];
  requestBody?: Content;
  responses: Record<string, Content & { description: string }>;
};

const document = written as unknown as {
  tags: { name: string }[];
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema> };
};

export type Entry = Described & { method: string; path: string };

/** The operations by subject. */
export const subjects: { name: string; entries: Entry[] }[] = document.tags.map(({ name }) => ({
  name,
  entries: Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, one]) => one.tags.includes(name))
      .map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
  ),
}));

/** Every problem by code, with its status and what it means. */
export const problems: { code: string; status: number; meaning: string }[] = Object.values(document.components.schemas)
  .filter(({ properties }) => properties?.type?.const === "about:blank")
  .map(({ description, properties }) => ({
    code: String(properties!.code!.const),
    status: Number(properties!.status!.const),
    meaning: description ?? "",
  }))
  .sort((a, b) => a.status - b.status || a.code.localeCompare(b.code));

const codesIn = ({ responses }: Described): string[] =>
  Object.values(responses).flatMap(({ description }) =>
    [...description.matchAll(/^`(\w+)`:/gm)].map(([, code]) => code!),
  );

const everyCode = subjects.flatMap(({ entries }) => entries.flatMap(codesIn));

/** Operations that share a code which belongs to a kind of request, and not to what they do. */
const MANY = 5;

/** The codes that an operation is refused with because of what it does. */
export const codesOf = (entry: Entry): string[] =>
  codesIn(entry).filter((code) => everyCode.filter((other) => other === code).length < MANY);

const resolve = (schema: Schema): Schema =>
  schema.$ref ? document.components.schemas[schema.$ref.split("/").at(-1)!]! : schema;

export type Field = { name: string; type: string; required: boolean; description: string };

/** What a request can say: its parameters and the members of its body, with those of objects in them. */
export function fieldsOf({ parameters = [], requestBody }: Entry): Field[] {
  const given = parameters.map(({ in: where, name, schema, description = "", required }) => ({
    ...{ name: `${name}`, type: `${where}, ${typeOf(schema)}` },
    required: required ?? where === "path",
    description: description || (schema.description ?? ""),
  }));
  const body = requestBody?.content?.["application/json"]?.schema;
  return [...given, ...(body ? membersOf(body, "") : [])];
}

const membersOf = (schema: Schema, before: string): Field[] =>
  Object.entries(resolve(schema).properties ?? {}).flatMap(([name, one]) => {
    const member = resolve(one);
    const required = resolve(schema).required?.includes(name) ?? false;
    const own = { name: before + name, type: typeOf(one), required, description: member.description ?? "" };
    return [own, ...membersOf(one, `${before}${name}.`)];
  });

function typeOf(schema: Schema): string {
  const { type, format, enum: values, anyOf, const: only } = resolve(schema);
  if (values) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (only !== undefined) return JSON.stringify(only);
  if (anyOf) return anyOf.map(typeOf).join(" | ");
  return format ? `${type}, ${format}` : (type ?? "any");
}

/** An example that the schema gives, or that its members make up. */
export function exampleOf(schema: Schema): unknown {
  const { example, properties, items, enum: values, const: only, default: usual, type, format } = resolve(schema);
  if (example !== undefined) return example;
  if (only !== undefined) return only;
  if (usual !== undefined) return usual;
  if (values) return values[0];
  if (properties) return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, exampleOf(one)]));
  if (items) return [exampleOf(items)];
  if (format === "uuid") return "3f0e6c1a-5b7d-4c8e-9a21-6d4b8f2e7c10";
  if (format === "date-time") return "2027-03-14T09:26:53.000Z";
  return type === "integer" ? 5 : type === "boolean" ? false : type === "string" ? "…" : null;
}

/** An example of a request and its answer, as they travel. */
export function exchangeOf(entry: Entry): { request: string; answer: string } {
  const { method, path, parameters = [], requestBody, responses } = entry;
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    String(exampleOf(parameters.find((one) => one.in === "path" && one.name === name)!.schema)),
  );
  const body = requestBody?.content?.["application/json"]?.schema;
  const isRepeatable = parameters.some(({ name }) => name === "Idempotency-Key");
  const isKnown = Object.keys(entry.security[0] ?? {}).length > 0;
  const [status] = Object.keys(responses);
  const answered = responses[status!]?.content?.["application/json"]?.schema;
  return {
    request: [
      `${method} ${target}`,
      ...(isKnown ? ["Authorization: Bearer …"] : []),
      ...(isRepeatable ? ["Idempotency-Key: 5a3f0c9e"] : []),
      ...(body ? ["Content-Type: application/json", "", inJson(exampleOf(body))] : []),
    ].join("\n"),
    answer: [
      status === "204" ? "204 No Content" : `${status} OK`,
      ...(answered ? ["", inJson(exampleOf(answered))] : []),
    ].join("\n"),
  };
}

const inJson = (value: unknown) => JSON.stringify(value, null, 2);
