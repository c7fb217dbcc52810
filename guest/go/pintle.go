//go:build wasip1

// Package pintle makes a program a plugin: register functions with Handle, and build it with
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o plugin.wasm
//
// The host has checked the parameters of every call against the contract, and it checks the result.
package pintle

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"unsafe"
)

// Error is what a method answers instead of a result. Of the codes from -32768 to -32000 the host passes on -32602
// alone, for parameters that make no sense; any other of these becomes an Internal error.
type Error struct {
	Code    int32           `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data,omitempty"`
}

func (e *Error) Error() string { return e.Message }

// Fail makes an Error.
func Fail(code int32, format string, values ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, values...)}
}

type handler struct {
	function reflect.Value
	params   []reflect.Type
}

var handlers = map[string]handler{}

// Handle says what runs a method, "Interface.method". The function takes the method's parameters, as types that
// encoding/json reads (an optional one is a pointer), and returns the result and an error, or the error alone. An error
// that is no *Error is logged, and the caller gets an Internal error.
//
// Call it in init. It panics if function is nothing of the kind.
func Handle(method string, function any) {
	value := reflect.ValueOf(function)
	kind := value.Type()
	last := kind.NumOut() - 1
	if last < 0 || last > 1 || kind.Out(last) != reflect.TypeFor[error]() {
		panic(method + ": the function must return (result, error) or error")
	}
	var params []reflect.Type
	for at := range kind.NumIn() {
		params = append(params, kind.In(at))
	}
	handlers[method] = handler{value, params}
}

func (h handler) run(params []byte) (any, error) {
	var values []json.RawMessage
	if err := json.Unmarshal(params, &values); err != nil {
		return nil, err
	}
	arguments := make([]reflect.Value, len(h.params))
	for at, kind := range h.params {
		argument := reflect.New(kind)
		// Optional parameters may be left out at the end.
		if at < len(values) {
			if err := json.Unmarshal(values[at], argument.Interface()); err != nil {
				return nil, err
			}
		}
		arguments[at] = argument.Elem()
	}
	returned := h.function.Call(arguments)
	if err, failed := returned[len(returned)-1].Interface().(error); failed {
		return nil, err
	}
	if len(returned) == 1 {
		return nil, nil
	}
	return returned[0].Interface(), nil
}

func dispatch(method string, params []byte) []byte {
	var result any
	err := errors.New("the plugin does not have this method")
	if handler, known := handlers[method]; known {
		result, err = handler.run(params)
	}
	var answer []byte
	if err == nil {
		answer, err = json.Marshal(struct {
			Result any `json:"result"`
		}{result})
	}
	if err == nil {
		return answer
	}
	var failure *Error
	if !errors.As(err, &failure) {
		Log(LevelError, "%s: %v", method, err)
		failure = &Error{Code: -32603, Message: "Internal error"}
	}
	answer, err = json.Marshal(map[string]*Error{"error": failure})
	if err != nil {
		panic(err)
	}
	return answer
}

// What the host calls. A buffer whose address the host holds stays in the map, so that nothing else frees it.

var lent = map[uintptr][]byte{}

func lend(buffer []byte) uintptr {
	address := uintptr(unsafe.Pointer(unsafe.SliceData(buffer)))
	lent[address] = buffer
	return address
}

// take is the buffer that was lent at an address: a wrong one from the host finds nothing.
func take(address uintptr, length int32) []byte {
	buffer := lent[address]
	delete(lent, address)
	if length < 0 || int(length) > len(buffer) {
		return nil
	}
	return buffer[:length]
}

//go:wasmexport pintle_abi_1
func abi() {}

//go:wasmexport pintle_alloc
func alloc(length int32) int32 {
	// At least one byte, so that every buffer has an address of its own.
	return int32(lend(make([]byte, max(length, 1))))
}

//go:wasmexport pintle_call
func call(method, methodLength, params, paramsLength int32) int64 {
	name := take(uintptr(uint32(method)), methodLength)
	answer := dispatch(string(name), take(uintptr(uint32(params)), paramsLength))
	return int64(lend(answer))<<32 | int64(len(answer))
}

//go:wasmexport pintle_free
func free(address, length int32) {
	delete(lent, uintptr(uint32(address)))
}
