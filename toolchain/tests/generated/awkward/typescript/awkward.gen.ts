// Made by `pintle gen ts` from the contract `awkward`: change the contract and make it again.

/** What the contract offers: interfaces, methods, parameters and results. */
export interface Awkward_ {
  Everything: Everything;
  EverythingClient: EverythingClient;
  Plugin: Plugin;
  Types: Types;
  Errors: Errors;
  _: _;
}

/**
 * A comment with *\/ and /* and /// and //! and """ and ${x} and --> and <script> and [link].
 * ```
 * panic!("a fenced block is no test");
 * ```
 * panic!("nor is an indented one");
 * \@deprecated is no tag, {\@link Words} neither, and `Vec<T>` stays code. A \ stays too.
 */
export interface Everything {
  /** Returns nothing at all. */
  raises: {
    params: [raises: string];
    named: { raises: string };
    result: void;
  };
  /**
   * @throws {Error}
   * @throws {Error_2}
   */
  constructor: {
    params: [
      constructor_: number,
      then: boolean,
      self: number,
      Self: string,
      await_: Words,
    ];
    named: {
      constructor: number;
      then: boolean;
      self: number;
      Self: string;
      await: Words;
    };
    result: Words | null;
  };
  then: {
    params: [then: string[]];
    named: { then: string[] };
    result: { [key: string]: Words[] };
  };
  toString: {
    params: [];
    named: { [name: string]: never };
    result: string;
  };
  __proto__: {
    params: [__proto__: string];
    named: { __proto__: string };
    result: Empty;
  };
  prototype: {
    params: [];
    named: { [name: string]: never };
    result: Nothing | null;
  };
  self: {
    params: [self: Self];
    named: { self: Self };
    result: Self;
  };
  super: {
    params: [];
    named: { [name: string]: never };
    result: Self[];
  };
  type: {
    params: [type_: string, Type: string, TYPE: string];
    named: { type: string; Type: string; TYPE: string };
    result: Type;
  };
  await: {
    params: [
      await_?: Words | null,
      default_?: number | null,
      class_?: { [key: string]: number } | null,
    ];
    named: {
      await?: Words | null;
      default?: number | null;
      class?: { [key: string]: number } | null;
    };
    result: number;
  };
  default: {
    params: [];
    named: { [name: string]: never };
    result: number;
  };
  call: {
    params: [call: Call];
    named: { call: Call };
    result: Transport;
  };
  dispatch: {
    params: [dispatch: string];
    named: { dispatch: string };
    result: boolean;
  };
  clone: {
    params: [a_b: number, aB: number, AB: number];
    named: { a_b: number; aB: number; AB: number };
    result: Clone;
  };
  into: {
    params: [];
    named: { [name: string]: never };
    result: Option;
  };
  new: {
    params: [];
    named: { [name: string]: never };
    result: Vec;
  };
  len: {
    params: [];
    named: { [name: string]: never };
    result: Result | null;
  };
  getURL: {
    params: [];
    named: { [name: string]: never };
    result: string;
  };
  get_url: {
    params: [];
    named: { [name: string]: never };
    result: string;
  };
  GetUrl: {
    params: [];
    named: { [name: string]: never };
    result: string;
  };
  words: {
    params: [];
    named: { [name: string]: never };
    result: Words;
  };
  longMethodNameThatLeavesHardlyAnyRoom: {
    params: [
      parameterWithALongName: AStructWithQuiteALongName,
      anotherParameterWithALongName: AStructWithQuiteALongName[],
    ];
    named: {
      parameterWithALongName: AStructWithQuiteALongName;
      anotherParameterWithALongName: AStructWithQuiteALongName[];
    };
    result: { [key: string]: AStructWithQuiteALongName };
  };
  evenLongerMethodNameThatLeavesNoRoomAtAllForItsParameters: {
    params: [
      parameterWithALongName?: AStructWithQuiteALongName | null,
      anotherParameterWithALongName?: { [key: string]: AStructWithQuiteALongName[] } | null,
    ];
    named: {
      parameterWithALongName?: AStructWithQuiteALongName | null;
      anotherParameterWithALongName?: { [key: string]: AStructWithQuiteALongName[] } | null;
    };
    result: { [key: string]: AStructWithQuiteALongName[] } | null;
  };
  manyParameters: {
    params: [
      p1: string,
      p2: number,
      p3: number,
      p4: boolean,
      p5: Words,
      p6: Type,
      p7: string[],
      p8: { [key: string]: Words },
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
      p2: number;
      p3: number;
      p4: boolean;
      p5: Words;
      p6: Type;
      p7: string[];
      p8: { [key: string]: Words };
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
    result: void;
  };
  manyNumbers: {
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
}

/** Nothing to call. */
export interface EverythingClient {
}

export interface Plugin {
  func: {
    params: [record: string];
    named: { record: string };
    result: Words;
  };
}

export interface Types {
}

export interface Errors {
}

export interface _ {
  _: {
    params: [_: number];
    named: { _: number };
    result: number;
  };
  __: {
    params: [];
    named: { [name: string]: never };
    result: void;
  };
  _1: {
    params: [];
    named: { [name: string]: never };
    result: void;
  };
}

export interface Words {
  abstract: string;
  any: string;
  array: string;
  as: string;
  async: string;
  await: string;
  bool: string;
  borrow: string;
  break: string;
  case: string;
  catch: string;
  char: string;
  class: string;
  const: string;
  constructor: string;
  continue: string;
  crate: string;
  data: string;
  debugger: string;
  declare: string;
  default: string;
  delete: string;
  do: string;
  dyn: string;
  else: string;
  enum: string;
  error: string;
  export: string;
  extends: string;
  extern: string;
  f64: string;
  false: string;
  final: string;
  finally: string;
  flags: string;
  float: string;
  fn: string;
  for: string;
  from: string;
  func: string;
  function: string;
  future: string;
  gen: string;
  get: string;
  hasOwnProperty: string;
  if: string;
  impl: string;
  implements: string;
  import: string;
  in: string;
  include: string;
  instanceof: string;
  int: string;
  interface: string;
  keyof: string;
  let: string;
  list: string;
  loop: string;
  macro: string;
  map: string;
  match: string;
  message: string;
  mod: string;
  module: string;
  move: string;
  mut: string;
  namespace: string;
  never: string;
  new: string;
  null: string;
  of: string;
  option: string;
  override: string;
  own: string;
  package: string;
  priv: string;
  private: string;
  protected: string;
  prototype: string;
  pub: string;
  public: string;
  raw: string;
  readonly: string;
  record: string;
  ref: string;
  require: string;
  resource: string;
  result: string;
  return: string;
  s64: string;
  self: string;
  Self: string;
  set: string;
  static: string;
  stream: string;
  string: string;
  struct: string;
  super: string;
  switch: string;
  symbol: string;
  then: string;
  this: string;
  throw: string;
  toString: string;
  trait: string;
  true: string;
  try: string;
  tuple: string;
  type: string;
  typeof: string;
  undefined: string;
  union: string;
  unknown: string;
  unsafe: string;
  unsized: string;
  use: string;
  valueOf: string;
  var: string;
  variant: string;
  virtual: string;
  void: string;
  where: string;
  while: string;
  with: string;
  world: string;
  yield: string;
  __proto__: string;
  _: string;
  __: string;
  _1: string;
  a_1: string;
  a1: string;
  /** Two names that differ in case only. */
  zipCode: string;
  zip_code: string;
  ZipCode: string;
  ZIPCode: string;
}

export interface Empty {}

export interface Self {
  self?: Self | null;
  selves?: Self[] | null;
  by?: { [key: string]: Self } | null;
  other?: Other | null;
}

export interface Other {
  self?: Self | null;
}

export interface Chain {
  next?: Chain | null;
}

export interface Link extends Chain {
  value: Choice;
}

export interface Parent {
  a: string;
  b: Empty;
  c: Nothing[];
  d?: number | null;
}

export interface Child {
  a: string;
  b: string;
  c: Nothing[];
  d?: number | null;
  e: number;
}

export interface GrandChild {
  a: string;
  b: string;
  c: Nothing[];
  d: number;
  e: number;
  f?: { [key: string]: Self[] }[][] | null;
}

export interface Call {
  id: string;
}

export interface Transport {
  id: string;
}

export interface RpcError {
  id: string;
}

export interface Params {
  id: string;
}

export interface C {
  id: string;
}

export interface T {
  id: string;
}

export interface Vec {
  vec?: Vec[] | null;
}

export interface Option {
  option?: string | null;
}

export interface Result {
  result?: Result | null;
}

export interface String {
  string: string;
}

export interface Box {
  box?: Box | null;
}

export interface BTreeMap {
  map: { [key: string]: BTreeMap };
}

export interface Some {
  some: string;
}

export interface None {
  none: string;
}

export interface Clone {
  clone: string;
}

export interface Serialize {
  from: From;
}

export interface From {
  serialize: string;
}

export interface Promise {
  promise: string;
}

export interface Array {
  array: Array[];
}

export interface Object_ {
  object: string;
}

export interface Record {
  record: string;
}

export interface Omit {
  omit: string;
}

export interface globalThis_ {
  x: number;
}

export interface undefined_ {
  x: number;
}

export interface any_ {
  x?: any_ | null;
}

export interface never_ {
  x: number;
}

export interface unknown_ {
  x: number;
}

export interface number_ {
  x: number;
}

export interface symbol_ {
  x: number;
}

export interface object_ {
  x: number;
}

export interface keyof_ {
  x: keyof_[];
}

export interface readonly_ {
  x: readonly_[];
}

export interface infer_ {
  x?: infer_ | null;
}

export interface unique_ {
  x?: unique_ | null;
}

export interface asserts_ {
  x?: asserts_ | null;
}

export interface type_ {
  x?: type_ | null;
}

export interface class_ {
  x?: class_ | null;
}

export interface await_ {
  x?: await_ | null;
}

export interface default_ {
  x?: default_ | null;
}

export interface abstract_ {
  x?: abstract_ | null;
}

export interface namespace_ {
  x?: namespace_ | null;
}

export interface errors {
  x: number;
}

export interface contract {
  x: number;
}

export interface Awkward {
  x: number;
}

export interface awkward {
  x: number;
}

export interface types {
  x: number;
}

export interface rpc_error {
  x: number;
}

export interface error_detail {
  x: number;
}

export interface AStructWithQuiteALongName {
  aFieldWithALongNameAndALongType?: { [key: string]: { [key: string]: { [key: string]: AStructWithQuiteALongName } } } | null;
}

export interface URL {
  url: string;
}

export interface Url {
  url: string;
}

export interface Trait_ {
  a: string;
}

export interface _1 {
  _1: string;
}

export interface __1 {
  _1: string;
}

export const Nothing = [] as const;
export type Nothing = (typeof Nothing)[number];

export const Choice = [
  "self",
  "Self",
  "Type",
  "type",
  "default",
  "credit_card",
  "creditCard",
  "CREDIT_CARD",
  "_",
  "__",
  "_1",
] as const;
export type Choice = (typeof Choice)[number];

export const Type = ["pendingOrder", "paidOrder"] as const;
export type Type = (typeof Type)[number];

export const Shout = ["FIRST_THING", "SECOND_THING"] as const;
export type Shout = (typeof Shout)[number];

export const Value = ["some_value", "other_value"] as const;
export type Value = (typeof Value)[number];

export const require_ = ["a"] as const;
export type require_ = (typeof require_)[number];

export const exports_ = ["a"] as const;
export type exports_ = (typeof exports_)[number];

export const arguments_ = ["a"] as const;
export type arguments_ = (typeof arguments_)[number];

/** A comment with *\/ and `code`. */
export class Error extends globalThis.Error {
  static readonly code = 1;
  override readonly name: string = "Error";
  readonly code = 1;
  /** The error's name in the contract. */
  readonly cls = "awkward.Error";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(
    message = "with \\ and ${x} and `x` and */ and a message that goes on for so long that it does not fit on a line",
    data?: unknown,
  ) {
    super(message);
    this.data = data;
  }
}

export class Error_2 extends globalThis.Error {
  static readonly code = -2;
  override readonly name: string = "Error_2";
  readonly code = -2;
  /** The error's name in the contract. */
  readonly cls = "awkward.Error_2";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** other */
export class other extends globalThis.Error {
  static readonly code = 3;
  override readonly name: string = "other";
  readonly code = 3;
  /** The error's name in the contract. */
  readonly cls = "awkward.other";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "other", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** é */
export class Other_ extends globalThis.Error {
  static readonly code = 4;
  override readonly name: string = "Other_";
  readonly code = 4;
  /** The error's name in the contract. */
  readonly cls = "awkward.Other_";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "é", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** a message that is a little shorter, and goes just over the end of its line in Rust */
export class Failure extends globalThis.Error {
  static readonly code = 5;
  override readonly name: string = "Failure";
  readonly code = 5;
  /** The error's name in the contract. */
  readonly cls = "awkward.Failure";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(
    message = "a message that is a little shorter, and goes just over the end of its line in Rust",
    data?: unknown,
  ) {
    super(message);
    this.data = data;
  }
}

/** f */
export class function_ extends globalThis.Error {
  static readonly code = 6;
  override readonly name: string = "function_";
  readonly code = 6;
  /** The error's name in the contract. */
  readonly cls = "awkward.function";
  /** More about it, as it travels. */
  readonly data: unknown;

  constructor(message = "f", data?: unknown) {
    super(message);
    this.data = data;
  }
}

/** The classes of all errors that are declared here. */
export const errors_ = [
  Error,
  Error_2,
  other,
  Other_,
  Failure,
  function_,
] as const;

/** The contract itself, in its JSON form. */
export const contract_ =
  '{"rootNamespace":"awkward","checksum":"h7fjx5mvU22UF0CTqU8ZVXu37hrlXsjmszp9T5gJxpI","interfaces":[{"name":"Everything","namespace":"awkward","comment":"A comment with */ and /* and /// and //! and \\"\\"\\" and ${x} and --> and <script> and [link].\\n```\\npanic!(\\"a fenced block is no test\\");\\n```\\npanic!(\\"nor is an indented one\\");\\n@deprecated is no tag, {@link Words} neither, and `Vec<T>` stays code. A \\\\ stays too.","methods":[{"name":"raises","comment":"Returns nothing at all.","parameters":[{"name":"raises","type":{"builtIn":"string"}}],"returnType":null},{"name":"constructor","parameters":[{"name":"constructor","type":{"builtIn":"int"}},{"name":"then","type":{"builtIn":"bool"}},{"name":"self","type":{"builtIn":"float"}},{"name":"Self","type":{"builtIn":"string"}},{"name":"await","type":{"userDefined":"Words"}}],"returnType":{"userDefined":"Words"},"returnOptional":true,"raises":["Error","Error_2"]},{"name":"then","parameters":[{"name":"then","type":{"array":{"builtIn":"string"}}}],"returnType":{"mapValue":{"array":{"userDefined":"Words"}}}},{"name":"toString","returnType":{"builtIn":"string"}},{"name":"__proto__","parameters":[{"name":"__proto__","type":{"builtIn":"string"}}],"returnType":{"userDefined":"Empty"}},{"name":"prototype","returnType":{"userDefined":"Nothing"},"returnOptional":true},{"name":"self","parameters":[{"name":"self","type":{"userDefined":"Self"}}],"returnType":{"userDefined":"Self"}},{"name":"super","returnType":{"array":{"userDefined":"Self"}}},{"name":"type","parameters":[{"name":"type","type":{"builtIn":"string"}},{"name":"Type","type":{"builtIn":"string"}},{"name":"TYPE","type":{"builtIn":"string"}}],"returnType":{"userDefined":"Type"}},{"name":"await","parameters":[{"name":"await","type":{"userDefined":"Words"},"optional":true},{"name":"default","type":{"builtIn":"int"},"optional":true},{"name":"class","type":{"mapValue":{"builtIn":"int"}},"optional":true}],"returnType":{"builtIn":"int"}},{"name":"default","returnType":{"builtIn":"float"}},{"name":"call","parameters":[{"name":"call","type":{"userDefined":"Call"}}],"returnType":{"userDefined":"Transport"}},{"name":"dispatch","parameters":[{"name":"dispatch","type":{"builtIn":"string"}}],"returnType":{"builtIn":"bool"}},{"name":"clone","parameters":[{"name":"a_b","type":{"builtIn":"int"}},{"name":"aB","type":{"builtIn":"int"}},{"name":"AB","type":{"builtIn":"int"}}],"returnType":{"userDefined":"Clone"}},{"name":"into","returnType":{"userDefined":"Option"}},{"name":"new","returnType":{"userDefined":"Vec"}},{"name":"len","returnType":{"userDefined":"Result"},"returnOptional":true},{"name":"getURL","returnType":{"builtIn":"string"}},{"name":"get_url","returnType":{"builtIn":"string"}},{"name":"GetUrl","returnType":{"builtIn":"string"}},{"name":"words","returnType":{"userDefined":"Words"}},{"name":"longMethodNameThatLeavesHardlyAnyRoom","parameters":[{"name":"parameterWithALongName","type":{"userDefined":"AStructWithQuiteALongName"}},{"name":"anotherParameterWithALongName","type":{"array":{"userDefined":"AStructWithQuiteALongName"}}}],"returnType":{"mapValue":{"userDefined":"AStructWithQuiteALongName"}}},{"name":"evenLongerMethodNameThatLeavesNoRoomAtAllForItsParameters","parameters":[{"name":"parameterWithALongName","type":{"userDefined":"AStructWithQuiteALongName"},"optional":true},{"name":"anotherParameterWithALongName","type":{"mapValue":{"array":{"userDefined":"AStructWithQuiteALongName"}}},"optional":true}],"returnType":{"mapValue":{"array":{"userDefined":"AStructWithQuiteALongName"}}},"returnOptional":true},{"name":"manyParameters","parameters":[{"name":"p1","type":{"builtIn":"string"}},{"name":"p2","type":{"builtIn":"int"}},{"name":"p3","type":{"builtIn":"float"}},{"name":"p4","type":{"builtIn":"bool"}},{"name":"p5","type":{"userDefined":"Words"}},{"name":"p6","type":{"userDefined":"Type"}},{"name":"p7","type":{"array":{"builtIn":"string"}}},{"name":"p8","type":{"mapValue":{"userDefined":"Words"}}},{"name":"p9","type":{"builtIn":"string"}},{"name":"p10","type":{"builtIn":"string"}},{"name":"p11","type":{"builtIn":"string"}},{"name":"p12","type":{"builtIn":"string"}},{"name":"p13","type":{"builtIn":"string"}},{"name":"p14","type":{"builtIn":"string"}},{"name":"p15","type":{"builtIn":"string"}},{"name":"p16","type":{"builtIn":"string"}},{"name":"p17","type":{"builtIn":"string"},"optional":true}],"returnType":null},{"name":"manyNumbers","parameters":[{"name":"p1","type":{"builtIn":"int"}},{"name":"p2","type":{"builtIn":"int"}},{"name":"p3","type":{"builtIn":"int"}},{"name":"p4","type":{"builtIn":"int"}},{"name":"p5","type":{"builtIn":"int"}},{"name":"p6","type":{"builtIn":"int"}},{"name":"p7","type":{"builtIn":"int"}},{"name":"p8","type":{"builtIn":"int"}},{"name":"p9","type":{"builtIn":"int"}},{"name":"p10","type":{"builtIn":"int"}},{"name":"p11","type":{"builtIn":"int"}},{"name":"p12","type":{"builtIn":"int"}},{"name":"p13","type":{"builtIn":"int"}},{"name":"p14","type":{"builtIn":"int"}},{"name":"p15","type":{"builtIn":"int"}},{"name":"p16","type":{"builtIn":"int"}},{"name":"p17","type":{"builtIn":"int"}}],"returnType":{"builtIn":"int"}}]},{"name":"EverythingClient","namespace":"awkward","comment":"Nothing to call."},{"name":"Plugin","namespace":"awkward","methods":[{"name":"func","parameters":[{"name":"record","type":{"builtIn":"string"}}],"returnType":{"userDefined":"Words"}}]},{"name":"Types","namespace":"awkward"},{"name":"Errors","namespace":"awkward"},{"name":"_","namespace":"awkward","methods":[{"name":"_","parameters":[{"name":"_","type":{"builtIn":"int"}}],"returnType":{"builtIn":"int"}},{"name":"__","returnType":null},{"name":"_1","returnType":null}]}],"structs":[{"name":"Words","namespace":"awkward","fields":[{"name":"abstract","type":{"builtIn":"string"}},{"name":"any","type":{"builtIn":"string"}},{"name":"array","type":{"builtIn":"string"}},{"name":"as","type":{"builtIn":"string"}},{"name":"async","type":{"builtIn":"string"}},{"name":"await","type":{"builtIn":"string"}},{"name":"bool","type":{"builtIn":"string"}},{"name":"borrow","type":{"builtIn":"string"}},{"name":"break","type":{"builtIn":"string"}},{"name":"case","type":{"builtIn":"string"}},{"name":"catch","type":{"builtIn":"string"}},{"name":"char","type":{"builtIn":"string"}},{"name":"class","type":{"builtIn":"string"}},{"name":"const","type":{"builtIn":"string"}},{"name":"constructor","type":{"builtIn":"string"}},{"name":"continue","type":{"builtIn":"string"}},{"name":"crate","type":{"builtIn":"string"}},{"name":"data","type":{"builtIn":"string"}},{"name":"debugger","type":{"builtIn":"string"}},{"name":"declare","type":{"builtIn":"string"}},{"name":"default","type":{"builtIn":"string"}},{"name":"delete","type":{"builtIn":"string"}},{"name":"do","type":{"builtIn":"string"}},{"name":"dyn","type":{"builtIn":"string"}},{"name":"else","type":{"builtIn":"string"}},{"name":"enum","type":{"builtIn":"string"}},{"name":"error","type":{"builtIn":"string"}},{"name":"export","type":{"builtIn":"string"}},{"name":"extends","type":{"builtIn":"string"}},{"name":"extern","type":{"builtIn":"string"}},{"name":"f64","type":{"builtIn":"string"}},{"name":"false","type":{"builtIn":"string"}},{"name":"final","type":{"builtIn":"string"}},{"name":"finally","type":{"builtIn":"string"}},{"name":"flags","type":{"builtIn":"string"}},{"name":"float","type":{"builtIn":"string"}},{"name":"fn","type":{"builtIn":"string"}},{"name":"for","type":{"builtIn":"string"}},{"name":"from","type":{"builtIn":"string"}},{"name":"func","type":{"builtIn":"string"}},{"name":"function","type":{"builtIn":"string"}},{"name":"future","type":{"builtIn":"string"}},{"name":"gen","type":{"builtIn":"string"}},{"name":"get","type":{"builtIn":"string"}},{"name":"hasOwnProperty","type":{"builtIn":"string"}},{"name":"if","type":{"builtIn":"string"}},{"name":"impl","type":{"builtIn":"string"}},{"name":"implements","type":{"builtIn":"string"}},{"name":"import","type":{"builtIn":"string"}},{"name":"in","type":{"builtIn":"string"}},{"name":"include","type":{"builtIn":"string"}},{"name":"instanceof","type":{"builtIn":"string"}},{"name":"int","type":{"builtIn":"string"}},{"name":"interface","type":{"builtIn":"string"}},{"name":"keyof","type":{"builtIn":"string"}},{"name":"let","type":{"builtIn":"string"}},{"name":"list","type":{"builtIn":"string"}},{"name":"loop","type":{"builtIn":"string"}},{"name":"macro","type":{"builtIn":"string"}},{"name":"map","type":{"builtIn":"string"}},{"name":"match","type":{"builtIn":"string"}},{"name":"message","type":{"builtIn":"string"}},{"name":"mod","type":{"builtIn":"string"}},{"name":"module","type":{"builtIn":"string"}},{"name":"move","type":{"builtIn":"string"}},{"name":"mut","type":{"builtIn":"string"}},{"name":"namespace","type":{"builtIn":"string"}},{"name":"never","type":{"builtIn":"string"}},{"name":"new","type":{"builtIn":"string"}},{"name":"null","type":{"builtIn":"string"}},{"name":"of","type":{"builtIn":"string"}},{"name":"option","type":{"builtIn":"string"}},{"name":"override","type":{"builtIn":"string"}},{"name":"own","type":{"builtIn":"string"}},{"name":"package","type":{"builtIn":"string"}},{"name":"priv","type":{"builtIn":"string"}},{"name":"private","type":{"builtIn":"string"}},{"name":"protected","type":{"builtIn":"string"}},{"name":"prototype","type":{"builtIn":"string"}},{"name":"pub","type":{"builtIn":"string"}},{"name":"public","type":{"builtIn":"string"}},{"name":"raw","type":{"builtIn":"string"}},{"name":"readonly","type":{"builtIn":"string"}},{"name":"record","type":{"builtIn":"string"}},{"name":"ref","type":{"builtIn":"string"}},{"name":"require","type":{"builtIn":"string"}},{"name":"resource","type":{"builtIn":"string"}},{"name":"result","type":{"builtIn":"string"}},{"name":"return","type":{"builtIn":"string"}},{"name":"s64","type":{"builtIn":"string"}},{"name":"self","type":{"builtIn":"string"}},{"name":"Self","type":{"builtIn":"string"}},{"name":"set","type":{"builtIn":"string"}},{"name":"static","type":{"builtIn":"string"}},{"name":"stream","type":{"builtIn":"string"}},{"name":"string","type":{"builtIn":"string"}},{"name":"struct","type":{"builtIn":"string"}},{"name":"super","type":{"builtIn":"string"}},{"name":"switch","type":{"builtIn":"string"}},{"name":"symbol","type":{"builtIn":"string"}},{"name":"then","type":{"builtIn":"string"}},{"name":"this","type":{"builtIn":"string"}},{"name":"throw","type":{"builtIn":"string"}},{"name":"toString","type":{"builtIn":"string"}},{"name":"trait","type":{"builtIn":"string"}},{"name":"true","type":{"builtIn":"string"}},{"name":"try","type":{"builtIn":"string"}},{"name":"tuple","type":{"builtIn":"string"}},{"name":"type","type":{"builtIn":"string"}},{"name":"typeof","type":{"builtIn":"string"}},{"name":"undefined","type":{"builtIn":"string"}},{"name":"union","type":{"builtIn":"string"}},{"name":"unknown","type":{"builtIn":"string"}},{"name":"unsafe","type":{"builtIn":"string"}},{"name":"unsized","type":{"builtIn":"string"}},{"name":"use","type":{"builtIn":"string"}},{"name":"valueOf","type":{"builtIn":"string"}},{"name":"var","type":{"builtIn":"string"}},{"name":"variant","type":{"builtIn":"string"}},{"name":"virtual","type":{"builtIn":"string"}},{"name":"void","type":{"builtIn":"string"}},{"name":"where","type":{"builtIn":"string"}},{"name":"while","type":{"builtIn":"string"}},{"name":"with","type":{"builtIn":"string"}},{"name":"world","type":{"builtIn":"string"}},{"name":"yield","type":{"builtIn":"string"}},{"name":"__proto__","type":{"builtIn":"string"}},{"name":"_","type":{"builtIn":"string"}},{"name":"__","type":{"builtIn":"string"}},{"name":"_1","type":{"builtIn":"string"}},{"name":"a_1","type":{"builtIn":"string"}},{"name":"a1","type":{"builtIn":"string"}},{"name":"zipCode","type":{"builtIn":"string"},"comment":"Two names that differ in case only."},{"name":"zip_code","type":{"builtIn":"string"}},{"name":"ZipCode","type":{"builtIn":"string"}},{"name":"ZIPCode","type":{"builtIn":"string"}}]},{"name":"Empty","namespace":"awkward"},{"name":"Self","namespace":"awkward","fields":[{"name":"self","type":{"userDefined":"Self"},"optional":true},{"name":"selves","type":{"array":{"userDefined":"Self"}},"optional":true},{"name":"by","type":{"mapValue":{"userDefined":"Self"}},"optional":true},{"name":"other","type":{"userDefined":"Other"},"optional":true}]},{"name":"Other","namespace":"awkward","fields":[{"name":"self","type":{"userDefined":"Self"},"optional":true}]},{"name":"Chain","namespace":"awkward","fields":[{"name":"next","type":{"userDefined":"Chain"},"optional":true}]},{"name":"Link","namespace":"awkward","extends":"Chain","fields":[{"name":"value","type":{"userDefined":"Choice"}}]},{"name":"Parent","namespace":"awkward","fields":[{"name":"a","type":{"builtIn":"string"}},{"name":"b","type":{"userDefined":"Empty"}},{"name":"c","type":{"array":{"userDefined":"Nothing"}}},{"name":"d","type":{"builtIn":"int"},"optional":true}]},{"name":"Child","namespace":"awkward","extends":"Parent","fields":[{"name":"b","type":{"builtIn":"string"}},{"name":"e","type":{"builtIn":"float"}}]},{"name":"GrandChild","namespace":"awkward","extends":"Child","fields":[{"name":"d","type":{"builtIn":"int"}},{"name":"f","type":{"array":{"array":{"mapValue":{"array":{"userDefined":"Self"}}}}},"optional":true}]},{"name":"Call","namespace":"awkward","fields":[{"name":"id","type":{"builtIn":"string"}}]},{"name":"Transport","namespace":"awkward","fields":[{"name":"id","type":{"builtIn":"string"}}]},{"name":"RpcError","namespace":"awkward","fields":[{"name":"id","type":{"builtIn":"string"}}]},{"name":"Params","namespace":"awkward","fields":[{"name":"id","type":{"builtIn":"string"}}]},{"name":"C","namespace":"awkward","fields":[{"name":"id","type":{"builtIn":"string"}}]},{"name":"T","namespace":"awkward","fields":[{"name":"id","type":{"builtIn":"string"}}]},{"name":"Vec","namespace":"awkward","fields":[{"name":"vec","type":{"array":{"userDefined":"Vec"}},"optional":true}]},{"name":"Option","namespace":"awkward","fields":[{"name":"option","type":{"builtIn":"string"},"optional":true}]},{"name":"Result","namespace":"awkward","fields":[{"name":"result","type":{"userDefined":"Result"},"optional":true}]},{"name":"String","namespace":"awkward","fields":[{"name":"string","type":{"builtIn":"string"}}]},{"name":"Box","namespace":"awkward","fields":[{"name":"box","type":{"userDefined":"Box"},"optional":true}]},{"name":"BTreeMap","namespace":"awkward","fields":[{"name":"map","type":{"mapValue":{"userDefined":"BTreeMap"}}}]},{"name":"Some","namespace":"awkward","fields":[{"name":"some","type":{"builtIn":"string"}}]},{"name":"None","namespace":"awkward","fields":[{"name":"none","type":{"builtIn":"string"}}]},{"name":"Clone","namespace":"awkward","fields":[{"name":"clone","type":{"builtIn":"string"}}]},{"name":"Serialize","namespace":"awkward","fields":[{"name":"from","type":{"userDefined":"From"}}]},{"name":"From","namespace":"awkward","fields":[{"name":"serialize","type":{"builtIn":"string"}}]},{"name":"Promise","namespace":"awkward","fields":[{"name":"promise","type":{"builtIn":"string"}}]},{"name":"Array","namespace":"awkward","fields":[{"name":"array","type":{"array":{"userDefined":"Array"}}}]},{"name":"Object","namespace":"awkward","fields":[{"name":"object","type":{"builtIn":"string"}}]},{"name":"Record","namespace":"awkward","fields":[{"name":"record","type":{"builtIn":"string"}}]},{"name":"Omit","namespace":"awkward","fields":[{"name":"omit","type":{"builtIn":"string"}}]},{"name":"globalThis","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"undefined","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"any","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"any"},"optional":true}]},{"name":"never","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"unknown","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"number","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"symbol","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"object","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"keyof","namespace":"awkward","fields":[{"name":"x","type":{"array":{"userDefined":"keyof"}}}]},{"name":"readonly","namespace":"awkward","fields":[{"name":"x","type":{"array":{"userDefined":"readonly"}}}]},{"name":"infer","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"infer"},"optional":true}]},{"name":"unique","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"unique"},"optional":true}]},{"name":"asserts","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"asserts"},"optional":true}]},{"name":"type","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"type"},"optional":true}]},{"name":"class","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"class"},"optional":true}]},{"name":"await","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"await"},"optional":true}]},{"name":"default","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"default"},"optional":true}]},{"name":"abstract","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"abstract"},"optional":true}]},{"name":"namespace","namespace":"awkward","fields":[{"name":"x","type":{"userDefined":"namespace"},"optional":true}]},{"name":"errors","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"contract","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"Awkward","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"awkward","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"types","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"rpc_error","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"error_detail","namespace":"awkward","fields":[{"name":"x","type":{"builtIn":"int"}}]},{"name":"AStructWithQuiteALongName","namespace":"awkward","fields":[{"name":"aFieldWithALongNameAndALongType","type":{"mapValue":{"mapValue":{"mapValue":{"userDefined":"AStructWithQuiteALongName"}}}},"optional":true}]},{"name":"URL","namespace":"awkward","fields":[{"name":"url","type":{"builtIn":"string"}}]},{"name":"Url","namespace":"awkward","fields":[{"name":"url","type":{"builtIn":"string"}}]},{"name":"Trait_","namespace":"awkward","fields":[{"name":"a","type":{"builtIn":"string"}}]},{"name":"_1","namespace":"awkward","fields":[{"name":"_1","type":{"builtIn":"string"}}]},{"name":"__1","namespace":"awkward","fields":[{"name":"_1","type":{"builtIn":"string"}}]}],"enums":[{"name":"Nothing","namespace":"awkward"},{"name":"Choice","namespace":"awkward","values":[{"name":"self"},{"name":"Self"},{"name":"Type"},{"name":"type"},{"name":"default"},{"name":"credit_card"},{"name":"creditCard"},{"name":"CREDIT_CARD"},{"name":"_"},{"name":"__"},{"name":"_1"}]},{"name":"Type","namespace":"awkward","values":[{"name":"pendingOrder"},{"name":"paidOrder"}]},{"name":"Shout","namespace":"awkward","values":[{"name":"FIRST_THING"},{"name":"SECOND_THING"}]},{"name":"Value","namespace":"awkward","values":[{"name":"some_value"},{"name":"other_value"}]},{"name":"require","namespace":"awkward","values":[{"name":"a"}]},{"name":"exports","namespace":"awkward","values":[{"name":"a"}]},{"name":"arguments","namespace":"awkward","values":[{"name":"a"}]}],"errors":[{"name":"awkward.Error","namespace":"awkward","code":1,"message":"with \\\\ and ${x} and `x` and */ and a message that goes on for so long that it does not fit on a line","comment":"A comment with */ and `code`."},{"name":"awkward.Error_2","namespace":"awkward","code":-2,"message":""},{"name":"awkward.other","namespace":"awkward","code":3,"message":"other"},{"name":"awkward.Other_","namespace":"awkward","code":4,"message":"é"},{"name":"awkward.Failure","namespace":"awkward","code":5,"message":"a message that is a little shorter, and goes just over the end of its line in Rust"},{"name":"awkward.function","namespace":"awkward","code":6,"message":"f"}]}';

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

function $Words($: $Index, at: number): Words {
  at = $.inside(at);
  return {
    abstract: $.string(at),
    any: $.string(at + 1),
    array: $.string(at + 2),
    as: $.string(at + 3),
    async: $.string(at + 4),
    await: $.string(at + 5),
    bool: $.string(at + 6),
    borrow: $.string(at + 7),
    break: $.string(at + 8),
    case: $.string(at + 9),
    catch: $.string(at + 10),
    char: $.string(at + 11),
    class: $.string(at + 12),
    const: $.string(at + 13),
    constructor: $.string(at + 14),
    continue: $.string(at + 15),
    crate: $.string(at + 16),
    data: $.string(at + 17),
    debugger: $.string(at + 18),
    declare: $.string(at + 19),
    default: $.string(at + 20),
    delete: $.string(at + 21),
    do: $.string(at + 22),
    dyn: $.string(at + 23),
    else: $.string(at + 24),
    enum: $.string(at + 25),
    error: $.string(at + 26),
    export: $.string(at + 27),
    extends: $.string(at + 28),
    extern: $.string(at + 29),
    f64: $.string(at + 30),
    false: $.string(at + 31),
    final: $.string(at + 32),
    finally: $.string(at + 33),
    flags: $.string(at + 34),
    float: $.string(at + 35),
    fn: $.string(at + 36),
    for: $.string(at + 37),
    from: $.string(at + 38),
    func: $.string(at + 39),
    function: $.string(at + 40),
    future: $.string(at + 41),
    gen: $.string(at + 42),
    get: $.string(at + 43),
    hasOwnProperty: $.string(at + 44),
    if: $.string(at + 45),
    impl: $.string(at + 46),
    implements: $.string(at + 47),
    import: $.string(at + 48),
    in: $.string(at + 49),
    include: $.string(at + 50),
    instanceof: $.string(at + 51),
    int: $.string(at + 52),
    interface: $.string(at + 53),
    keyof: $.string(at + 54),
    let: $.string(at + 55),
    list: $.string(at + 56),
    loop: $.string(at + 57),
    macro: $.string(at + 58),
    map: $.string(at + 59),
    match: $.string(at + 60),
    message: $.string(at + 61),
    mod: $.string(at + 62),
    module: $.string(at + 63),
    move: $.string(at + 64),
    mut: $.string(at + 65),
    namespace: $.string(at + 66),
    never: $.string(at + 67),
    new: $.string(at + 68),
    null: $.string(at + 69),
    of: $.string(at + 70),
    option: $.string(at + 71),
    override: $.string(at + 72),
    own: $.string(at + 73),
    package: $.string(at + 74),
    priv: $.string(at + 75),
    private: $.string(at + 76),
    protected: $.string(at + 77),
    prototype: $.string(at + 78),
    pub: $.string(at + 79),
    public: $.string(at + 80),
    raw: $.string(at + 81),
    readonly: $.string(at + 82),
    record: $.string(at + 83),
    ref: $.string(at + 84),
    require: $.string(at + 85),
    resource: $.string(at + 86),
    result: $.string(at + 87),
    return: $.string(at + 88),
    s64: $.string(at + 89),
    self: $.string(at + 90),
    Self: $.string(at + 91),
    set: $.string(at + 92),
    static: $.string(at + 93),
    stream: $.string(at + 94),
    string: $.string(at + 95),
    struct: $.string(at + 96),
    super: $.string(at + 97),
    switch: $.string(at + 98),
    symbol: $.string(at + 99),
    then: $.string(at + 100),
    this: $.string(at + 101),
    throw: $.string(at + 102),
    toString: $.string(at + 103),
    trait: $.string(at + 104),
    true: $.string(at + 105),
    try: $.string(at + 106),
    tuple: $.string(at + 107),
    type: $.string(at + 108),
    typeof: $.string(at + 109),
    undefined: $.string(at + 110),
    union: $.string(at + 111),
    unknown: $.string(at + 112),
    unsafe: $.string(at + 113),
    unsized: $.string(at + 114),
    use: $.string(at + 115),
    valueOf: $.string(at + 116),
    var: $.string(at + 117),
    variant: $.string(at + 118),
    virtual: $.string(at + 119),
    void: $.string(at + 120),
    where: $.string(at + 121),
    while: $.string(at + 122),
    with: $.string(at + 123),
    world: $.string(at + 124),
    yield: $.string(at + 125),
    ["__proto__"]: $.string(at + 126),
    _: $.string(at + 127),
    __: $.string(at + 128),
    _1: $.string(at + 129),
    a_1: $.string(at + 130),
    a1: $.string(at + 131),
    zipCode: $.string(at + 132),
    zip_code: $.string(at + 133),
    ZipCode: $.string(at + 134),
    ZIPCode: $.string(at + 135),
  };
}

function $Empty(_: $Index, _at: number): Empty {
  return {};
}

function $Self($: $Index, at: number): Self {
  at = $.inside(at);
  const made: Self = {};
  if ($.has(at)) made.self = $.isNull(at) ? null : $Self($, at);
  if ($.has(at + 1)) made.selves = $.isNull(at + 1) ? null : $.list(at + 1, $Self);
  if ($.has(at + 2)) made.by = $.isNull(at + 2) ? null : $.map(at + 2, $Self);
  if ($.has(at + 3)) made.other = $.isNull(at + 3) ? null : $Other($, at + 3);
  return made;
}

function $Other($: $Index, at: number): Other {
  at = $.inside(at);
  const made: Other = {};
  if ($.has(at)) made.self = $.isNull(at) ? null : $Self($, at);
  return made;
}

function $Chain($: $Index, at: number): Chain {
  at = $.inside(at);
  const made: Chain = {};
  if ($.has(at)) made.next = $.isNull(at) ? null : $Chain($, at);
  return made;
}

function $Link($: $Index, at: number): Link {
  at = $.inside(at);
  const made: Link = { value: $.choice(at + 1, "Choice") };
  if ($.has(at)) made.next = $.isNull(at) ? null : $Chain($, at);
  return made;
}

function $Parent($: $Index, at: number): Parent {
  at = $.inside(at);
  const made: Parent = {
    a: $.string(at),
    b: $Empty($, at + 1),
    c: $.list(at + 2, ($, at) => $.choice(at, "Nothing")),
  };
  if ($.has(at + 3)) made.d = $.isNull(at + 3) ? null : $.int(at + 3);
  return made;
}

function $Child($: $Index, at: number): Child {
  at = $.inside(at);
  const made: Child = {
    a: $.string(at),
    b: $.string(at + 1),
    c: $.list(at + 2, ($, at) => $.choice(at, "Nothing")),
    e: $.float(at + 4),
  };
  if ($.has(at + 3)) made.d = $.isNull(at + 3) ? null : $.int(at + 3);
  return made;
}

function $GrandChild($: $Index, at: number): GrandChild {
  at = $.inside(at);
  const made: GrandChild = {
    a: $.string(at),
    b: $.string(at + 1),
    c: $.list(at + 2, ($, at) => $.choice(at, "Nothing")),
    d: $.int(at + 3),
    e: $.float(at + 4),
  };
  if ($.has(at + 5)) made.f = $.isNull(at + 5) ? null : $.list(at + 5, ($, at) => $.list(at, ($, at) => $.map(at, ($, at) => $.list(at, $Self))));
  return made;
}

function $Call($: $Index, at: number): Call {
  at = $.inside(at);
  return { id: $.string(at) };
}

function $Transport($: $Index, at: number): Transport {
  at = $.inside(at);
  return { id: $.string(at) };
}

function $RpcError($: $Index, at: number): RpcError {
  at = $.inside(at);
  return { id: $.string(at) };
}

function $Params($: $Index, at: number): Params {
  at = $.inside(at);
  return { id: $.string(at) };
}

function $C($: $Index, at: number): C {
  at = $.inside(at);
  return { id: $.string(at) };
}

function $T($: $Index, at: number): T {
  at = $.inside(at);
  return { id: $.string(at) };
}

function $Vec($: $Index, at: number): Vec {
  at = $.inside(at);
  const made: Vec = {};
  if ($.has(at)) made.vec = $.isNull(at) ? null : $.list(at, $Vec);
  return made;
}

function $Option($: $Index, at: number): Option {
  at = $.inside(at);
  const made: Option = {};
  if ($.has(at)) made.option = $.isNull(at) ? null : $.string(at);
  return made;
}

function $Result($: $Index, at: number): Result {
  at = $.inside(at);
  const made: Result = {};
  if ($.has(at)) made.result = $.isNull(at) ? null : $Result($, at);
  return made;
}

function $String($: $Index, at: number): String {
  at = $.inside(at);
  return { string: $.string(at) };
}

function $Box($: $Index, at: number): Box {
  at = $.inside(at);
  const made: Box = {};
  if ($.has(at)) made.box = $.isNull(at) ? null : $Box($, at);
  return made;
}

function $BTreeMap($: $Index, at: number): BTreeMap {
  at = $.inside(at);
  return { map: $.map(at, $BTreeMap) };
}

function $Some($: $Index, at: number): Some {
  at = $.inside(at);
  return { some: $.string(at) };
}

function $None($: $Index, at: number): None {
  at = $.inside(at);
  return { none: $.string(at) };
}

function $Clone($: $Index, at: number): Clone {
  at = $.inside(at);
  return { clone: $.string(at) };
}

function $Serialize($: $Index, at: number): Serialize {
  at = $.inside(at);
  return { from: $From($, at) };
}

function $From($: $Index, at: number): From {
  at = $.inside(at);
  return { serialize: $.string(at) };
}

function $Promise($: $Index, at: number): Promise {
  at = $.inside(at);
  return { promise: $.string(at) };
}

function $Array($: $Index, at: number): Array {
  at = $.inside(at);
  return { array: $.list(at, $Array) };
}

function $Object($: $Index, at: number): Object_ {
  at = $.inside(at);
  return { object: $.string(at) };
}

function $Record($: $Index, at: number): Record {
  at = $.inside(at);
  return { record: $.string(at) };
}

function $Omit($: $Index, at: number): Omit {
  at = $.inside(at);
  return { omit: $.string(at) };
}

function $globalThis($: $Index, at: number): globalThis_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $undefined($: $Index, at: number): undefined_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $any($: $Index, at: number): any_ {
  at = $.inside(at);
  const made: any_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $any($, at);
  return made;
}

function $never($: $Index, at: number): never_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $unknown($: $Index, at: number): unknown_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $number($: $Index, at: number): number_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $symbol($: $Index, at: number): symbol_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $object($: $Index, at: number): object_ {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $keyof($: $Index, at: number): keyof_ {
  at = $.inside(at);
  return { x: $.list(at, $keyof) };
}

function $readonly($: $Index, at: number): readonly_ {
  at = $.inside(at);
  return { x: $.list(at, $readonly) };
}

function $infer($: $Index, at: number): infer_ {
  at = $.inside(at);
  const made: infer_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $infer($, at);
  return made;
}

function $unique($: $Index, at: number): unique_ {
  at = $.inside(at);
  const made: unique_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $unique($, at);
  return made;
}

function $asserts($: $Index, at: number): asserts_ {
  at = $.inside(at);
  const made: asserts_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $asserts($, at);
  return made;
}

function $type($: $Index, at: number): type_ {
  at = $.inside(at);
  const made: type_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $type($, at);
  return made;
}

function $class($: $Index, at: number): class_ {
  at = $.inside(at);
  const made: class_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $class($, at);
  return made;
}

function $await($: $Index, at: number): await_ {
  at = $.inside(at);
  const made: await_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $await($, at);
  return made;
}

function $default($: $Index, at: number): default_ {
  at = $.inside(at);
  const made: default_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $default($, at);
  return made;
}

function $abstract($: $Index, at: number): abstract_ {
  at = $.inside(at);
  const made: abstract_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $abstract($, at);
  return made;
}

function $namespace($: $Index, at: number): namespace_ {
  at = $.inside(at);
  const made: namespace_ = {};
  if ($.has(at)) made.x = $.isNull(at) ? null : $namespace($, at);
  return made;
}

function $errors($: $Index, at: number): errors {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $contract($: $Index, at: number): contract {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $Awkward($: $Index, at: number): Awkward {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $awkward($: $Index, at: number): awkward {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $types($: $Index, at: number): types {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $rpc_error($: $Index, at: number): rpc_error {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $error_detail($: $Index, at: number): error_detail {
  at = $.inside(at);
  return { x: $.int(at) };
}

function $AStructWithQuiteALongName($: $Index, at: number): AStructWithQuiteALongName {
  at = $.inside(at);
  const made: AStructWithQuiteALongName = {};
  if ($.has(at)) made.aFieldWithALongNameAndALongType = $.isNull(at) ? null : $.map(at, ($, at) => $.map(at, ($, at) => $.map(at, $AStructWithQuiteALongName)));
  return made;
}

function $URL($: $Index, at: number): URL {
  at = $.inside(at);
  return { url: $.string(at) };
}

function $Url($: $Index, at: number): Url {
  at = $.inside(at);
  return { url: $.string(at) };
}

function $Trait_($: $Index, at: number): Trait_ {
  at = $.inside(at);
  return { a: $.string(at) };
}

function $_1($: $Index, at: number): _1 {
  at = $.inside(at);
  return { _1: $.string(at) };
}

function $__1($: $Index, at: number): __1 {
  at = $.inside(at);
  return { _1: $.string(at) };
}

/** Makes the structs of the contract: the option `shapes` of the package's `Contract`. */
export const shapes = {
  layout: 3715883623,
  structs: {
    "Words": $Words,
    "Empty": $Empty,
    "Self": $Self,
    "Other": $Other,
    "Chain": $Chain,
    "Link": $Link,
    "Parent": $Parent,
    "Child": $Child,
    "GrandChild": $GrandChild,
    "Call": $Call,
    "Transport": $Transport,
    "RpcError": $RpcError,
    "Params": $Params,
    "C": $C,
    "T": $T,
    "Vec": $Vec,
    "Option": $Option,
    "Result": $Result,
    "String": $String,
    "Box": $Box,
    "BTreeMap": $BTreeMap,
    "Some": $Some,
    "None": $None,
    "Clone": $Clone,
    "Serialize": $Serialize,
    "From": $From,
    "Promise": $Promise,
    "Array": $Array,
    "Object": $Object,
    "Record": $Record,
    "Omit": $Omit,
    "globalThis": $globalThis,
    "undefined": $undefined,
    "any": $any,
    "never": $never,
    "unknown": $unknown,
    "number": $number,
    "symbol": $symbol,
    "object": $object,
    "keyof": $keyof,
    "readonly": $readonly,
    "infer": $infer,
    "unique": $unique,
    "asserts": $asserts,
    "type": $type,
    "class": $class,
    "await": $await,
    "default": $default,
    "abstract": $abstract,
    "namespace": $namespace,
    "errors": $errors,
    "contract": $contract,
    "Awkward": $Awkward,
    "awkward": $awkward,
    "types": $types,
    "rpc_error": $rpc_error,
    "error_detail": $error_detail,
    "AStructWithQuiteALongName": $AStructWithQuiteALongName,
    "URL": $URL,
    "Url": $Url,
    "Trait_": $Trait_,
    "_1": $_1,
    "__1": $__1,
  },
};
