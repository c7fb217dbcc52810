//! The macro that makes a crate a plugin.

/// Makes the crate a plugin: lists for each interface its methods and the function that handles each.
///
/// ```
/// pintle_guest::plugin! {
///     Calculator { add: add, negate: negate }
/// }
///
/// fn add(a: i64, b: i64) -> i64 {
///     a.saturating_add(b)
/// }
///
/// fn negate(a: i64) -> Result<i64, pintle_guest::Error> {
///     a.checked_neg().ok_or_else(|| pintle_guest::Error::invalid_params("has no opposite"))
/// }
/// # fn main() {
/// assert_eq!(dispatch("Calculator.add", b"[4,5]"), br#"{"result":9}"#);
/// # }
/// ```
///
/// A handler takes up to eight parameters that implement `serde::de::DeserializeOwned` and returns something that
/// implements `serde::Serialize` (`()` is `null`), or a `Result` of that and [`Error`](crate::Error), or an error that
/// converts into one. An optional parameter is an `Option`. An interface of an imported contract is written with its
/// namespace, `inc.Calculator`.
///
/// Besides the exports of ABI version 1 and the section `pintle.interfaces`, the macro makes one public function,
/// `dispatch(method, params) -> answer`, for tests on any target: `answer` is the JSON that the host would read. Use
/// the macro once in a crate.
#[macro_export]
macro_rules! plugin {
    (
        $first:ident $(. $first_rest:ident)* { $($first_method:ident : $first_handler:path),* $(,)? }
        $($name:ident $(. $rest:ident)* { $($method:ident : $handler:path),* $(,)? })*
    ) => {
        /// Runs one call as the host would: `params` is a JSON array by position, the answer a JSON object with
        /// either `result` or `error`.
        pub fn dispatch(method: &str, params: &[u8]) -> ::std::vec::Vec<u8> {
            if let ::std::option::Option::Some((interface, name)) = method.rsplit_once('.') {
                if interface == ::std::concat!(::std::stringify!($first) $(, ".", ::std::stringify!($first_rest))*) {
                    match name {
                        $(::std::stringify!($first_method) => return $crate::answer(method, $first_handler, params),)*
                        _ => {}
                    }
                }
                $(
                    if interface == ::std::concat!(::std::stringify!($name) $(, ".", ::std::stringify!($rest))*) {
                        match name {
                            $(::std::stringify!($method) => return $crate::answer(method, $handler, params),)*
                            _ => {}
                        }
                    }
                )*
            }
            $crate::unknown_method(method)
        }

        const _: () = {
            const INTERFACES: &str = ::std::concat!(
                "[\"", ::std::stringify!($first), $(".", ::std::stringify!($first_rest),)* "\"",
                $(",\"", ::std::stringify!($name), $(".", ::std::stringify!($rest),)* "\"",)*
                "]"
            );

            #[used]
            #[cfg_attr(target_family = "wasm", unsafe(link_section = "pintle.interfaces"))]
            static SECTION: [u8; INTERFACES.len()] = match INTERFACES.as_bytes().first_chunk() {
                ::std::option::Option::Some(bytes) => *bytes,
                ::std::option::Option::None => ::std::unreachable!(),
            };

            #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
            extern "C" fn pintle_abi_1() {}

            #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
            extern "C" fn pintle_alloc(len: i32) -> i32 {
                $crate::abi::alloc(len)
            }

            #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
            extern "C" fn pintle_call(method: i32, method_len: i32, params: i32, params_len: i32) -> i64 {
                $crate::abi::call(dispatch, method, method_len, params, params_len)
            }

            #[cfg_attr(target_family = "wasm", unsafe(no_mangle))]
            extern "C" fn pintle_free(address: i32, len: i32) {
                $crate::abi::free(address, len);
            }
        };
    };
}
