// Made by `pintle gen ts` from the contract `root`: change the contract and make it again.

import type * as Inc from "./Inc.gen.js";
import type * as inc from "./inc_.gen.js";
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
  '{"rootNamespace":"root","checksum":"dy9SFw5ahM9NUYBLcCRmOGLg_s8PNSnCX-4ZzmrnHSM","interfaces":[{"name":"Search","namespace":"root","methods":[{"name":"find","comment":"Finds pages.","parameters":[{"name":"op","type":{"array":{"userDefined":"inc.Op"}}},{"name":"deep","type":{"userDefined":"Inc.Deep"}}],"returnType":{"userDefined":"inc.Response"},"returnOptional":true,"raises":["inc.Bad","Own","root.Own"]},{"name":"page","parameters":[{"name":"page","type":{"userDefined":"Page"}}],"returnType":{"mapValue":{"userDefined":"inc.Status"}}}]},{"name":"inc.Calculator","namespace":"inc","methods":[{"name":"calculate","parameters":[{"name":"op","type":{"userDefined":"Op"}},{"name":"a","type":{"builtIn":"float"}},{"name":"b","type":{"builtIn":"float"}}],"returnType":{"userDefined":"Response"},"raises":["Bad"]}]}],"structs":[{"name":"Page","namespace":"root","extends":"inc.Response","comment":"Replies that know their page.","fields":[{"name":"number","type":{"builtIn":"int"}},{"name":"status","type":{"userDefined":"inc.Status"},"optional":true},{"name":"from","type":{"userDefined":"std.type"},"optional":true}]},{"name":"inc.Response","namespace":"inc","fields":[{"name":"status","type":{"userDefined":"Status"}},{"name":"kind","type":{"userDefined":"std.type"},"optional":true}]},{"name":"Inc.Deep","namespace":"Inc","fields":[{"name":"deeper","type":{"userDefined":"Deep"},"optional":true}]}],"enums":[{"name":"inc.Status","namespace":"inc","values":[{"name":"ok"},{"name":"err"}]},{"name":"inc.Op","namespace":"inc","values":[{"name":"add"},{"name":"sub"}]},{"name":"std.type","namespace":"std","values":[{"name":"first"},{"name":"second"}]}],"errors":[{"name":"root.Own","namespace":"root","code":1,"message":"own"},{"name":"inc.Bad","namespace":"inc","code":2,"message":"bad","comment":"It was bad."}]}';
