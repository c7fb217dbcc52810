// Random values of contracts, read by shape and by JSON.parse: prints how many there were and which differed.

import { deepStrictEqual } from "node:assert/strict";

import { Contract } from "pintle";
import { byShape } from "pintle/shapes";

import * as awkward from "../generated/awkward/awkward.gen.ts";
import * as checkout from "../generated/checkout/checkout.gen.ts";
import * as imports from "../generated/imports/root.gen.ts";

/** The same numbers in each run. */
let state = 1;
function below(most) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * most);
}
const pick = (list) => list[below(list.length)];

const STRINGS = ["", "a", "plain text of more than thirteen", "é", "€uro and more", "😀", "\\\"\n\u0000", "\u2028", "__proto__", "then", "x".repeat(300)];
const INTS = ["0", "-0", "7", "-12345", "1e2", "3.0", "9007199254740991", "-9007199254740991", "12345678901234"];
const LONG = ["9007199254740993", "9223372036854775807", "-9223372036854775808", "9007199254740993.0"];
const FLOATS = ["0", "-0", "-0.0", "29.99", "1e400".slice(0, 3), "1e-400", "0.1", "1.7976931348623157e308", "12345678901234567890.5", "5e-324"];

/** JSON of a type of a contract, with members in any order, white space, and fields that it does not name. */
function text({ structs, enums, rootNamespace }, ints, unknown) {
  const string = (value) => (below(4) ? JSON.stringify(value) : `"${Array.from(value, (unit) => (unit === '"' || unit === "\\" ? `\\${unit}` : unit < " " || !below(3) ? unicode(unit) : unit)).join("")}"`);
  const unicode = (unit) => Array.from({ length: unit.length }, (_, at) => `\\u${unit.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");
  const space = () => (below(6) ? "" : pick([" ", "\n", "\t "]));
  const resolve = (name, namespace) => {
    const known = (name) => structs.find((item) => item.name === name) ?? enums.find((item) => item.name === name);
    return known(`${namespace}.${name}`) ?? known(name) ?? known(name.slice(rootNamespace.length + 1));
  };
  const fields = (item) => {
    const all = item.extends ? fields(resolve(item.extends, item.namespace)) : new Map();
    for (const field of item.fields ?? []) all.set(field.name, { ...field, namespace: item.namespace });
    return all;
  };
  // An enum may have no values: then lists of it are empty.
  const isNothing = (type, namespace) => type.userDefined !== undefined && !structs.includes(resolve(type.userDefined, namespace)) && !resolve(type.userDefined, namespace).values;
  const many = (depth, each) => Array.from({ length: depth > 0 ? below(4) : 0 }, each);
  const object = (members) => `{${space()}${members.map(([name, value]) => `${space()}${string(name)}${space()}:${space()}${value}${space()}`).join()}}`;
  const value = (type, namespace, depth) => {
    if ("array" in type) return `[${many(isNothing(type.array, namespace) ? 0 : depth, () => space() + value(type.array, namespace, depth - 1)).join()}${space()}]`;
    if ("mapValue" in type) {
      const names = new Set(many(depth, () => pick([...STRINGS, "constructor", "toString", "1"])));
      return object(Array.from(names, (name) => [name, value(type.mapValue, namespace, depth - 1)]));
    }
    if (type.builtIn === "string") return string(pick(STRINGS));
    if (type.builtIn === "int") return pick(ints);
    if (type.builtIn === "float") return pick(FLOATS);
    if (type.builtIn === "bool") return pick(["true", "false"]);
    const item = resolve(type.userDefined, namespace);
    if (item.values) return string(pick(item.values).name);
    const members = [];
    for (const { name, type, optional, namespace } of fields(item).values()) {
      const way = optional ? (depth > 0 ? below(3) : below(2)) : 2;
      if (way > 0) members.push([name, way === 1 ? "null" : value(type, namespace, depth - 1)]);
    }
    if (!below(3)) members.reverse();
    if (unknown && !below(3)) members.splice(below(members.length + 1), 0, ["no field of this name", pick(['{"a":[1.50]}', "1e2", "null"])]);
    return object(members);
  };
  return (name) => `${space()}${value({ userDefined: name }, rootNamespace, 4)}${space()}`;
}

let count = 0;
const failures = [];
for (const { contract: json, shapes } of [checkout, { ...awkward, contract: awkward.contract_ }, imports]) {
  const plain = Contract.fromJSON(json);
  const shaped = Contract.fromJSON(json, { decode: byShape(shapes) });
  const idl = plain.toJSON();
  const types = [...(idl.structs ?? []), ...(idl.enums ?? []).filter(({ values }) => values)];
  for (const ints of ["number", "bigint"]) {
    const known = text({ enums: [], ...idl }, ints === "bigint" ? [...INTS, ...LONG] : INTS, false);
    const more = text({ enums: [], ...idl }, INTS, true);
    for (const { name } of types) {
      for (let round = 0; round < 40; round += 1) {
        const sample = known(name);
        check(name, sample, () => {
          const bytes = new TextEncoder().encode(sample);
          const expected = plain.decode(name, bytes, { ints });
          deepStrictEqual(shaped.decode(name, bytes, { ints }), expected);
          deepStrictEqual(shaped.decode(name, sample, { ints }), expected);
          deepStrictEqual(shaped.decode(name, sample, { ints, unknown: "keep" }), expected);
        });
        const odd = more(name);
        check(name, odd, () => {
          const read = shaped.decode(name, odd, { ints });
          if (JSON.stringify(read, plainly).includes("no field")) throw new Error("an unknown field");
          if (odd.includes("no field") && !JSON.stringify(plain.decode(name, odd)).includes("no field")) throw new Error("none");
        });
      }
    }
  }
}

function plainly(_, value) {
  return typeof value === "bigint" ? `${value}` : value;
}

function check(name, sample, run) {
  count += 1;
  try {
    run();
  } catch (error) {
    if (failures.length < 5) failures.push(`${name} ${sample}: ${error.stack}`);
  }
}

console.log(JSON.stringify({ count, failures }));
