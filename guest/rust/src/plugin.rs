//! The macro that makes a crate a plugin.

/// Makes the crate a plugin, from the traits that `pintle gen rust` writes, or from single functions.
///
/// # From generated traits
///
/// `checkout` is the generated module, one name in scope, and `Shop` a type of yours that implements some of its traits.
/// Each instance of the guest makes one `Shop` with [`Default`] and serves all calls with it, one at a time. In a handler
/// `?` also takes this crate's [`Error`](crate::Error) and [`Refused`](crate::Refused).
///
/// ```text
/// mod checkout;
///
/// pintle_guest::plugin! {
///     impl checkout::{CatalogService, CartService, inc::Calculator} for Shop
/// }
///
/// impl checkout::CatalogService for Shop {
///     fn get_product(&self, product_id: String) -> Result<Option<Product>, RpcError> {
///         Ok(self.products.get(&product_id).cloned())
///     }
/// }
/// ```
///
/// # From functions
///
/// Lists for each interface its methods and the function that handles each.
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
/// # Either way
///
/// Besides the exports of ABI version 1 and the section `pintle.interfaces`, the macro makes one public function,
/// `dispatch(method, params) -> answer`, for tests on any target: `answer` is the JSON that the host would read. Use
/// the macro once in a crate.
#[macro_export]
macro_rules! plugin {
    (
        impl $contract:ident :: {
            $($interface:ident $(:: $rest:ident)*),+ $(,)?
        } for $handler:ty $(;)?
    ) => {
        /// Runs one call as the host would: `params` is a JSON array by position, the answer a JSON object with
        /// either `result` or `error`.
        pub fn dispatch(method: &str, params: &[u8]) -> ::std::vec::Vec<u8> {
            ::std::thread_local! {
                // A guest has one thread, and so one handler; a native test has one of its own.
                static HANDLER: $handler = <$handler as ::std::default::Default>::default();
            }
            let incoming = $crate::Incoming::new(method, params);
            $(
                if incoming.interface() == <$handler as $contract::$interface $(:: $rest)*>::INTERFACE {
                    return HANDLER.with(|handler| {
                        <$handler as $contract::$interface $(:: $rest)*>::dispatch(handler, incoming)
                    });
                }
            )+
            $crate::unknown_method(method)
        }

        impl $contract::rpc::Call for $crate::Incoming<'_> {
            type Answer = ::std::vec::Vec<u8>;

            fn method(&self) -> &str {
                $crate::Incoming::method(self)
            }

            fn run<P, R, H>(self, handler: H) -> Self::Answer
            where
                P: $crate::serde::de::DeserializeOwned,
                R: $crate::serde::Serialize,
                H: ::std::ops::FnOnce(P) -> ::std::result::Result<R, $contract::rpc::RpcError>,
            {
                self.answer(|params| {
                    handler(params).map_err(|error| $crate::Error::from_parts(error.code, error.message, error.data))
                })
            }

            fn unknown(self) -> Self::Answer {
                self.unknown_method()
            }
        }

        impl ::std::convert::From<$crate::Error> for $contract::rpc::RpcError {
            fn from(error: $crate::Error) -> Self {
                let (code, message, data) = error.into_parts();
                Self { code, message, data }
            }
        }

        impl ::std::convert::From<$crate::Refused> for $contract::rpc::RpcError {
            fn from(refused: $crate::Refused) -> Self {
                $crate::Error::from(refused).into()
            }
        }

        $crate::plugin! {
            @exports $(<$handler as $contract::$interface $(:: $rest)*>::INTERFACE),+
        }
    };
    (@exports $($interface:expr),*) => {
        const _: () = {
            const INTERFACES: &[&str] = &[$($interface),*];

            #[used]
            #[cfg_attr(target_family = "wasm", unsafe(link_section = "pintle.interfaces"))]
            static SECTION: [u8; $crate::abi::list_len(INTERFACES)] = $crate::abi::list(INTERFACES);

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
    ($($name:ident $(. $rest:ident)* { $($method:ident : $handler:path),* $(,)? })+) => {
        /// Runs one call as the host would: `params` is a JSON array by position, the answer a JSON object with
        /// either `result` or `error`.
        pub fn dispatch(method: &str, params: &[u8]) -> ::std::vec::Vec<u8> {
            if let ::std::option::Option::Some((interface, name)) = method.rsplit_once('.') {
                $(
                    if interface == ::std::concat!(::std::stringify!($name) $(, ".", ::std::stringify!($rest))*) {
                        match name {
                            $(::std::stringify!($method) => return $crate::answer(method, $handler, params),)*
                            _ => {}
                        }
                    }
                )+
            }
            $crate::unknown_method(method)
        }

        $crate::plugin! {
            @exports $(::std::concat!(::std::stringify!($name) $(, ".", ::std::stringify!($rest))*)),+
        }
    };
}
