//! Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.

const std = @import("std");
const pintle = @import("pintle.zig");

comptime {
    asm (pintle.interfaces(&.{ {{interface_names}} }));
    pintle.plugin(.{
{{each methods}}
        .{ "{{method}}", {{function}} },
{{end}}
    });
}
{{each methods}}

/// {{signature}}
fn {{function}}(call: *pintle.Call{{zig_params}}) !{{zig_result}} {
{{each params}}
    _ = {{param}};
{{end}}
    return call.fail({{code}}, "{{message}}");
}
{{end}}
{{each structs}}

const {{name}} = struct {
{{each fields}}
    {{field}}: {{type}}{{default}},
{{end}}
};
{{end}}
{{each enums}}

const {{name}} = enum {
{{each values}}
    {{value}},
{{end}}
};
{{end}}
