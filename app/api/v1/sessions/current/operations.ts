import { operation } from "@/app/api/serving/operation";

export const endSession = operation({
  id: "endSession",
  method: "DELETE",
  path: "/api/v1/sessions/current",
  auth: "app",
  summary: "Sign the app out",
  description:
    "Its tokens stop working at once. The device keeps its seat and stays protected, as it does when the app is closed: " +
    "release its activation first if it leaves for good.",
  returns: null,
  refusals: [],
});
