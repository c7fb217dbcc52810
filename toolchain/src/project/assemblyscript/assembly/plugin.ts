// Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.
import { Out, Value, handle } from "./pintle";
export { pintle_abi_1, pintle_alloc, pintle_call, pintle_free } from "./pintle";
{{each methods}}

// {{signature}}
handle("{{method}}", (params: Value, out: Out): void => {
  out.fail({{code}}, "{{message}}");
});
{{end}}
