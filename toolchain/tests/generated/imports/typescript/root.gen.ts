// Made by `pintle gen ts` from the contract `root`: change the contract and make it again.

import type * as Inc from "./inc_.gen.js";
import type * as inc from "./inc.gen.js";
import type * as std from "./std.gen.js";

/** What the contract offers: interfaces, methods, parameters and results. */
export interface Root {
  Search: Search;
  "inc.Calculator": inc.Calculator;
}

export interface Search {
  /**
   * Finds pages.
   *
   * @throws {inc.Bad}
   * @throws {Own}
   */
  find: {
    params: [op: inc.Op[], deep: Inc.Deep];
    named: { op: inc.Op[]; deep: Inc.Deep };
    result: inc.Response | null;
  };
  page: {
    params: [page: Page];
    named: { page: Page };
    result: { [key: string]: inc.Status };
  };
  sum: {
    params: [
      p1: number,
      p2: number,
      p3: number,
      p4: number,
      p5: number,
      p6: number,
      p7: number,
      p8: number,
      p9: number,
      p10: number,
      p11: number,
      p12: number,
      p13: number,
      p14: number,
      p15: number,
      p16: number,
      p17: number,
    ];
    named: {
      p1: number;
      p2: number;
      p3: number;
      p4: number;
      p5: number;
      p6: number;
      p7: number;
      p8: number;
      p9: number;
      p10: number;
      p11: number;
      p12: number;
      p13: number;
      p14: number;
      p15: number;
      p16: number;
      p17: number;
    };
    result: number;
  };
  words: {
    params: [
      p1: string,
      p2: string,
      p3: string,
      p4: string,
      p5: string,
      p6: string,
      p7: string,
      p8: string,
      p9: string,
      p10: string,
      p11: string,
      p12: string,
      p13: string,
      p14: string,
      p15: string,
      p16: string,
      p17?: string | null,
    ];
    named: {
      p1: string;
      p2: string;
      p3: string;
      p4: string;
      p5: string;
      p6: string;
      p7: string;
      p8: string;
      p9: string;
      p10: string;
      p11: string;
      p12: string;
      p13: string;
      p14: string;
      p15: string;
      p16: string;
      p17?: string | null;
    };
    result: string[];
  };
}

/** Replies that know their page. */
export interface Page {
  status?: inc.Status | null;
  kind?: std.type_ | null;
  number: number;
  from?: std.type_ | null;
}

/** own */
export class Own extends Error {
  static readonly code = 1;
  override readonly name: string = "Own";
  readonly code = 1;
  /** The error's name in the contract. */
  readonly cls = "root.Own";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "own", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The classes of all errors that are declared here. */
export const errors = [Own] as const;

/** The contract itself, in its JSON form. */
export const contract =
  '{"rootNamespace":"root","checksum":"Z2eDPqJdyXGFZY-2j34XZJ7UIXJaTNZwZHH89YTvSuE","interfaces":[{"name":"Search","namespace":"root","methods":[{"name":"find","comment":"Finds pages.","parameters":[{"name":"op","type":{"array":{"userDefined":"inc.Op"}}},{"name":"deep","type":{"userDefined":"Inc.Deep"}}],"returnType":{"userDefined":"inc.Response"},"returnOptional":true,"raises":["inc.Bad","Own","root.Own"]},{"name":"page","parameters":[{"name":"page","type":{"userDefined":"Page"}}],"returnType":{"mapValue":{"userDefined":"inc.Status"}}},{"name":"sum","parameters":[{"name":"p1","type":{"builtIn":"int"}},{"name":"p2","type":{"builtIn":"int"}},{"name":"p3","type":{"builtIn":"int"}},{"name":"p4","type":{"builtIn":"int"}},{"name":"p5","type":{"builtIn":"int"}},{"name":"p6","type":{"builtIn":"int"}},{"name":"p7","type":{"builtIn":"int"}},{"name":"p8","type":{"builtIn":"int"}},{"name":"p9","type":{"builtIn":"int"}},{"name":"p10","type":{"builtIn":"int"}},{"name":"p11","type":{"builtIn":"int"}},{"name":"p12","type":{"builtIn":"int"}},{"name":"p13","type":{"builtIn":"int"}},{"name":"p14","type":{"builtIn":"int"}},{"name":"p15","type":{"builtIn":"int"}},{"name":"p16","type":{"builtIn":"int"}},{"name":"p17","type":{"builtIn":"int"}}],"returnType":{"builtIn":"int"}},{"name":"words","parameters":[{"name":"p1","type":{"builtIn":"string"}},{"name":"p2","type":{"builtIn":"string"}},{"name":"p3","type":{"builtIn":"string"}},{"name":"p4","type":{"builtIn":"string"}},{"name":"p5","type":{"builtIn":"string"}},{"name":"p6","type":{"builtIn":"string"}},{"name":"p7","type":{"builtIn":"string"}},{"name":"p8","type":{"builtIn":"string"}},{"name":"p9","type":{"builtIn":"string"}},{"name":"p10","type":{"builtIn":"string"}},{"name":"p11","type":{"builtIn":"string"}},{"name":"p12","type":{"builtIn":"string"}},{"name":"p13","type":{"builtIn":"string"}},{"name":"p14","type":{"builtIn":"string"}},{"name":"p15","type":{"builtIn":"string"}},{"name":"p16","type":{"builtIn":"string"}},{"name":"p17","type":{"builtIn":"string"},"optional":true}],"returnType":{"array":{"builtIn":"string"}}}]},{"name":"inc.Calculator","namespace":"inc","methods":[{"name":"calculate","parameters":[{"name":"op","type":{"userDefined":"Op"}},{"name":"a","type":{"builtIn":"float"}},{"name":"b","type":{"builtIn":"float"}}],"returnType":{"userDefined":"Response"},"raises":["Bad"]}]}],"structs":[{"name":"Page","namespace":"root","extends":"inc.Response","comment":"Replies that know their page.","fields":[{"name":"number","type":{"builtIn":"int"}},{"name":"status","type":{"userDefined":"inc.Status"},"optional":true},{"name":"from","type":{"userDefined":"std.type"},"optional":true}]},{"name":"inc.Response","namespace":"inc","fields":[{"name":"status","type":{"userDefined":"Status"}},{"name":"kind","type":{"userDefined":"std.type"},"optional":true}]},{"name":"Inc.Deep","namespace":"Inc","fields":[{"name":"deeper","type":{"userDefined":"Deep"},"optional":true}]}],"enums":[{"name":"inc.Status","namespace":"inc","values":[{"name":"ok"},{"name":"err"}]},{"name":"inc.Op","namespace":"inc","values":[{"name":"add"},{"name":"sub"}]},{"name":"std.type","namespace":"std","values":[{"name":"first"},{"name":"second"}]}],"errors":[{"name":"root.Own","namespace":"root","code":1,"message":"own"},{"name":"inc.Bad","namespace":"inc","code":2,"message":"bad","comment":"It was bad."}]}';

/** What was found in a text while it was checked. */
interface $Index {
  has(at: number): boolean;
  isNull(at: number): boolean;
  string(at: number): string;
  float(at: number): number;
  int(at: number): number;
  bool(at: number): boolean;
  /** A value of an enum: `never` fits them all. */
  choice(at: number, name: string): never;
  inside(at: number): number;
  list<T>(at: number, read: ($: $Index, at: number) => T): T[];
  map<T>(at: number, read: ($: $Index, at: number) => T): { [key: string]: T };
  own(object: object, name: string, value: unknown): void;
}

function $Page($: $Index, at: number): Page {
  at = $.inside(at);
  const made: Page = { number: $.int(at + 2) };
  if ($.has(at)) made.status = $.isNull(at) ? null : $.choice(at, "inc.Status");
  if ($.has(at + 1)) made.kind = $.isNull(at + 1) ? null : $.choice(at + 1, "std.type");
  if ($.has(at + 3)) made.from = $.isNull(at + 3) ? null : $.choice(at + 3, "std.type");
  return made;
}

function $inc$Response($: $Index, at: number): inc.Response {
  at = $.inside(at);
  const made: inc.Response = { status: $.choice(at, "inc.Status") };
  if ($.has(at + 1)) made.kind = $.isNull(at + 1) ? null : $.choice(at + 1, "std.type");
  return made;
}

function $Inc$Deep($: $Index, at: number): Inc.Deep {
  at = $.inside(at);
  const made: Inc.Deep = {};
  if ($.has(at)) made.deeper = $.isNull(at) ? null : $Inc$Deep($, at);
  return made;
}

/** Makes the structs of the contract: the option `shapes` of the package's `Contract`. */
export const shapes = {
  layout: 2919116880,
  structs: {
    "Page": $Page,
    "inc.Response": $inc$Response,
    "Inc.Deep": $Inc$Deep,
  },
};
