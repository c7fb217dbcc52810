/* Write a pintle plugin in C: one header, the C library, nothing else.
 *
 *   #define PINTLE_IMPLEMENTATION
 *   #include "pintle.h"
 *
 *   PINTLE_INTERFACES("[\"Greeter\"]")
 *
 *   static void greet(const pintle_value *params, pintle_out *out) {
 *       pintle_put_text(out, pintle_text_of(pintle_item(params, 0)));
 *   }
 *
 *   const pintle_method pintle_methods[] = {{"Greeter.greet", greet}, {0}};
 *
 * Build it as a reactor for WASI, `zig cc -target wasm32-wasi -mexec-model=reactor`. One file of a plugin defines
 * PINTLE_IMPLEMENTATION before it includes this one.
 *
 * The host has checked the parameters against the contract, and it checks the result. Everything that is read or
 * allocated during a call lives until the call's answer was taken. Without memory the guest traps, which ends the call.
 */
#ifndef PINTLE_H
#define PINTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* UTF-8 with a length; no zero ends it. */
typedef struct {
    const char *bytes;
    size_t len;
} pintle_text;

/* A JSON value that was read. A pointer to none is NULL, and so is null: every function takes it as nothing. */
typedef struct pintle_value pintle_value;

/* The answer of a call while it is written. */
typedef struct pintle_out pintle_out;

/* Runs a method: reads `params`, a list by position, and writes one value, or calls pintle_fail. */
typedef void pintle_handler(const pintle_value *params, pintle_out *out);

/* A method by the name that the contract gives it, `Interface.method`. */
typedef struct {
    const char *name;
    pintle_handler *run;
} pintle_method;

/* The plugin defines this: its methods, and {0} behind the last. */
extern const pintle_method pintle_methods[];

/* Says which interfaces the plugin serves; `list` is a string literal that holds a JSON list of names. */
#define PINTLE_INTERFACES(list) PINTLE_SECTION_(#list)
#define PINTLE_SECTION_(quoted) \
    __asm__(".section .custom_section.pintle.interfaces,\"\",@\n.ascii " quoted "\n.text\n");

/* The text of a string that a zero ends. */
pintle_text pintle_str(const char *string);
bool pintle_equal(pintle_text a, const char *b);

/* Reading. What is not there reads as empty, 0 or false. */
size_t pintle_count(const pintle_value *list);
const pintle_value *pintle_item(const pintle_value *list, size_t at);
const pintle_value *pintle_member(const pintle_value *object, const char *name);
/* Of a map, the name of the entry that pintle_item answers for `at`. */
pintle_text pintle_name(const pintle_value *map, size_t at);
pintle_text pintle_text_of(const pintle_value *value);
int64_t pintle_int_of(const pintle_value *value);
double pintle_float_of(const pintle_value *value);
bool pintle_bool_of(const pintle_value *value);

/* Writing. Commas and escapes are put where they belong. In an object, a key goes before each value. */
void pintle_put_null(pintle_out *out);
void pintle_put_bool(pintle_out *out, bool value);
void pintle_put_int(pintle_out *out, int64_t value);
void pintle_put_float(pintle_out *out, double value);
void pintle_put_text(pintle_out *out, pintle_text text);
void pintle_put_string(pintle_out *out, const char *string);
void pintle_put_json(pintle_out *out, pintle_text json);
void pintle_begin_list(pintle_out *out);
void pintle_end_list(pintle_out *out);
void pintle_begin_object(pintle_out *out);
void pintle_put_key(pintle_out *out, const char *key);
void pintle_end_object(pintle_out *out);
/* Answers an error in place of everything that was written. Of the codes from -32768 to -32000 the host passes on
 * -32602 alone, for parameters that make no sense; any other of these becomes an Internal error. */
void pintle_fail(pintle_out *out, int32_t code, const char *message);

/* Zeroed memory until the end of the call. */
void *pintle_new(size_t size);
/* printf into memory of the call. */
const char *pintle_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What a plugin may ask of its host; what needs a grant of the manifest answers PINTLE_NOT_GRANTED without it. */
enum { PINTLE_ERROR, PINTLE_WARN, PINTLE_INFO, PINTLE_DEBUG, PINTLE_TRACE };
enum { PINTLE_DONE = 0, PINTLE_NO_CONNECTION = -1, PINTLE_NOT_GRANTED = -2, PINTLE_INVALID = -3, PINTLE_FULL = -4 };
enum { PINTLE_LOST = 1 };

void pintle_log(int level, const char *line);
/* Who calls, and how: an object. */
const pintle_value *pintle_context(void);
/* Calls another interface of the same server. `params` is a JSON list; the answer has a member `result` or `error`, and
 * is NULL where the host refuses the call. */
const pintle_value *pintle_call_other(const char *method, pintle_text params);
/* The same with a connection's peer; "" is the caller's own connection. */
const pintle_value *pintle_request(const char *connection, const char *method, pintle_text params);
/* Notifies a connection's peer; "*" is every connection that the plugin may reach. */
int pintle_send(const char *connection, const char *method, pintle_text params);
/* The plugin's bucket. False: there is no such key, or no grant. */
bool pintle_kv_get(pintle_text key, pintle_text *value);
int pintle_kv_set(pintle_text key, pintle_text value);
int pintle_kv_delete(pintle_text key);
int pintle_kv_add(pintle_text key, int64_t delta, int64_t *sum);
/* Sets the key if its value is `old` (NULL: if it is absent); PINTLE_LOST if it is not. */
int pintle_kv_swap(pintle_text key, const pintle_text *old, pintle_text value);
/* Up to 256 keys behind `after`, a list of texts in base64; NULL without a grant. */
const pintle_value *pintle_kv_list(pintle_text prefix, pintle_text after);

#ifdef PINTLE_IMPLEMENTATION

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PINTLE_EXPORT_(name) __attribute__((export_name(#name), used)) name
#define PINTLE_IMPORT_(type, name) \
    __attribute__((import_module("pintle"), import_name(#name))) extern type pintle_host_##name

PINTLE_IMPORT_(void, log)(int32_t level, const char *line, size_t len);
PINTLE_IMPORT_(int32_t, context)(char *to, size_t cap);
PINTLE_IMPORT_(int64_t, call)(const char *method, size_t method_len, const char *params, size_t params_len);
PINTLE_IMPORT_(int32_t, send)(const char *conn, size_t conn_len, const char *method, size_t method_len, const char *params, size_t params_len);
PINTLE_IMPORT_(int64_t, request)(const char *conn, size_t conn_len, const char *method, size_t method_len, const char *params, size_t params_len);
PINTLE_IMPORT_(int64_t, kv_get)(const char *key, size_t key_len);
PINTLE_IMPORT_(int32_t, kv_set)(const char *key, size_t key_len, const char *value, size_t value_len);
PINTLE_IMPORT_(int32_t, kv_delete)(const char *key, size_t key_len);
PINTLE_IMPORT_(int32_t, kv_add)(const char *key, size_t key_len, int64_t delta, int64_t *sum);
PINTLE_IMPORT_(int32_t, kv_cas)(const char *key, size_t key_len, const char *old, int32_t old_len, const char *value, size_t value_len);
PINTLE_IMPORT_(int64_t, kv_list)(const char *prefix, size_t prefix_len, const char *after, size_t after_len);

/* Memory: blocks of one call, freed together. */

typedef struct pintle_block {
    struct pintle_block *before;
    size_t used, size;
    _Alignas(16) char bytes[];
} pintle_block;

static pintle_block *pintle_blocks;

static void *pintle_take_(size_t size) {
    if (size > SIZE_MAX / 4) return NULL;
    size = (size + 15) & ~(size_t)15;
    if (!pintle_blocks || pintle_blocks->size - pintle_blocks->used < size) {
        size_t room = size > 16384 ? size : 16384;
        pintle_block *block = malloc(sizeof *block + room);
        if (!block) return NULL;
        *block = (pintle_block){.before = pintle_blocks, .size = room};
        pintle_blocks = block;
    }
    void *taken = pintle_blocks->bytes + pintle_blocks->used;
    pintle_blocks->used += size;
    return taken;
}

void *pintle_new(size_t size) {
    void *taken = pintle_take_(size);
    if (!taken) __builtin_trap();
    return memset(taken, 0, size);
}

const char *pintle_format(const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    char *text = pintle_new(len < 0 ? 1 : (size_t)len + 1);
    if (len >= 0) vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    va_end(arguments);
    return text;
}

pintle_text pintle_str(const char *string) { return (pintle_text){string, strlen(string)}; }

bool pintle_equal(pintle_text a, const char *b) { return a.len == strlen(b) && !memcmp(a.bytes, b, a.len); }

/* Reading */

struct pintle_value {
    enum { PINTLE_FALSE_, PINTLE_TRUE_, PINTLE_NUMBER_, PINTLE_STRING_, PINTLE_LIST_, PINTLE_OBJECT_, PINTLE_NULL_ } kind;
    pintle_text text;          /* of a string or a number */
    pintle_text name;          /* in an object */
    pintle_value *first, *next;
    size_t count;
};

static void pintle_space_(const char **at) {
    while (**at == ' ' || **at == '\t' || **at == '\n' || **at == '\r') ++*at;
}

static uint32_t pintle_hex_(const char *at) {
    char digits[5] = {at[0], at[1], at[2], at[3], 0};
    return (uint32_t)strtoul(digits, NULL, 16);
}

static char *pintle_utf8_(char *to, uint32_t c) {
    if (c < 0x80) {
        *to++ = (char)c;
        return to;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    *to++ = (char)((0xff00 >> (more + 1) & 0xff) | c >> 6 * more);
    while (more--) *to++ = (char)(0x80 | (c >> 6 * more & 0x3f));
    return to;
}

/* A string from its quote on. Escapes become shorter, so it is undone where it stands. */
static pintle_text pintle_string_(const char **at) {
    char *start = (char *)++*at, *to = start;
    while (**at != '"') {
        if (**at != '\\') {
            *to++ = *(*at)++;
            continue;
        }
        char escape = (*at)[1];
        *at += 2;
        if (escape == 'u') {
            uint32_t c = pintle_hex_(*at);
            *at += 4;
            if (c >= 0xd800 && c < 0xdc00 && (*at)[0] == '\\' && (*at)[1] == 'u') {
                c = 0x10000 + ((c - 0xd800) << 10) + (pintle_hex_(*at + 2) - 0xdc00);
                *at += 6;
            }
            to = pintle_utf8_(to, c);
        } else {
            const char *known = strchr("b\bf\fn\nr\rt\t", escape);
            *to++ = known ? known[1] : escape;
        }
    }
    ++*at;
    return (pintle_text){start, (size_t)(to - start)};
}

/* The host hands over JSON that it has checked: there is nothing left to refuse, and its depth is bounded. */
static pintle_value *pintle_read_(const char **at) {
    pintle_value *value = pintle_new(sizeof *value), **last = &value->first;
    pintle_space_(at);
    switch (**at) {
    case '"':
        value->kind = PINTLE_STRING_;
        value->text = pintle_string_(at);
        break;
    case '[':
    case '{':
        value->kind = **at == '[' ? PINTLE_LIST_ : PINTLE_OBJECT_;
        for (++*at, pintle_space_(at); **at != ']' && **at != '}'; pintle_space_(at)) {
            pintle_text name = {0};
            if (value->kind == PINTLE_OBJECT_) {
                name = pintle_string_(at);
                pintle_space_(at);
                ++*at;
            }
            *last = pintle_read_(at);
            (*last)->name = name;
            last = &(*last)->next;
            value->count++;
            pintle_space_(at);
            if (**at == ',') ++*at, pintle_space_(at);
        }
        ++*at;
        break;
    default: {
        size_t len = strcspn(*at, " \t\n\r,]}");
        char c = **at;
        value->kind = c == 't' ? PINTLE_TRUE_ : c == 'f' ? PINTLE_FALSE_ : c == 'n' ? PINTLE_NULL_ : PINTLE_NUMBER_;
        value->text = (pintle_text){*at, len};
        *at += len;
    }
    }
    return value;
}

/* The buffers that pintle_alloc makes have a zero behind what the host writes. */
static const pintle_value *pintle_parse_(const char *json) {
    return *json ? pintle_read_(&json) : NULL;
}

static const pintle_value *pintle_present_(const pintle_value *value) {
    return value && value->kind != PINTLE_NULL_ ? value : NULL;
}

static const pintle_value *pintle_nth_(const pintle_value *list, size_t at) {
    const pintle_value *value = list ? list->first : NULL;
    while (value && at--) value = value->next;
    return value;
}

size_t pintle_count(const pintle_value *list) { return list ? list->count : 0; }

const pintle_value *pintle_item(const pintle_value *list, size_t at) { return pintle_present_(pintle_nth_(list, at)); }

pintle_text pintle_name(const pintle_value *map, size_t at) {
    const pintle_value *value = pintle_nth_(map, at);
    return value ? value->name : (pintle_text){"", 0};
}

const pintle_value *pintle_member(const pintle_value *object, const char *name) {
    const pintle_value *value = object ? object->first : NULL;
    while (value && !pintle_equal(value->name, name)) value = value->next;
    return pintle_present_(value);
}

pintle_text pintle_text_of(const pintle_value *value) { return value ? value->text : (pintle_text){"", 0}; }

int64_t pintle_int_of(const pintle_value *value) {
    return value && value->kind == PINTLE_NUMBER_ ? strtoll(value->text.bytes, NULL, 10) : 0;
}

double pintle_float_of(const pintle_value *value) {
    return value && value->kind == PINTLE_NUMBER_ ? strtod(value->text.bytes, NULL) : 0;
}

bool pintle_bool_of(const pintle_value *value) { return value && value->kind == PINTLE_TRUE_; }

/* Writing */

struct pintle_out {
    char *bytes;
    size_t len, size;
    bool comma, failed;
};

static void pintle_add_(pintle_out *out, const char *bytes, size_t len) {
    if (len > out->size - out->len) {
        size_t size = 2 * out->size + len + 256;
        char *more = pintle_new(size);
        if (out->len) memcpy(more, out->bytes, out->len);
        out->bytes = more;
        out->size = size;
    }
    if (len) memcpy(out->bytes + out->len, bytes, len);
    out->len += len;
}

static void pintle_value_(pintle_out *out, const char *bytes, size_t len) {
    if (out->failed) return;
    if (out->comma) pintle_add_(out, ",", 1);
    pintle_add_(out, bytes, len);
    out->comma = true;
}

static void pintle_begin_(pintle_out *out, const char *bracket) {
    pintle_value_(out, bracket, 1);
    out->comma = false;
}

static void pintle_end_(pintle_out *out, const char *bracket) {
    if (!out->failed) pintle_add_(out, bracket, 1);
    out->comma = true;
}

void pintle_put_json(pintle_out *out, pintle_text json) { pintle_value_(out, json.bytes, json.len); }
void pintle_put_null(pintle_out *out) { pintle_value_(out, "null", 4); }
void pintle_put_bool(pintle_out *out, bool value) { pintle_put_json(out, pintle_str(value ? "true" : "false")); }

void pintle_put_int(pintle_out *out, int64_t value) {
    char text[24];
    pintle_value_(out, text, (size_t)snprintf(text, sizeof text, "%lld", (long long)value));
}

/* With as many digits as it takes to read the same number again. What is not finite has no JSON: the host sees null. */
void pintle_put_float(pintle_out *out, double value) {
    char text[32] = "null";
    if (value - value == 0) {
        for (int digits = 15; digits <= 17; digits++) {
            snprintf(text, sizeof text, "%.*g", digits, value);
            if (strtod(text, NULL) == value) break;
        }
    }
    pintle_put_json(out, pintle_str(text));
}

void pintle_put_text(pintle_out *out, pintle_text text) {
    pintle_value_(out, "\"", 1);
    for (size_t at = 0; at < text.len && !out->failed; at++) {
        unsigned char c = (unsigned char)text.bytes[at];
        char escaped[8];
        if (c == '"' || c == '\\') {
            pintle_add_(out, "\\", 1);
            pintle_add_(out, &text.bytes[at], 1);
        } else if (c < 0x20) {
            pintle_add_(out, escaped, (size_t)snprintf(escaped, sizeof escaped, "\\u%04x", c));
        } else {
            pintle_add_(out, &text.bytes[at], 1);
        }
    }
    if (!out->failed) pintle_add_(out, "\"", 1);
}

void pintle_put_string(pintle_out *out, const char *string) { pintle_put_text(out, pintle_str(string)); }
void pintle_begin_list(pintle_out *out) { pintle_begin_(out, "["); }
void pintle_end_list(pintle_out *out) { pintle_end_(out, "]"); }
void pintle_begin_object(pintle_out *out) { pintle_begin_(out, "{"); }
void pintle_end_object(pintle_out *out) { pintle_end_(out, "}"); }

void pintle_put_key(pintle_out *out, const char *key) {
    pintle_put_string(out, key);
    if (!out->failed) pintle_add_(out, ":", 1);
    out->comma = false;
}

void pintle_fail(pintle_out *out, int32_t code, const char *message) {
    if (out->failed) return;
    out->len = 0;
    out->comma = false;
    pintle_begin_object(out);
    pintle_put_key(out, "error");
    pintle_begin_object(out);
    pintle_put_key(out, "code");
    pintle_put_int(out, code);
    pintle_put_key(out, "message");
    pintle_put_string(out, message);
    pintle_end_object(out);
    out->failed = true;
}

/* What the host calls */

void PINTLE_EXPORT_(pintle_abi_1)(void) {}

void *PINTLE_EXPORT_(pintle_alloc)(size_t len) {
    char *buffer = len < SIZE_MAX ? pintle_take_(len + 1) : NULL;
    if (buffer) buffer[len] = 0;
    return buffer;
}

int64_t PINTLE_EXPORT_(pintle_call)(const char *name, size_t name_len, const char *params, size_t params_len) {
    pintle_out out = {0};
    const pintle_method *method = pintle_methods;
    (void)params_len;
    while (method->name && !pintle_equal((pintle_text){name, name_len}, method->name)) method++;
    pintle_begin_object(&out);
    pintle_put_key(&out, "result");
    if (!method->run) pintle_fail(&out, -32601, "Method not found"); /* told to the operator as a mistake of the plugin */
    else method->run(pintle_parse_(params), &out);
    pintle_add_(&out, "}", 1);
    return (int64_t)(uintptr_t)out.bytes << 32 | (int64_t)out.len;
}

/* The answer is the last that the host takes of a call. */
void PINTLE_EXPORT_(pintle_free)(const char *answer, size_t len) {
    (void)answer, (void)len;
    while (pintle_blocks) {
        pintle_block *before = pintle_blocks->before;
        free(pintle_blocks);
        pintle_blocks = before;
    }
}

/* What the host is asked */

static const char *pintle_answered_(int64_t answer) { return (const char *)(uintptr_t)((uint64_t)answer >> 32); }

void pintle_log(int level, const char *line) { pintle_host_log(level, line, strlen(line)); }

const pintle_value *pintle_context(void) {
    int32_t len = pintle_host_context(NULL, 0);
    if (len <= 0) return NULL;
    char *json = pintle_new((size_t)len + 1);
    pintle_host_context(json, (size_t)len);
    return pintle_parse_(json);
}

const pintle_value *pintle_call_other(const char *method, pintle_text params) {
    int64_t answer = pintle_host_call(method, strlen(method), params.bytes, params.len);
    return answer == -1 ? NULL : pintle_parse_(pintle_answered_(answer));
}

const pintle_value *pintle_request(const char *connection, const char *method, pintle_text params) {
    size_t len = strlen(connection);
    int64_t answer = pintle_host_request(connection, len, method, strlen(method), params.bytes, params.len);
    return answer == -1 ? NULL : pintle_parse_(pintle_answered_(answer));
}

int pintle_send(const char *connection, const char *method, pintle_text params) {
    return pintle_host_send(connection, strlen(connection), method, strlen(method), params.bytes, params.len);
}

bool pintle_kv_get(pintle_text key, pintle_text *value) {
    int64_t answer = pintle_host_kv_get(key.bytes, key.len);
    if (answer < 0) return false;
    *value = (pintle_text){pintle_answered_(answer), (size_t)(answer & 0xffffffff)};
    return true;
}

int pintle_kv_set(pintle_text key, pintle_text value) { return pintle_host_kv_set(key.bytes, key.len, value.bytes, value.len); }
int pintle_kv_delete(pintle_text key) { return pintle_host_kv_delete(key.bytes, key.len); }
int pintle_kv_add(pintle_text key, int64_t delta, int64_t *sum) { return pintle_host_kv_add(key.bytes, key.len, delta, sum); }

int pintle_kv_swap(pintle_text key, const pintle_text *old, pintle_text value) {
    return pintle_host_kv_cas(key.bytes, key.len, old ? old->bytes : NULL, old ? (int32_t)old->len : -1, value.bytes, value.len);
}

const pintle_value *pintle_kv_list(pintle_text prefix, pintle_text after) {
    int64_t answer = pintle_host_kv_list(prefix.bytes, prefix.len, after.bytes, after.len);
    return answer < 0 ? NULL : pintle_parse_(pintle_answered_(answer));
}

#endif
#endif
