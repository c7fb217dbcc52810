//! Write a pintle plugin in Zig: this file beside yours, and the standard library.
//!
//!     const pintle = @import("pintle.zig");
//!
//!     comptime {
//!         pintle.plugin(.{
//!             .{ "Greeter.greet", greet },
//!         });
//!     }
//!
//!     fn greet(call: *pintle.Call, name: []const u8) ![]const u8 {
//!         return call.format("Hello {s}", .{name});
//!     }
//!
//! Parameters and results are what `std.json` reads and writes. The host has checked the parameters against the contract,
//! and it checks the result. What a contract calls optional is `?T`, in a struct with the default `null`.

const std = @import("std");

/// A running call: its memory, and how it says that there is no result.
pub const Call = struct {
    /// Freed as a whole when the answer was taken.
    allocator: std.mem.Allocator,
    failure: ?Failure = null,

    const Failure = struct { code: i32, message: []const u8 };

    /// `return call.fail(1001, "Cart not found");` Of the codes from -32768 to -32000 the host passes on -32602 alone, for
    /// parameters that make no sense; any other of these becomes an Internal error.
    pub fn fail(call: *Call, code: i32, message: []const u8) error{Failed} {
        call.failure = .{ .code = code, .message = message };
        return error.Failed;
    }

    /// Text in memory of the call.
    pub fn format(call: *Call, comptime text: []const u8, values: anytype) error{OutOfMemory}![]u8 {
        return std.fmt.allocPrint(call.allocator, text, values);
    }
};

/// Makes the program a plugin: each entry is a method, `Interface.method`, and the function that runs it. The function
/// takes a `*Call` and the method's parameters.
pub fn plugin(comptime methods: anytype) void {
    @export(&Plugin(methods).run, .{ .name = "pintle_call" });
    @export(&abi, .{ .name = "pintle_abi_1" });
    @export(&alloc, .{ .name = "pintle_alloc" });
    @export(&free, .{ .name = "pintle_free" });
}

/// Says which interfaces the plugin serves: `comptime { asm (pintle.interfaces(&.{"Greeter"})); }`. Needed where a server has
/// several plugins.
pub fn interfaces(comptime names: []const []const u8) []const u8 {
    comptime var list: []const u8 = "";
    inline for (names, 0..) |name, at| list = list ++ (if (at == 0) "" else ",") ++ "\\\"" ++ name ++ "\\\"";
    return ".section .custom_section.pintle.interfaces,\"\",@\n.ascii \"[" ++ list ++ "]\"\n.text\n";
}

pub const Level = enum(i32) { err, warn, info, debug, trace };

/// A line for the host's log.
pub fn log(level: Level, comptime text: []const u8, values: anytype) void {
    const line = std.fmt.allocPrint(memory.allocator(), text, values) catch text;
    host.log(@backingInt(level), line.ptr, line.len);
}

/// Who calls, and how, as far as `T` has fields for it.
pub fn context(call: *Call, comptime T: type) !T {
    const len = host.context(null, 0);
    const json = try call.allocator.alloc(u8, @intCast(@max(len, 0)));
    _ = host.context(json.ptr, json.len);
    return read(call, T, json);
}

/// Why the host did not do what it was asked.
pub const Refused = error{ NoConnection, NotGranted, Invalid, Full };

/// Calls another interface of the same server. `params` is a tuple; what the other answers instead of a result becomes this
/// call's own error.
pub fn request(call: *Call, comptime T: type, method: []const u8, params: anytype) !T {
    const json = try write(call, params);
    return answered(call, T, host.call(method.ptr, method.len, json.ptr, json.len));
}

/// The same with a connection's peer; "" is the caller's own connection.
pub fn ask(call: *Call, comptime T: type, connection: []const u8, method: []const u8, params: anytype) !T {
    const json = try write(call, params);
    const answer =
        host.request(connection.ptr, connection.len, method.ptr, method.len, json.ptr, json.len);
    return answered(call, T, answer);
}

/// Notifies a connection's peer; "*" is every connection that the plugin may reach.
pub fn send(call: *Call, connection: []const u8, method: []const u8, params: anytype) !void {
    const json = try write(call, params);
    return done(host.send(connection.ptr, connection.len, method.ptr, method.len, json.ptr, json.len));
}

/// The plugin's bucket.
pub const kv = struct {
    pub fn get(key: []const u8) Refused!?[]u8 {
        const answer = host.kv_get(key.ptr, key.len);
        if (answer == -1) return null;
        if (answer < 0) try done(@intCast(answer));
        return bytes(answer);
    }

    pub fn set(key: []const u8, value: []const u8) Refused!void {
        return done(host.kv_set(key.ptr, key.len, value.ptr, value.len));
    }

    pub fn delete(key: []const u8) Refused!void {
        return done(host.kv_delete(key.ptr, key.len));
    }

    /// Adds to a counter and answers the sum.
    pub fn add(key: []const u8, delta: i64) Refused!i64 {
        var sum: i64 = 0;
        try done(host.kv_add(key.ptr, key.len, delta, &sum));
        return sum;
    }

    /// Sets the key if its value is `old` (null: if it is absent); false if it is not.
    pub fn swap(key: []const u8, old: ?[]const u8, value: []const u8) Refused!bool {
        const before = old orelse "";
        const before_len: i32 = if (old == null) -1 else @intCast(before.len);
        const status = host.kv_cas(key.ptr, key.len, before.ptr, before_len, value.ptr, value.len);
        if (status == 1) return false;
        try done(status);
        return true;
    }
};

const host = struct {
    extern "pintle" fn log(level: i32, line: [*]const u8, len: usize) void;
    extern "pintle" fn context(to: ?[*]u8, cap: usize) i32;
    extern "pintle" fn call([*]const u8, usize, [*]const u8, usize) i64;
    extern "pintle" fn request([*]const u8, usize, [*]const u8, usize, [*]const u8, usize) i64;
    extern "pintle" fn send([*]const u8, usize, [*]const u8, usize, [*]const u8, usize) i32;
    extern "pintle" fn kv_get([*]const u8, usize) i64;
    extern "pintle" fn kv_set([*]const u8, usize, [*]const u8, usize) i32;
    extern "pintle" fn kv_delete([*]const u8, usize) i32;
    extern "pintle" fn kv_add([*]const u8, usize, i64, *i64) i32;
    extern "pintle" fn kv_cas([*]const u8, usize, [*]const u8, i32, [*]const u8, usize) i32;
};

/// All that a call needs, which ends with it.
var memory: std.heap.ArenaAllocator = .init(std.heap.wasm_allocator);

fn abi() callconv(.c) void {}

fn alloc(len: usize) callconv(.c) ?[*]u8 {
    // At least one byte, so that every buffer has an address.
    const buffer = memory.allocator().alloc(u8, @max(len, 1)) catch return null;
    return buffer.ptr;
}

/// The answer is the last that the host takes of a call.
fn free(_: [*]u8, _: usize) callconv(.c) void {
    _ = memory.reset(.retain_capacity);
}

fn Plugin(comptime methods: anytype) type {
    return struct {
        fn run(name: [*]const u8, name_len: usize, params: [*]const u8, params_len: usize) callconv(.c) i64 {
            var call: Call = .{ .allocator = memory.allocator() };
            const method = name[0..name_len];
            const answer = dispatch(&call, method, params[0..params_len]) catch |why| failed(&call, method, why);
            return @as(i64, @intCast(@intFromPtr(answer.ptr))) << 32 | @as(i64, @intCast(answer.len));
        }

        fn dispatch(call: *Call, method: []const u8, params: []const u8) ![]const u8 {
            inline for (methods) |entry| {
                if (std.mem.eql(u8, method, entry[0])) {
                    const result = try apply(call, entry[1], params);
                    // Of an object, members that are null are left out, which the result may be.
                    const json = if (@TypeOf(result) == void) "null" else try write(call, result);
                    return call.format("{{\"result\":{s}}}", .{json});
                }
            }
            return error.MethodNotFound;
        }
    };
}

fn Returned(comptime Function: type) type {
    const result = @typeInfo(Function).@"fn".return_type.?;
    return switch (@typeInfo(result)) {
        .error_union => |info| info.payload,
        else => result,
    };
}

fn apply(call: *Call, comptime function: anytype, params: []const u8) !Returned(@TypeOf(function)) {
    const values = try read(call, []const std.json.Value, params);
    var arguments: std.meta.ArgsTuple(@TypeOf(function)) = undefined;
    arguments[0] = call;
    inline for (1..arguments.len) |at| {
        // Optional parameters may be left out at the end.
        const value: std.json.Value = if (at <= values.len) values[at - 1] else .null;
        const options: std.json.ParseOptions = .{ .ignore_unknown_fields = true };
        arguments[at] =
            try std.json.parseFromValueLeaky(@TypeOf(arguments[at]), call.allocator, value, options);
    }
    return @call(.auto, function, arguments);
}

/// An error that the handler did not give a code is the operator's to know.
fn failed(call: *Call, method: []const u8, why: anyerror) []const u8 {
    if (call.failure == null) log(.err, "{s}: {s}", .{ method, @errorName(why) });
    const failure: Call.Failure = call.failure orelse .{ .code = -32603, .message = "Internal error" };
    return write(call, .{ .@"error" = failure }) catch @trap();
}

fn read(call: *Call, comptime T: type, json: []const u8) !T {
    return std.json.parseFromSliceLeaky(T, call.allocator, json, .{ .ignore_unknown_fields = true });
}

fn write(call: *Call, value: anytype) ![]u8 {
    return std.json.Stringify.valueAlloc(call.allocator, value, .{ .emit_null_optional_fields = false });
}

fn answered(call: *Call, comptime T: type, answer: i64) !T {
    if (answer == -1) return error.HostRefused;
    const Answer = struct { result: ?T = null, @"error": ?Call.Failure = null };
    const read_answer = try read(call, Answer, bytes(answer));
    if (read_answer.@"error") |failure| return call.fail(failure.code, failure.message);
    return if (@typeInfo(T) == .optional) read_answer.result orelse null else read_answer.result orelse error.NoResult;
}

fn bytes(answer: i64) []u8 {
    const whole: u64 = @bitCast(answer);
    const start: [*]u8 = @ptrFromInt(@as(usize, @intCast(whole >> 32)));
    return start[0..@intCast(whole & 0xffff_ffff)];
}

fn done(status: i32) Refused!void {
    return switch (status) {
        0 => {},
        -1 => error.NoConnection,
        -2 => error.NotGranted,
        -4 => error.Full,
        else => error.Invalid,
    };
}
