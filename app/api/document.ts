import { STATUS_CODES } from "node:http";
import { z } from "zod";
import {
  createDocument,
  type CreateDocumentOptions,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { codesOf, isRepeatable, type Auth, type Operation } from "@/app/api/serving/operation";
import { operations } from "@/app/api/operations";
import { kindOf, type ProblemCode } from "@/app/api/serving/problems";
import { brand } from "@/lib/brand";
import { problemType } from "@/lib/http/problem";

/*
 * Writes the OpenAPI document from the operations. Only the test uses it, which compares the committed document: so the
 * server needs no generator.
 */

const schemes: Record<Auth, { [scheme: string]: string[] }[]> = {
  app: [{ app: [] }],
  partner: [{ partner: [] }],
  anybody: [{}],
};

/** @returns an OpenAPI 3.1 document */
export function writeDocument() {
  const paths: ZodOpenApiPathsObject = {};
  for (const [tag, ofTag] of Object.entries(operations)) {
    for (const one of ofTag) paths[one.path] = { ...paths[one.path], [one.method.toLowerCase()]: describe(one, tag) };
  }
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: `${brand.site} API`,
        version: "1",
        description: "For apps that act for a signed-in person, and for programs of partners.",
      },
      // Relative to the document's own address.
      servers: [{ url: "/" }],
      tags: Object.keys(operations).map((name) => ({ name })),
      paths,
      components: {
        securitySchemes: {
          app: {
            type: "oauth2",
            description: "Authorization code with PKCE (RFC 8252). The token goes into `Authorization: Bearer`.",
            flows: {
              authorizationCode: {
                ...{ authorizationUrl: "/oauth/authorize", tokenUrl: "/oauth/token", refreshUrl: "/oauth/token" },
                scopes: {},
              },
            },
          },
          partner: { type: "http", scheme: "bearer", description: "A partner’s token." },
        },
      },
    },
    options,
  );
}

function describe(one: Operation, tag: string): ZodOpenApiOperationObject {
  const { id, summary, description, params, query, body, returns } = one;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description && { description }),
    security: schemes[one.auth],
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(isRepeatable(one) && { header: repeating }),
    },
    ...(body && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      ...(returns
        ? { 200: { description: "Done.", content: { "application/json": { schema: returns } }, ...headersOf(one) } }
        : { 204: { description: "Done.", ...headersOf(one) } }),
      ...problemsOf(one),
    },
  };
}

const repeating = z.object({
  "Idempotency-Key": z.string().min(1).max(255).optional().meta({
    description: "Within a day, the same request with the same key gets the first answer and has no second effect.",
  }),
});

const ofQuota = {
  "RateLimit-Policy": z.string().meta({ description: "How many requests (`q`) in how many seconds (`w`)." }),
  RateLimit: z.string().meta({ description: "How many requests are left (`r`), for how many seconds (`t`)." }),
};

const headersOf = ({ auth }: Operation) => (auth === "anybody" ? {} : { headers: z.object(ofQuota) });

/** The refusals of an operation by status, each with its codes and their members. */
function problemsOf(one: Operation): ZodOpenApiResponsesObject {
  const codes = codesOf(one);
  const answers: ZodOpenApiResponsesObject = {};
  for (const status of [...new Set(codes.map((code) => kindOf(code).status))].sort((a, b) => a - b)) {
    const ofStatus = codes.filter((code) => kindOf(code).status === status);
    const [first, ...more] = ofStatus.map(problemSchema);
    answers[`${status as 400}`] = {
      description: ofStatus.map((code) => `\`${code}\`: ${kindOf(code).detail}`).join("\n"),
      content: { [problemType]: { schema: more.length > 0 ? z.union([first!, ...more]) : first! } },
      ...(status === 429 || status === 503 ? { headers: z.object({ "Retry-After": seconds }) } : {}),
      ...(status === 401 ? { headers: z.object({ "WWW-Authenticate": z.string() }) } : {}),
    };
  }
  return answers;
}

const seconds = z.string().meta({ description: "Seconds after which to try again." });

const schemasOfProblems = new Map<ProblemCode, z.ZodObject>();

/** Problem details (RFC 9457) of one code. */
function problemSchema(code: ProblemCode): z.ZodObject {
  const known = schemasOfProblems.get(code);
  if (known) return known;
  const { status, detail, members } = kindOf(code);
  const schema = z
    .strictObject({
      type: z.literal("about:blank"),
      title: z.literal(STATUS_CODES[status]!),
      status: z.literal(status),
      code: z.literal(code),
      detail: z.string(),
      ...members?.shape,
    })
    .meta({ id: `${code[0]!.toUpperCase()}${code.slice(1)}Problem`, description: detail });
  schemasOfProblems.set(code, schema);
  return schema;
}

const options: CreateDocumentOptions = {
  override: ({ jsonSchema }) => {
    // The format says as much.
    if (jsonSchema.format && jsonSchema.type === "string") delete jsonSchema.pattern;
    for (const bound of ["minimum", "maximum"] as const)
      if (Math.abs(jsonSchema[bound] ?? 0) === Number.MAX_SAFE_INTEGER) delete jsonSchema[bound];
  },
};
