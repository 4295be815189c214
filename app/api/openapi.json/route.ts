import { methods } from "@/app/api/serving/answer";
import document from "./document.json";

/** The OpenAPI document of the API. */
const getDocument = async () =>
  Response.json(document, { headers: { "Cache-Control": "public, max-age=300" } });

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = methods({ GET: getDocument });
