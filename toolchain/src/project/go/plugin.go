//go:build wasip1

// Serves contract/{{contract}}. The host has checked the parameters, and it checks the results.
package main

import "example.com/{{name}}/pintle"

func init() {
{{each methods}}
	pintle.Handle("{{method}}", {{function}})
{{end}}
}

func main() {}
{{each methods}}

// {{signature}}
func {{function}}({{go_params}}) {{go_result}} {
	return {{go_zero}}pintle.Fail({{code}}, "{{message}}")
}
{{end}}
{{each structs}}

type {{name}} struct {
{{each fields}}
	{{field}} {{type}} `json:"{{json}}{{omit}}"`
{{end}}
}
{{end}}
{{each enums}}

type {{name}} string

const (
{{each values}}
	{{constant}} {{name}} = "{{json}}"
{{end}}
)
{{end}}
