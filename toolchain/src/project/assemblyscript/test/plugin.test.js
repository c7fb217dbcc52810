import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

test("answers the calls of test/requests.json with test/replies.json", () => {
  const pintle = process.env.PINTLE ?? "pintle";
  const server = `stdio:${pintle} serve --stdio`;
  const { error, stdout, stderr } = spawnSync(
    pintle,
    ["call", server, "--timeout", "5m", "--batch", "test/requests.json"],
    { encoding: "utf8" },
  );
  assert.ifError(error);
  assert.ok(stdout, stderr);
  assert.deepEqual(JSON.parse(stdout), JSON.parse(readFileSync("test/replies.json", "utf8")));
});
