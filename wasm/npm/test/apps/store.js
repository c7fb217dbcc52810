// For workerd: a Durable Object that holds its SQLite store against the one in memory.

import { MemoryStore, SqlStore } from "pintle/store";

export default { fetch: (request, env) => env.OBJECT.get(env.OBJECT.idFromName("x")).fetch(request) };

export class Holder {
  #sql;

  constructor(state) {
    this.#sql = state.storage.sql;
  }

  fetch() {
    const [plain, other] = [new MemoryStore(), new SqlStore(this.#sql, "other")];
    const store = new SqlStore(this.#sql, "mine");
    other.set(Uint8Array.of(1), Uint8Array.of(9));
    const key = (seed) => Uint8Array.from({ length: 1 + (seed % 3) }, (_, at) => [0, 1, 0xfe, 0xff][(seed >> (2 * at)) & 3]);
    const wrong = [];
    const same = (what, a, b) => JSON.stringify(a) === JSON.stringify(b) || wrong.push([what, a, b]);
    let seed = 1;
    let listed = 0;
    for (let turn = 0; turn < 1_000; turn += 1) {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 1;
      const name = key(seed >> 3);
      for (const each of [plain, store]) seed % 3 === 0 ? each.delete(name) : each.set(name, Uint8Array.of(turn, 0));
      const [prefix, after] = [key(seed >> 5).subarray(0, seed & 1), key(seed >> 7).subarray(0, (seed >> 4) & 3)];
      same("get", plain.get(name), store.get(name));
      const keys = store.list(prefix, after, 5);
      listed += keys.length;
      same("list", plain.list(prefix, after, 5), keys);
    }
    same("usage", plain.usage(), store.usage());
    same("the other's", other.usage(), { keys: 1, bytes: 2 });
    same("again", new SqlStore(this.#sql, "mine").usage(), store.usage());
    return Response.json({ wrong: wrong.slice(0, 5), listed });
  }
}
