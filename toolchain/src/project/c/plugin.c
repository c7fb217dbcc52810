// Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.
#define PINTLE_IMPLEMENTATION
#include "pintle.h"

PINTLE_INTERFACES({{interfaces}})
{{each methods}}

// {{signature}}
static void {{function}}(const pintle_value *params, pintle_out *out) {
    (void)params;
    pintle_fail(out, {{code}}, "{{message}}");
}
{{end}}

const pintle_method pintle_methods[] = {
{{each methods}}
    {"{{method}}", {{function}}},
{{end}}
    {0},
};
