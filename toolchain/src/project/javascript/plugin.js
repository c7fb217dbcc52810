// Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.

// What a method throws is its error. One that the contract declares is { tag: "its-name", val: { message: "" } }, which
// stands for the contract's own message; this is any other.
const failure = (code, message) => ({ tag: "other", val: { code, message } });
{{each interfaces}}

{{const}} {{binding}} = {
{{each methods}}
  // {{signature}}
  {{camel}}({{js_params}}) {
    throw failure({{code}}, "{{message}}");
  },
{{end}}
};
{{each renamed}}
export { {{binding}} as {{export}} };
{{end}}
{{end}}
