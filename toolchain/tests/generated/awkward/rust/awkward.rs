//! The contract `awkward`, made by `pintle gen rust`: change the contract and make it again.

// Names and comments are the contract's, and nobody uses all of it.
#![allow(dead_code, missing_docs, unreachable_pub)]
#![allow(clippy::complexity, clippy::style, rustdoc::bare_urls)]

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Words {
    pub r#abstract: std::string::String,
    pub any: std::string::String,
    pub array: std::string::String,
    pub r#as: std::string::String,
    pub r#async: std::string::String,
    pub r#await: std::string::String,
    pub bool: std::string::String,
    pub borrow: std::string::String,
    pub r#break: std::string::String,
    pub case: std::string::String,
    pub catch: std::string::String,
    pub char: std::string::String,
    pub class: std::string::String,
    pub r#const: std::string::String,
    pub constructor: std::string::String,
    pub r#continue: std::string::String,
    pub crate_: std::string::String,
    pub data: std::string::String,
    pub debugger: std::string::String,
    pub declare: std::string::String,
    pub default: std::string::String,
    pub delete: std::string::String,
    pub r#do: std::string::String,
    pub r#dyn: std::string::String,
    pub r#else: std::string::String,
    pub r#enum: std::string::String,
    pub error: std::string::String,
    pub export: std::string::String,
    pub extends: std::string::String,
    pub r#extern: std::string::String,
    pub f64: std::string::String,
    pub r#false: std::string::String,
    pub r#final: std::string::String,
    pub finally: std::string::String,
    pub flags: std::string::String,
    pub float: std::string::String,
    pub r#fn: std::string::String,
    pub r#for: std::string::String,
    pub from: std::string::String,
    pub func: std::string::String,
    pub function: std::string::String,
    pub future: std::string::String,
    pub r#gen: std::string::String,
    pub get: std::string::String,
    pub has_own_property: std::string::String,
    pub r#if: std::string::String,
    pub r#impl: std::string::String,
    pub implements: std::string::String,
    pub import: std::string::String,
    pub r#in: std::string::String,
    pub include: std::string::String,
    pub instanceof: std::string::String,
    pub int: std::string::String,
    pub interface: std::string::String,
    pub keyof: std::string::String,
    pub r#let: std::string::String,
    pub list: std::string::String,
    pub r#loop: std::string::String,
    pub r#macro: std::string::String,
    pub map: std::string::String,
    pub r#match: std::string::String,
    pub message: std::string::String,
    pub r#mod: std::string::String,
    pub module: std::string::String,
    pub r#move: std::string::String,
    pub r#mut: std::string::String,
    pub namespace: std::string::String,
    pub never: std::string::String,
    pub new: std::string::String,
    pub null: std::string::String,
    pub of: std::string::String,
    pub option: std::string::String,
    pub r#override: std::string::String,
    pub own: std::string::String,
    pub package: std::string::String,
    pub r#priv: std::string::String,
    pub private: std::string::String,
    pub protected: std::string::String,
    pub prototype: std::string::String,
    pub r#pub: std::string::String,
    pub public: std::string::String,
    pub raw: std::string::String,
    pub readonly: std::string::String,
    pub record: std::string::String,
    pub r#ref: std::string::String,
    pub require: std::string::String,
    pub resource: std::string::String,
    pub result: std::string::String,
    pub r#return: std::string::String,
    pub s64: std::string::String,
    pub self_: std::string::String,
    #[serde(rename = "Self")]
    pub self_2: std::string::String,
    pub set: std::string::String,
    pub r#static: std::string::String,
    pub stream: std::string::String,
    pub string: std::string::String,
    pub r#struct: std::string::String,
    pub super_: std::string::String,
    pub switch: std::string::String,
    pub symbol: std::string::String,
    pub then: std::string::String,
    pub this: std::string::String,
    pub throw: std::string::String,
    pub to_string: std::string::String,
    pub r#trait: std::string::String,
    pub r#true: std::string::String,
    pub r#try: std::string::String,
    pub tuple: std::string::String,
    pub r#type: std::string::String,
    pub r#typeof: std::string::String,
    pub undefined: std::string::String,
    pub union: std::string::String,
    pub unknown: std::string::String,
    pub r#unsafe: std::string::String,
    pub r#unsized: std::string::String,
    pub r#use: std::string::String,
    pub value_of: std::string::String,
    pub var: std::string::String,
    pub variant: std::string::String,
    pub r#virtual: std::string::String,
    pub void: std::string::String,
    pub r#where: std::string::String,
    pub r#while: std::string::String,
    pub with: std::string::String,
    pub world: std::string::String,
    pub r#yield: std::string::String,
    #[serde(rename = "__proto__")]
    pub proto: std::string::String,
    #[serde(rename = "_")]
    pub x: std::string::String,
    #[serde(rename = "__")]
    pub x_: std::string::String,
    #[serde(rename = "_1")]
    pub x1: std::string::String,
    #[serde(rename = "a_1")]
    pub a_1: std::string::String,
    pub a1: std::string::String,
    /// Two names that differ in case only.
    pub zip_code: std::string::String,
    #[serde(rename = "zip_code")]
    pub zip_code_: std::string::String,
    #[serde(rename = "ZipCode")]
    pub zip_code_2: std::string::String,
    #[serde(rename = "ZIPCode")]
    pub zip_code_3: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Empty {}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Self2 {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub self_: std::option::Option<std::boxed::Box<Self2>>,
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub selves: std::option::Option<std::vec::Vec<Self2>>,
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub by: std::option::Option<std::collections::BTreeMap<std::string::String, Self2>>,
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub other: std::option::Option<std::boxed::Box<Other>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Other {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub self_: std::option::Option<std::boxed::Box<Self2>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Chain {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub next: std::option::Option<std::boxed::Box<Chain>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Link {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub next: std::option::Option<Chain>,
    pub value: Choice,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Parent {
    pub a: std::string::String,
    pub b: Empty,
    pub c: std::vec::Vec<Nothing>,
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub d: std::option::Option<i64>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Child {
    pub a: std::string::String,
    pub b: std::string::String,
    pub c: std::vec::Vec<Nothing>,
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub d: std::option::Option<i64>,
    pub e: f64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct GrandChild {
    pub a: std::string::String,
    pub b: std::string::String,
    pub c: std::vec::Vec<Nothing>,
    pub d: i64,
    pub e: f64,
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub f: std::option::Option<
        std::vec::Vec<
            std::vec::Vec<std::collections::BTreeMap<std::string::String, std::vec::Vec<Self2>>>,
        >,
    >,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Call {
    pub id: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Transport {
    pub id: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RpcError {
    pub id: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Params {
    pub id: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct C {
    pub id: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct T {
    pub id: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Vec {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub vec: std::option::Option<std::vec::Vec<Vec>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Option {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub option: std::option::Option<std::string::String>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Result {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub result: std::option::Option<std::boxed::Box<Result>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct String {
    pub string: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Box {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub r#box: std::option::Option<std::boxed::Box<Box>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct BTreeMap {
    pub map: std::collections::BTreeMap<std::string::String, BTreeMap>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Some {
    pub some: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct None {
    pub none: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Clone {
    pub clone: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Serialize {
    pub from: From,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct From {
    pub serialize: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Promise {
    pub promise: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Array {
    pub array: std::vec::Vec<Array>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Object {
    pub object: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Record {
    pub record: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Omit {
    pub omit: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct GlobalThis {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Undefined {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Any {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Any>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Never {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Unknown {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Number {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Symbol {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Object2 {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Keyof {
    pub x: std::vec::Vec<Keyof>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Readonly {
    pub x: std::vec::Vec<Readonly>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Infer {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Infer>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Unique {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Unique>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Asserts {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Asserts>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Type {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Type>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Class {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Class>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Await {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Await>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Default {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Default>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Abstract {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Abstract>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Namespace {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub x: std::option::Option<std::boxed::Box<Namespace>>,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Errors {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Contract {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Awkward {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Awkward2 {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Types {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RpcError2 {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ErrorDetail {
    pub x: i64,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AStructWithQuiteALongName {
    #[serde(skip_serializing_if = "std::option::Option::is_none")]
    pub a_field_with_a_long_name_and_a_long_type: std::option::Option<
        std::collections::BTreeMap<
            std::string::String,
            std::collections::BTreeMap<
                std::string::String,
                std::collections::BTreeMap<std::string::String, AStructWithQuiteALongName>,
            >,
        >,
    >,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Url {
    pub url: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Url2 {
    pub url: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Trait {
    pub a: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct X1 {
    #[serde(rename = "_1")]
    pub x1: std::string::String,
}

#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct X12 {
    #[serde(rename = "_1")]
    pub x1: std::string::String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Nothing {}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    #[serde(rename = "self")]
    Self2,
    #[serde(rename = "Self")]
    Self3,
    #[serde(rename = "Type")]
    Type,
    #[serde(rename = "type")]
    Type2,
    Default,
    CreditCard,
    #[serde(rename = "creditCard")]
    CreditCard2,
    #[serde(rename = "CREDIT_CARD")]
    CreditCard3,
    #[serde(rename = "_")]
    X,
    #[serde(rename = "__")]
    X2,
    #[serde(rename = "_1")]
    X1,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Type2 {
    PendingOrder,
    PaidOrder,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Shout {
    FirstThing,
    SecondThing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    SomeValue,
    OtherValue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Require {
    A,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exports {
    A,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arguments {
    A,
}

/// The errors that the contract declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Error {
    /// A comment with */ and `code`.
    Error,
    Error2,
    /// other
    Other,
    /// é
    Other2,
    /// a message that is a little shorter, and goes just over the end of its line in Rust
    Failure,
    /// f
    Function,
}

impl Error {
    /// The number that it travels as.
    pub fn code(self) -> i32 {
        match self {
            Self::Error => 1,
            Self::Error2 => -2,
            Self::Other => 3,
            Self::Other2 => 4,
            Self::Failure => 5,
            Self::Function => 6,
        }
    }

    /// The error with this code, if it is one of these.
    pub fn from_code(code: i32) -> std::option::Option<Self> {
        match code {
            1 => Some(Self::Error),
            -2 => Some(Self::Error2),
            3 => Some(Self::Other),
            4 => Some(Self::Other2),
            5 => Some(Self::Failure),
            6 => Some(Self::Function),
            _ => None,
        }
    }

    /// What the contract says that it means.
    pub fn message(self) -> &'static str {
        match self {
            Self::Error => {
                "with \\ and ${x} and `x` and */ and a message that goes on for so long that it does not fit on a line"
            }
            Self::Error2 => "",
            Self::Other => "other",
            Self::Other2 => "é",
            Self::Failure => {
                "a message that is a little shorter, and goes just over the end of its line in Rust"
            }
            Self::Function => "f",
        }
    }
}

impl std::convert::From<Error> for rpc::RpcError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.message())
    }
}

/// A comment with */ and /* and /// and //! and """ and ${x} and --> and \<script> and \[link\].
/// \`\`\`
/// panic!("a fenced block is no test");
/// \`\`\`
/// panic!("nor is an indented one");
/// @deprecated is no tag, {@link Words} neither, and `Vec<T>` stays code. A \\ stays too.
///
/// Serves `Everything`.
pub trait Everything {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Everything";

    /// Returns nothing at all.
    fn raises(&self, raises: std::string::String) -> std::result::Result<(), rpc::RpcError>;

    /// Errors: `Error` (1), `Error_2` (-2).
    fn constructor(
        &self,
        constructor: i64,
        then: bool,
        self_: f64,
        self_2: std::string::String,
        r#await: Words,
    ) -> std::result::Result<std::option::Option<Words>, rpc::RpcError>;

    fn then(
        &self,
        then: std::vec::Vec<std::string::String>,
    ) -> std::result::Result<
        std::collections::BTreeMap<std::string::String, std::vec::Vec<Words>>,
        rpc::RpcError,
    >;

    fn to_string(&self) -> std::result::Result<std::string::String, rpc::RpcError>;

    fn proto(&self, proto: std::string::String) -> std::result::Result<Empty, rpc::RpcError>;

    fn prototype(&self) -> std::result::Result<std::option::Option<Nothing>, rpc::RpcError>;

    fn self_(&self, self_: Self2) -> std::result::Result<Self2, rpc::RpcError>;

    fn super_(&self) -> std::result::Result<std::vec::Vec<Self2>, rpc::RpcError>;

    fn r#type(
        &self,
        r#type: std::string::String,
        type_: std::string::String,
        type_2: std::string::String,
    ) -> std::result::Result<Type2, rpc::RpcError>;

    fn r#await(
        &self,
        r#await: std::option::Option<Words>,
        default: std::option::Option<i64>,
        class: std::option::Option<std::collections::BTreeMap<std::string::String, i64>>,
    ) -> std::result::Result<i64, rpc::RpcError>;

    fn default(&self) -> std::result::Result<f64, rpc::RpcError>;

    fn call_(&self, call: Call) -> std::result::Result<Transport, rpc::RpcError>;

    fn dispatch_(&self, dispatch: std::string::String) -> std::result::Result<bool, rpc::RpcError>;

    fn clone(&self, a_b: i64, a_b_: i64, ab: i64) -> std::result::Result<Clone, rpc::RpcError>;

    fn into(&self) -> std::result::Result<Option, rpc::RpcError>;

    fn new(&self) -> std::result::Result<Vec, rpc::RpcError>;

    fn len(&self) -> std::result::Result<std::option::Option<Result>, rpc::RpcError>;

    fn get_url(&self) -> std::result::Result<std::string::String, rpc::RpcError>;

    fn get_url_(&self) -> std::result::Result<std::string::String, rpc::RpcError>;

    fn get_url_2(&self) -> std::result::Result<std::string::String, rpc::RpcError>;

    fn words(&self) -> std::result::Result<Words, rpc::RpcError>;

    fn long_method_name_that_leaves_hardly_any_room(
        &self,
        parameter_with_a_long_name: AStructWithQuiteALongName,
        another_parameter_with_a_long_name: std::vec::Vec<AStructWithQuiteALongName>,
    ) -> std::result::Result<
        std::collections::BTreeMap<std::string::String, AStructWithQuiteALongName>,
        rpc::RpcError,
    >;

    fn even_longer_method_name_that_leaves_no_room_at_all_for_its_parameters(
        &self,
        parameter_with_a_long_name: std::option::Option<AStructWithQuiteALongName>,
        another_parameter_with_a_long_name: std::option::Option<
            std::collections::BTreeMap<
                std::string::String,
                std::vec::Vec<AStructWithQuiteALongName>,
            >,
        >,
    ) -> std::result::Result<
        std::option::Option<
            std::collections::BTreeMap<
                std::string::String,
                std::vec::Vec<AStructWithQuiteALongName>,
            >,
        >,
        rpc::RpcError,
    >;

    fn many_parameters(
        &self,
        p1: std::string::String,
        p2: i64,
        p3: f64,
        p4: bool,
        p5: Words,
        p6: Type2,
        p7: std::vec::Vec<std::string::String>,
        p8: std::collections::BTreeMap<std::string::String, Words>,
        p9: std::string::String,
        p10: std::string::String,
        p11: std::string::String,
        p12: std::string::String,
        p13: std::string::String,
        p14: std::string::String,
        p15: std::string::String,
        p16: std::string::String,
        p17: std::option::Option<std::string::String>,
    ) -> std::result::Result<(), rpc::RpcError>;

    fn many_numbers(
        &self,
        p1: i64,
        p2: i64,
        p3: i64,
        p4: i64,
        p5: i64,
        p6: i64,
        p7: i64,
        p8: i64,
        p9: i64,
        p10: i64,
        p11: i64,
        p12: i64,
        p13: i64,
        p14: i64,
        p15: i64,
        p16: i64,
        p17: i64,
    ) -> std::result::Result<i64, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C2: rpc::Call>(&self, call: C2) -> C2::Answer {
        match call.method() {
            "raises" => call.run(|(raises,)| self.raises(raises)),
            "constructor" => call.run(|params| {
                let (constructor, then, self_, self_2, r#await) = params;
                self.constructor(constructor, then, self_, self_2, r#await)
            }),
            "then" => call.run(|(then,)| self.then(then)),
            "toString" => call.run(|[]: [(); 0]| self.to_string()),
            "__proto__" => call.run(|(proto,)| self.proto(proto)),
            "prototype" => call.run(|[]: [(); 0]| self.prototype()),
            "self" => call.run(|(self_,)| self.self_(self_)),
            "super" => call.run(|[]: [(); 0]| self.super_()),
            "type" => call.run(|(r#type, type_, type_2)| self.r#type(r#type, type_, type_2)),
            "await" => call.run(|(r#await, default, class)| self.r#await(r#await, default, class)),
            "default" => call.run(|[]: [(); 0]| self.default()),
            "call" => call.run(|(call,)| self.call_(call)),
            "dispatch" => call.run(|(dispatch,)| self.dispatch_(dispatch)),
            "clone" => call.run(|(a_b, a_b_, ab)| self.clone(a_b, a_b_, ab)),
            "into" => call.run(|[]: [(); 0]| self.into()),
            "new" => call.run(|[]: [(); 0]| self.new()),
            "len" => call.run(|[]: [(); 0]| self.len()),
            "getURL" => call.run(|[]: [(); 0]| self.get_url()),
            "get_url" => call.run(|[]: [(); 0]| self.get_url_()),
            "GetUrl" => call.run(|[]: [(); 0]| self.get_url_2()),
            "words" => call.run(|[]: [(); 0]| self.words()),
            "longMethodNameThatLeavesHardlyAnyRoom" => call.run(|params| {
                let (parameter_with_a_long_name, another_parameter_with_a_long_name) = params;
                self.long_method_name_that_leaves_hardly_any_room(
                    parameter_with_a_long_name,
                    another_parameter_with_a_long_name,
                )
            }),
            "evenLongerMethodNameThatLeavesNoRoomAtAllForItsParameters" => call.run(|params| {
                let (parameter_with_a_long_name, another_parameter_with_a_long_name) = params;
                self.even_longer_method_name_that_leaves_no_room_at_all_for_its_parameters(
                    parameter_with_a_long_name,
                    another_parameter_with_a_long_name,
                )
            }),
            "manyParameters" => call.run(|params| {
                #[derive(serde::Deserialize)]
                struct Params2(
                    std::string::String,
                    i64,
                    f64,
                    bool,
                    Words,
                    Type2,
                    std::vec::Vec<std::string::String>,
                    std::collections::BTreeMap<std::string::String, Words>,
                    std::string::String,
                    std::string::String,
                    std::string::String,
                    std::string::String,
                    std::string::String,
                    std::string::String,
                    std::string::String,
                    std::string::String,
                    std::option::Option<std::string::String>,
                );
                let Params2(
                    p1,
                    p2,
                    p3,
                    p4,
                    p5,
                    p6,
                    p7,
                    p8,
                    p9,
                    p10,
                    p11,
                    p12,
                    p13,
                    p14,
                    p15,
                    p16,
                    p17,
                ) = params;
                self.many_parameters(
                    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
                )
            }),
            "manyNumbers" => call.run(|params| {
                #[derive(serde::Deserialize)]
                struct Params2(
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                    i64,
                );
                let Params2(
                    p1,
                    p2,
                    p3,
                    p4,
                    p5,
                    p6,
                    p7,
                    p8,
                    p9,
                    p10,
                    p11,
                    p12,
                    p13,
                    p14,
                    p15,
                    p16,
                    p17,
                ) = params;
                self.many_numbers(
                    p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
                )
            }),
            _ => call.unknown(),
        }
    }
}

/// A comment with */ and /* and /// and //! and """ and ${x} and --> and \<script> and \[link\].
/// \`\`\`
/// panic!("a fenced block is no test");
/// \`\`\`
/// panic!("nor is an indented one");
/// @deprecated is no tag, {@link Words} neither, and `Vec<T>` stays code. A \\ stays too.
///
/// Calls `Everything` over any transport.
pub trait EverythingClient2: rpc::Transport {
    /// Returns nothing at all.
    fn raises(&self, raises: &str) -> Self::Answer<()> {
        self.call("Everything.raises", (raises,))
    }

    /// Errors: `Error` (1), `Error_2` (-2).
    fn constructor(
        &self,
        constructor: i64,
        then: bool,
        self_: f64,
        self_2: &str,
        r#await: &Words,
    ) -> Self::Answer<std::option::Option<Words>> {
        self.call(
            "Everything.constructor",
            (constructor, then, self_, self_2, r#await),
        )
    }

    fn then(
        &self,
        then: &[std::string::String],
    ) -> Self::Answer<std::collections::BTreeMap<std::string::String, std::vec::Vec<Words>>> {
        self.call("Everything.then", (then,))
    }

    fn to_string(&self) -> Self::Answer<std::string::String> {
        self.call("Everything.toString", [(); 0])
    }

    fn proto(&self, proto: &str) -> Self::Answer<Empty> {
        self.call("Everything.__proto__", (proto,))
    }

    fn prototype(&self) -> Self::Answer<std::option::Option<Nothing>> {
        self.call("Everything.prototype", [(); 0])
    }

    fn self_(&self, self_: &Self2) -> Self::Answer<Self2> {
        self.call("Everything.self", (self_,))
    }

    fn super_(&self) -> Self::Answer<std::vec::Vec<Self2>> {
        self.call("Everything.super", [(); 0])
    }

    fn r#type(&self, r#type: &str, type_: &str, type_2: &str) -> Self::Answer<Type2> {
        self.call("Everything.type", (r#type, type_, type_2))
    }

    fn r#await(
        &self,
        r#await: std::option::Option<&Words>,
        default: std::option::Option<i64>,
        class: std::option::Option<&std::collections::BTreeMap<std::string::String, i64>>,
    ) -> Self::Answer<i64> {
        self.call("Everything.await", (r#await, default, class))
    }

    fn default(&self) -> Self::Answer<f64> {
        self.call("Everything.default", [(); 0])
    }

    fn call_(&self, call: &Call) -> Self::Answer<Transport> {
        self.call("Everything.call", (call,))
    }

    fn dispatch_(&self, dispatch: &str) -> Self::Answer<bool> {
        self.call("Everything.dispatch", (dispatch,))
    }

    fn clone(&self, a_b: i64, a_b_: i64, ab: i64) -> Self::Answer<Clone> {
        self.call("Everything.clone", (a_b, a_b_, ab))
    }

    fn into(&self) -> Self::Answer<Option> {
        self.call("Everything.into", [(); 0])
    }

    fn new(&self) -> Self::Answer<Vec> {
        self.call("Everything.new", [(); 0])
    }

    fn len(&self) -> Self::Answer<std::option::Option<Result>> {
        self.call("Everything.len", [(); 0])
    }

    fn get_url(&self) -> Self::Answer<std::string::String> {
        self.call("Everything.getURL", [(); 0])
    }

    fn get_url_(&self) -> Self::Answer<std::string::String> {
        self.call("Everything.get_url", [(); 0])
    }

    fn get_url_2(&self) -> Self::Answer<std::string::String> {
        self.call("Everything.GetUrl", [(); 0])
    }

    fn words(&self) -> Self::Answer<Words> {
        self.call("Everything.words", [(); 0])
    }

    fn long_method_name_that_leaves_hardly_any_room(
        &self,
        parameter_with_a_long_name: &AStructWithQuiteALongName,
        another_parameter_with_a_long_name: &[AStructWithQuiteALongName],
    ) -> Self::Answer<std::collections::BTreeMap<std::string::String, AStructWithQuiteALongName>>
    {
        self.call(
            "Everything.longMethodNameThatLeavesHardlyAnyRoom",
            (
                parameter_with_a_long_name,
                another_parameter_with_a_long_name,
            ),
        )
    }

    fn even_longer_method_name_that_leaves_no_room_at_all_for_its_parameters(
        &self,
        parameter_with_a_long_name: std::option::Option<&AStructWithQuiteALongName>,
        another_parameter_with_a_long_name: std::option::Option<
            &std::collections::BTreeMap<
                std::string::String,
                std::vec::Vec<AStructWithQuiteALongName>,
            >,
        >,
    ) -> Self::Answer<
        std::option::Option<
            std::collections::BTreeMap<
                std::string::String,
                std::vec::Vec<AStructWithQuiteALongName>,
            >,
        >,
    > {
        self.call(
            "Everything.evenLongerMethodNameThatLeavesNoRoomAtAllForItsParameters",
            (
                parameter_with_a_long_name,
                another_parameter_with_a_long_name,
            ),
        )
    }

    fn many_parameters(
        &self,
        p1: &str,
        p2: i64,
        p3: f64,
        p4: bool,
        p5: &Words,
        p6: Type2,
        p7: &[std::string::String],
        p8: &std::collections::BTreeMap<std::string::String, Words>,
        p9: &str,
        p10: &str,
        p11: &str,
        p12: &str,
        p13: &str,
        p14: &str,
        p15: &str,
        p16: &str,
        p17: std::option::Option<&str>,
    ) -> Self::Answer<()> {
        #[derive(serde::Serialize)]
        struct Params2<'a>(
            &'a str,
            i64,
            f64,
            bool,
            &'a Words,
            Type2,
            &'a [std::string::String],
            &'a std::collections::BTreeMap<std::string::String, Words>,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            &'a str,
            std::option::Option<&'a str>,
        );
        self.call(
            "Everything.manyParameters",
            Params2(
                p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
            ),
        )
    }

    fn many_numbers(
        &self,
        p1: i64,
        p2: i64,
        p3: i64,
        p4: i64,
        p5: i64,
        p6: i64,
        p7: i64,
        p8: i64,
        p9: i64,
        p10: i64,
        p11: i64,
        p12: i64,
        p13: i64,
        p14: i64,
        p15: i64,
        p16: i64,
        p17: i64,
    ) -> Self::Answer<i64> {
        #[derive(serde::Serialize)]
        struct Params2(
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
            i64,
        );
        self.call(
            "Everything.manyNumbers",
            Params2(
                p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16, p17,
            ),
        )
    }
}

impl<T: rpc::Transport + ?Sized> EverythingClient2 for T {}

/// Nothing to call.
///
/// Serves `EverythingClient`.
pub trait EverythingClient {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "EverythingClient";

    /// Runs one call with the method that it names.
    fn dispatch<C2: rpc::Call>(&self, call: C2) -> C2::Answer {
        call.unknown()
    }
}

/// Nothing to call.
///
/// Calls `EverythingClient` over any transport.
pub trait EverythingClientClient: rpc::Transport {}

impl<T: rpc::Transport + ?Sized> EverythingClientClient for T {}

/// Serves `Plugin`.
pub trait Plugin {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Plugin";

    fn func(&self, record: std::string::String) -> std::result::Result<Words, rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C2: rpc::Call>(&self, call: C2) -> C2::Answer {
        match call.method() {
            "func" => call.run(|(record,)| self.func(record)),
            _ => call.unknown(),
        }
    }
}

/// Calls `Plugin` over any transport.
pub trait PluginClient: rpc::Transport {
    fn func(&self, record: &str) -> Self::Answer<Words> {
        self.call("Plugin.func", (record,))
    }
}

impl<T: rpc::Transport + ?Sized> PluginClient for T {}

/// Serves `Types`.
pub trait Types2 {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Types";

    /// Runs one call with the method that it names.
    fn dispatch<C2: rpc::Call>(&self, call: C2) -> C2::Answer {
        call.unknown()
    }
}

/// Calls `Types` over any transport.
pub trait Types2Client: rpc::Transport {}

impl<T: rpc::Transport + ?Sized> Types2Client for T {}

/// Serves `Errors`.
pub trait Errors2 {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "Errors";

    /// Runs one call with the method that it names.
    fn dispatch<C2: rpc::Call>(&self, call: C2) -> C2::Answer {
        call.unknown()
    }
}

/// Calls `Errors` over any transport.
pub trait Errors2Client: rpc::Transport {}

impl<T: rpc::Transport + ?Sized> Errors2Client for T {}

/// Serves `_`.
pub trait X {
    /// The interface's name in the contract.
    const INTERFACE: &'static str = "_";

    fn x(&self, x: i64) -> std::result::Result<i64, rpc::RpcError>;

    fn x_(&self) -> std::result::Result<(), rpc::RpcError>;

    fn x1(&self) -> std::result::Result<(), rpc::RpcError>;

    /// Runs one call with the method that it names.
    fn dispatch<C2: rpc::Call>(&self, call: C2) -> C2::Answer {
        match call.method() {
            "_" => call.run(|(x,)| self.x(x)),
            "__" => call.run(|[]: [(); 0]| self.x_()),
            "_1" => call.run(|[]: [(); 0]| self.x1()),
            _ => call.unknown(),
        }
    }
}

/// Calls `_` over any transport.
pub trait XClient: rpc::Transport {
    fn x(&self, x: i64) -> Self::Answer<i64> {
        self.call("_._", (x,))
    }

    fn x_(&self) -> Self::Answer<()> {
        self.call("_.__", [(); 0])
    }

    fn x1(&self) -> Self::Answer<()> {
        self.call("_._1", [(); 0])
    }
}

impl<T: rpc::Transport + ?Sized> XClient for T {}

/// What carries calls to where an interface is served, and back.
pub mod rpc {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    /// The way from clients to a server. Whoever has one can call every interface.
    pub trait Transport {
        /// What a call gives: `Result<R, …>` if the transport waits for the answer, a future of it if not.
        type Answer<R: DeserializeOwned + Send + 'static>;

        /// Sends a call. `method` is `Interface.method`, `params` becomes a JSON array by position.
        fn call<P, R>(&self, method: &str, params: P) -> Self::Answer<R>
        where
            P: Serialize,
            R: DeserializeOwned + Send + 'static;
    }

    /// One call that has come to a server.
    pub trait Call: Sized {
        /// What goes back.
        type Answer;

        /// The method's name without that of its interface.
        fn method(&self) -> &str;

        /// Reads the parameters from a JSON array by position, runs `handler`, and writes what it returns.
        fn run<P, R, H>(self, handler: H) -> Self::Answer
        where
            P: DeserializeOwned,
            R: Serialize,
            H: FnOnce(P) -> Result<R, RpcError>;

        /// Answers that the interface has no such method.
        fn unknown(self) -> Self::Answer;
    }

    /// What a method answers instead of a result.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct RpcError {
        /// One that the contract declares, or another outside of -32768 to -32000. Of those only
        /// -32602 is for handlers.
        pub code: i32,
        /// One sentence for the caller.
        pub message: String,
        /// More about it, as JSON text.
        pub data: Option<String>,
    }

    impl RpcError {
        /// An error without data.
        pub fn new(code: i32, message: impl Into<String>) -> Self {
            RpcError {
                code,
                message: message.into(),
                data: None,
            }
        }

        /// Invalid params: for what the contract's types cannot say.
        pub fn invalid_params(message: impl Into<String>) -> Self {
            RpcError::new(-32602, message)
        }

        /// Internal error: for what callers need not know.
        pub fn internal() -> Self {
            RpcError::new(-32603, "Internal error")
        }
    }

    impl std::fmt::Display for RpcError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{} ({})", self.message, self.code)
        }
    }

    impl std::error::Error for RpcError {}
}
