// Stores of guests: in memory, or in the SQLite storage of a Durable Object.

/**
 * Keeps the keys and values of one plugin, which are bytes. Synchronous, because a guest's imports are. Sizes are checked before.
 */
export interface Store {
  get(key: Uint8Array): Uint8Array | undefined;
  set(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
  /** Up to `most` keys that begin with `prefix`, in the order of their bytes, from the first one after `after`. */
  list(prefix: Uint8Array, after: Uint8Array, most: number): Uint8Array[];
  /** What it holds: its keys, and bytes of keys and values. */
  usage(): { keys: number; bytes: number };
}

/** Keeps values as long as it lives itself: for tests, and for what may be forgotten. */
export class MemoryStore implements Store {
  // As texts of one byte per character, whose order is that of the bytes.
  readonly #values = new Map<string, Uint8Array>();
  readonly #keys: string[] = [];

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#values.get(text(key));
  }

  set(key: Uint8Array, value: Uint8Array): void {
    const name = text(key);
    if (!this.#values.has(name)) this.#keys.splice(this.#place(name), 0, name);
    this.#values.set(name, value);
  }

  delete(key: Uint8Array): void {
    const name = text(key);
    if (this.#values.delete(name)) this.#keys.splice(this.#place(name), 1);
  }

  list(prefix: Uint8Array, after: Uint8Array, most: number): Uint8Array[] {
    const [begin, behind] = [text(prefix), text(after)];
    const found: Uint8Array[] = [];
    let at = this.#place(begin > behind ? begin : behind);
    if (this.#keys[at] === behind) at += 1;
    for (; found.length < most && this.#keys[at]?.startsWith(begin); at += 1) found.push(bytes(this.#keys[at]!));
    return found;
  }

  usage(): { keys: number; bytes: number } {
    let sum = 0;
    for (const [key, value] of this.#values) sum += key.length + value.length;
    return { keys: this.#values.size, bytes: sum };
  }

  /** Where a key stands, or would. */
  #place(name: string): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#keys[middle]! < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** What is used of a Durable Object's `state.storage.sql`. */
export interface Sql {
  exec(query: string, ...bindings: any[]): { toArray(): Record<string, unknown>[] };
}

/** Keeps values in the SQLite storage of a Durable Object, whose replies wait until they are durable. */
export class SqlStore implements Store {
  readonly #sql: Sql;
  readonly #bucket: string;

  /** `bucket` names the plugin: those of different names do not see each other's keys. */
  constructor(sql: Sql, bucket: string) {
    this.#sql = sql;
    this.#bucket = bucket;
    this.#run("CREATE TABLE IF NOT EXISTS pintle_kv (bucket TEXT, key BLOB, value BLOB, PRIMARY KEY (bucket, key)) WITHOUT ROWID");
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const [row] = this.#run("SELECT value FROM pintle_kv WHERE bucket = ? AND key = ?", this.#bucket, key);
    return row && new Uint8Array(row.value as ArrayBuffer);
  }

  set(key: Uint8Array, value: Uint8Array): void {
    this.#run("INSERT OR REPLACE INTO pintle_kv VALUES (?, ?, ?)", this.#bucket, key, value);
  }

  delete(key: Uint8Array): void {
    this.#run("DELETE FROM pintle_kv WHERE bucket = ? AND key = ?", this.#bucket, key);
  }

  list(prefix: Uint8Array, after: Uint8Array, most: number): Uint8Array[] {
    // By the index, from the prefix to the first key behind all that begin with it.
    const end = behind(prefix);
    const query = `SELECT key FROM pintle_kv WHERE bucket = ? AND key >= ? AND key > ?${end ? " AND key < ?" : ""} ORDER BY key LIMIT ?`;
    const rows = this.#run(query, this.#bucket, prefix, after, ...(end ? [end] : []), most);
    return rows.map(({ key }) => new Uint8Array(key as ArrayBuffer));
  }

  usage(): { keys: number; bytes: number } {
    const query = "SELECT count(*) AS keys, coalesce(sum(length(key) + length(value)), 0) AS bytes FROM pintle_kv WHERE bucket = ?";
    return this.#run(query, this.#bucket)[0] as { keys: number; bytes: number };
  }

  #run(query: string, ...bindings: (string | number | Uint8Array)[]) {
    // Bytes are bound as an `ArrayBuffer` of exactly those.
    return this.#sql.exec(query, ...bindings.map((value) => (value instanceof Uint8Array ? value.slice().buffer : value))).toArray();
  }
}

/** The least bytes behind all that begin with `prefix`; `undefined` if there are none. */
function behind(prefix: Uint8Array): Uint8Array | undefined {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end -= 1;
  if (end === 0) return undefined;
  const next = prefix.slice(0, end);
  next[end - 1]! += 1;
  return next;
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
