// What the tests use of `node:test`, where that is not.

const tests = [];

export default function test(name, options, run = options) {
  tests.push({ name, run });
}

/** What this runtime has not. */
class Absent extends Error {}

/** Stands for what makes or starts something that is not here. */
export function absent(what) {
  throw new Absent(what);
}

/** Runs all: the names of those that passed, of those that need what is not here, and what failed. */
export async function run() {
  const report = { passed: [], absent: {}, failed: {} };
  for (const { name, run } of tests) {
    const ends = [];
    const context = {
      after: (end) => ends.push(end),
      mock: { method: (object, method, replacement) => mocked(object, method, replacement, ends) },
    };
    try {
      await run(context);
      report.passed.push(name);
    } catch (thrown) {
      if (thrown instanceof Absent) report.absent[name] = thrown.message;
      else report.failed[name] = String(thrown?.stack ?? thrown);
    }
    for (const end of ends.reverse()) await end();
  }
  return report;
}

function mocked(object, method, replacement, ends) {
  const own = object[method];
  const calls = [];
  ends.push(() => (object[method] = own));
  object[method] = (...args) => {
    calls.push({ arguments: args });
    return replacement(...args);
  };
  return { mock: { calls, callCount: () => calls.length } };
}
