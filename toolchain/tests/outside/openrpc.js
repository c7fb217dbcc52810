// Each file that is named must be a valid OpenRPC document, and its examples values of its own schemas.
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");

const installed = createRequire(path.join(process.cwd(), "package.json"));
const Ajv = installed("ajv").default;
const { openrpcDocument } = installed("@open-rpc/meta-schema");

// What it calls the meta-schema of JSON Schema is that of draft 7 under another address. It also names a place in it
// that Ajv takes for a reference: the type of `$ref`, a text.
const meta = new Ajv({ strict: false, validateFormats: false });
meta.addSchema({ $ref: "http://json-schema.org/draft-07/schema#" }, "https://meta.json-schema.tools");
const { $schema, ...schema } = structuredClone(openrpcDocument);
schema.definitions.referenceObject.properties.$ref = { type: "string" };
const isOpenRpc = meta.compile(schema);

const fail = (file, what) => {
  console.error(`${file}: ${what}`);
  process.exitCode = 1;
};
for (const file of process.argv.slice(2)) {
  const document = JSON.parse(fs.readFileSync(file, "utf8"));
  if (!isOpenRpc(document)) {
    fail(file, meta.errorsText(isOpenRpc.errors));
    continue;
  }
  const values = new Ajv({ strict: false, validateFormats: false });
  values.addSchema(document, "document");
  document.methods.forEach((method, at) => {
    const fits = (place, value) => {
      const check = values.compile({ $ref: `document#/methods/${at}/${place}/schema` });
      if (!check(value)) fail(file, `${method.name} ${place}: ${values.errorsText(check.errors)}`);
    };
    for (const example of method.examples ?? []) {
      example.params.forEach((parameter, at) => fits(`params/${at}`, parameter.value));
      fits("result", example.result.value);
    }
  });
}
