/** Values of the document's examples. They belong to nobody. */
export const examples = {
  id: "3f0e6c1a-5b7d-4c8e-9a21-6d4b8f2e7c10",
  device: "8b1d4f7e-2c6a-4e9b-b3d5-1a7c9e0f4b62",
  subscription: "c52a9e84-7d13-4f6b-8e0a-95b3d7f1c246",
  instant: "2027-03-14T09:26:53.000Z",
  end: "2028-03-14T09:26:53.000Z",
};
