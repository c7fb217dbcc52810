/*
 * pintle_core.wasm, embed ABI version 1: what a host written in C, or in what reads C headers, needs to know.
 *
 * The module imports nothing and exports `memory` and the functions below. Every runtime has its own way of calling
 * an export; PINTLE_EXPORTS lists them all once, for whatever that way needs:
 *
 *     #define FIND(result, name, parameters) core.name = find_export(instance, #name);
 *     PINTLE_EXPORTS(FIND)
 *
 * `parameters` is how many there are, each an i32. `result` is `none`, `i32` or `i64`. README.md beside this file says
 * what each function does, and who owns which buffer.
 */
#ifndef PINTLE_CORE_H
#define PINTLE_CORE_H

#include <stdint.h>

#define PINTLE_EXPORTS(X)                                                                                            \
    X(none, pintle_embed_1, 0)       /* only there to say which ABI this is */                                       \
    X(i32, pintle_alloc, 1)          /* len */                                                                       \
    X(none, pintle_free, 2)          /* buffer, len */                                                               \
    X(i32, pintle_contract, 3)       /* text, len, enum pintle_language */                                           \
    X(i32, pintle_configure, 3)      /* contract, json, len */                                                       \
    X(i32, pintle_validate, 5)       /* contract, name, len, json, len */                                            \
    X(i32, pintle_release, 1)        /* contract */                                                                  \
    X(i32, pintle_open, 3)           /* contract, body, len */                                                       \
    X(i32, pintle_poll, 1)           /* exchange; answers an enum pintle_step */                                     \
    X(i32, pintle_complete, 5)       /* exchange, ticket, enum pintle_form, text, len; answers an enum pintle_completion */ \
    X(i32, pintle_fail, 8)           /* exchange, ticket, enum pintle_origin, code, message, len, data, len; the same */ \
    X(i32, pintle_parameter, 6)      /* exchange, ticket, name, len, json, len */                                    \
    X(i32, pintle_admit, 2)          /* exchange, ticket */                                                          \
    X(i32, pintle_refuse, 7)         /* exchange, ticket, code, message, len, data, len */                           \
    X(i32, pintle_abandon, 6)        /* exchange, code, message, len, data, len */                                   \
    X(i32, pintle_close, 1)          /* exchange */                                                                  \
    X(i32, pintle_ticket, 1)         /* exchange */                                                                  \
    X(i32, pintle_notification, 1)   /* exchange */                                                                  \
    X(i64, pintle_method, 1)         /* exchange */                                                                  \
    X(i64, pintle_params, 1)         /* exchange */                                                                  \
    X(i64, pintle_request_id, 1)     /* exchange */                                                                  \
    X(i64, pintle_reply, 1)          /* exchange */                                                                  \
    X(i64, pintle_problems, 0)                                                                                       \
    X(i64, pintle_last_error, 0)

/* How a contract is written. */
enum pintle_language {
    PINTLE_PULSE = 0, /* `.pulse` text, without imports */
    PINTLE_JSON = 1   /* the JSON form: what `pintle convert --to json` writes */
};

/* What is to be done next with an exchange. */
enum pintle_step {
    PINTLE_DONE = 0,     /* close it */
    PINTLE_CALL = 1,     /* run the call, and bring its outcome now or later */
    PINTLE_WAIT = 2,     /* nothing, before one of the outcomes that are due was brought */
    PINTLE_REPLY = 3,    /* send pintle_reply */
    PINTLE_NO_REPLY = 4, /* nothing is answered */
    PINTLE_ADMIT = 5,    /* only with the option `admission`: admit or refuse the request */
    PINTLE_REFUSED = -1  /* there is no such exchange */
};

/* What a handler brings. */
enum pintle_form {
    PINTLE_RESULT = 0, /* the result as JSON */
    PINTLE_ANSWER = 1  /* {"result": …} or {"error": {"code", "message", "data"}} */
};

/* Whose error it is. */
enum pintle_origin {
    PINTLE_HANDLER = 0, /* held to the rules for handlers */
    PINTLE_SHELL = 1    /* of the program around the core: any code */
};

/* What became of an outcome. */
enum pintle_completion {
    PINTLE_ACCEPTED = 0,
    PINTLE_REPLACED = 1, /* it broke the contract and was replaced by an error; pintle_problems says how: for the log */
    PINTLE_LATE = 2      /* the exchange has given the call up: nothing happens */
};

/* Where the bytes of a text lie in the module's memory, and how many there are. 0 and 0: there is none. */
static inline uint32_t pintle_text_at(uint64_t text) { return (uint32_t)(text >> 32); }
static inline uint32_t pintle_text_len(uint64_t text) { return (uint32_t)text; }

#endif
