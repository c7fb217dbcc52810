//! The embed ABI, version 1: the core in any WebAssembly runtime, from any language.
//!
//! The module imports nothing. It exports `memory` and the functions below; all numbers are `i32` but for texts, which
//! are one `i64`. Nothing that an embedder passes makes the module trap; only memory that runs out does, or an
//! embedder that writes outside of its buffers.
//! One instance serves one thread at a time. Several instances know nothing of one another.
//!
//! # Texts
//!
//! To the module: `pintle_alloc(len)` makes a buffer, the embedder writes its bytes there, and passes address and
//! length (which may be less than it asked for). **The function that gets a buffer takes it over**, also when it
//! refuses: each is passed once. `pintle_free` is only for one that was not passed at all. 0 and 0 stand for no bytes,
//! and for no data where an error has data.
//!
//! From the module: one `i64`, the address in its upper 32 bits, the length in its lower, both unsigned; 0 if there
//! is none. The bytes are UTF-8, belong to the module, and stay until another function than the readers
//! (`pintle_ticket` to `pintle_last_error` in the table) is called: copy them at once. Memory may grow in any call, so
//! get its base address anew after each.
//!
//! # Numbers
//!
//! Contracts, exchanges and tickets are numbers that are never 0 and not given twice before 2³² of them were. One that
//! is stale or of another kind is refused. A function that refuses answers 0, or -1 where 0 means something, or an
//! `i64` of 0, and `pintle_last_error` says why.
//!
//! # Functions
//!
//! `text`, `body`, `json`, `name`, `message` and `data` stand for two parameters each, address and length.
//!
//! | function | answers |
//! | --- | --- |
//! | `pintle_embed_1()` | nothing; it is there to say which ABI this is |
//! | `pintle_alloc(len)` | the address of a zeroed buffer of at most 256 MiB; 0 if there is none |
//! | `pintle_free(buffer)` | nothing; 0 and 0 and unknown addresses are ignored |
//! | `pintle_contract(text, form)` | a contract from `.pulse` text without imports (form 0) or from the JSON form (1); 0: `pintle_last_error` has the diagnostics |
//! | `pintle_configure(contract, json)` | 1: exchanges that are opened from now on go by these options |
//! | `pintle_validate(contract, name, json)` | whether the JSON is of the type: 1, or 0 with `pintle_problems`; -1 refused |
//! | `pintle_release(contract)` | 1; its open exchanges go on |
//! | `pintle_open(contract, body)` | an exchange; a bad body is no error here but the reply's matter |
//! | `pintle_poll(exchange)` | the next step, see below; -1 refused |
//! | `pintle_complete(exchange, ticket, form, text)` | takes an outcome: form 0 the result as JSON; form 1 a plugin's answer, `{"result": …}` or `{"error": {"code", "message", "data"}}`. 0 accepted; 1 replaced by an error because it broke a rule, `pintle_problems` says which: for the log; 2 late, nothing happens; -1 refused |
//! | `pintle_fail(exchange, ticket, origin, code, message, data)` | takes an error, `data` being JSON: the handler's own (origin 0), held to the rules for handlers, or the shell's (1), of any code. Answers like `pintle_complete` |
//! | `pintle_parameter(exchange, ticket, name, json)` | 1: a parameter to be added to the request to admit; 0 also if the ticket is no request's |
//! | `pintle_admit(exchange, ticket)` | 1: the request may pass; 0 as before |
//! | `pintle_refuse(exchange, ticket, code, message, data)` | 1: the request is answered with this error; 0 as before |
//! | `pintle_abandon(exchange, code, message, data)` | 1: all that has no answer yet gets this error, all tickets are void; poll again for the reply |
//! | `pintle_close(exchange)` | 1: it is gone, finished or not |
//! | `pintle_ticket(exchange)` | the ticket of what the last poll gave out; 0 if nothing, or answered |
//! | `pintle_notification(exchange)` | 1 if nobody waits for an answer to it |
//! | `pintle_method(exchange)` | its method, `Interface.method` |
//! | `pintle_params(exchange)` | of a call: the parameters as a JSON array by position, checked, `null` for those left out; of a request to admit: as they came |
//! | `pintle_request_id(exchange)` | its id as JSON |
//! | `pintle_reply(exchange)` | the body of the reply |
//! | `pintle_problems()` | `[{"path", "expected", "got"}, …]` of the last validation, or outcome that was replaced |
//! | `pintle_last_error()` | one sentence about the last refusal, or the diagnostics of a contract |
//!
//! The options of `pintle_configure` are a JSON object; what it does not name is at its default, and unknown keys are
//! refused: `strict`, `safe_ints`, `commands`, `admission` (booleans), `errors` (`"any"` or `"declared"`), `separator` (a string),
//! `serves` (names of interfaces), `mounts` (objects of `at` and `interface`), `limits` (whole numbers `body`,
//! `depth`, `batch`, `reply`, `id`, `problems`).
//!
//! # Steps
//!
//! | step | | to do |
//! | --- | --- | --- |
//! | 0 | done | close it |
//! | 1 | call | read ticket, method and parameters; run the handler; bring its outcome, now or later, in any order |
//! | 2 | wait | nothing, until one of the outcomes that are due was brought |
//! | 3 | reply | send `pintle_reply`; done follows |
//! | 4 | no reply | nothing is answered (HTTP 204); done follows |
//! | 5 | admit | only with the option `admission`: decide, with admit or refuse |
//!
//! A handler that does not wait makes it a short loop, here without errors:
//!
//! ```text
//! exchange = pintle_open(contract, write(body))
//! loop: match pintle_poll(exchange)
//!     1 → pintle_complete(exchange, pintle_ticket(exchange), 0, write(handle(read(pintle_method(exchange)), …)))
//!     3 → reply = read(pintle_reply(exchange))
//!     0 → break
//! pintle_close(exchange)
//! ```

mod buffer;
mod exports;
mod module;
