//go:build wasip1

package pintle

import (
	"encoding/json"
	"errors"
	"fmt"
	"unsafe"
)

// Level says how much a line of the log matters.
type Level int32

// The levels.
const (
	LevelError Level = iota
	LevelWarn
	LevelInfo
	LevelDebug
	LevelTrace
)

// Why the host did not do what it was asked.
var (
	ErrNoConnection = errors.New("there is no such connection")
	ErrNotGranted   = errors.New("the manifest does not grant it")
	ErrInvalid      = errors.New("the contract or the store does not take this")
	ErrFull         = errors.New("so much is not allowed, or not now")
)

// Log writes a line to the host's log, where the plugin and the call stand beside it.
func Log(level Level, format string, values ...any) {
	line := []byte(fmt.Sprintf(format, values...))
	hostLog(int32(level), pointer(line), int32(len(line)))
}

// Context is what the host knows of the call.
type Context struct {
	Transport  string            `json:"transport"`
	Remote     *string           `json:"remote"`
	Connection *string           `json:"connection"`
	Headers    map[string]string `json:"headers"`
	Request    *string           `json:"request"`
	DeadlineMs *uint64           `json:"deadlineMs"`
	Auth       json.RawMessage   `json:"auth"`
}

// Caller says who calls, and how.
func Caller() (Context, error) {
	var context Context
	text := make([]byte, hostContext(nil, 0))
	hostContext(pointer(text), int32(len(text)))
	return context, json.Unmarshal(text, &context)
}

// Call calls another interface of the same server. What it answers instead of a result is an *Error.
func Call[T any](method string, params ...any) (T, error) {
	text, err := list(params)
	if err != nil {
		return *new(T), err
	}
	name := []byte(method)
	return answered[T](hostCall(pointer(name), int32(len(name)), pointer(text), int32(len(text))))
}

// Request does the same with a connection's peer; "" is the caller's own connection.
func Request[T any](connection, method string, params ...any) (T, error) {
	text, err := list(params)
	if err != nil {
		return *new(T), err
	}
	to, name := []byte(connection), []byte(method)
	return answered[T](hostRequest(
		pointer(to), int32(len(to)), pointer(name), int32(len(name)), pointer(text), int32(len(text))))
}

// Send notifies a connection's peer; "*" is every connection that the plugin may reach.
func Send(connection, method string, params ...any) error {
	text, err := list(params)
	if err != nil {
		return err
	}
	to, name := []byte(connection), []byte(method)
	return done(hostSend(
		pointer(to), int32(len(to)), pointer(name), int32(len(name)), pointer(text), int32(len(text))))
}

// Get is the value of a key in the plugin's bucket; nil if there is none.
func Get(key []byte) ([]byte, error) {
	answer := hostKvGet(pointer(key), int32(len(key)))
	if answer == -1 {
		return nil, nil
	}
	if answer < 0 {
		return nil, done(int32(answer))
	}
	return take(uintptr(uint64(answer)>>32), int32(answer)), nil
}

// Set sets a value, which is durable before the reply of the call leaves.
func Set(key, value []byte) error {
	return done(hostKvSet(pointer(key), int32(len(key)), pointer(value), int32(len(value))))
}

// Delete removes a key, if it is there.
func Delete(key []byte) error {
	return done(hostKvDelete(pointer(key), int32(len(key))))
}

// Add adds to a counter and answers the sum.
func Add(key []byte, delta int64) (sum int64, err error) {
	err = done(hostKvAdd(pointer(key), int32(len(key)), delta, unsafe.Pointer(&sum)))
	return sum, err
}

// Swap sets the key if its value is old (nil: if it is absent), and says whether it was.
func Swap(key, old, value []byte) (bool, error) {
	length := int32(len(old))
	if old == nil {
		length = -1
	}
	status := hostKvCas(pointer(key), int32(len(key)), pointer(old), length, pointer(value), int32(len(value)))
	if status == 1 {
		return false, nil
	}
	return status == 0, done(status)
}

func list(params []any) ([]byte, error) {
	if params == nil {
		params = []any{}
	}
	return json.Marshal(params)
}

func answered[T any](answer int64) (result T, err error) {
	if answer == -1 {
		return result, errors.New("the host refused the call")
	}
	read := struct {
		Result *T     `json:"result"`
		Error  *Error `json:"error"`
	}{Result: &result}
	err = json.Unmarshal(take(uintptr(uint64(answer)>>32), int32(answer)), &read)
	if err == nil && read.Error != nil {
		err = read.Error
	}
	return result, err
}

func pointer(bytes []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(bytes)) }

func done(status int32) error {
	switch status {
	case 0:
		return nil
	case -1:
		return ErrNoConnection
	case -2:
		return ErrNotGranted
	case -4:
		return ErrFull
	default:
		return ErrInvalid
	}
}

//go:wasmimport pintle log
func hostLog(level int32, line unsafe.Pointer, length int32)

//go:wasmimport pintle context
func hostContext(to unsafe.Pointer, capacity int32) int32

//go:wasmimport pintle call
func hostCall(method unsafe.Pointer, methodLength int32, params unsafe.Pointer, paramsLength int32) int64

//go:wasmimport pintle request
func hostRequest(to unsafe.Pointer, toLength int32, method unsafe.Pointer, methodLength int32, params unsafe.Pointer, paramsLength int32) int64

//go:wasmimport pintle send
func hostSend(to unsafe.Pointer, toLength int32, method unsafe.Pointer, methodLength int32, params unsafe.Pointer, paramsLength int32) int32

//go:wasmimport pintle kv_get
func hostKvGet(key unsafe.Pointer, keyLength int32) int64

//go:wasmimport pintle kv_set
func hostKvSet(key unsafe.Pointer, keyLength int32, value unsafe.Pointer, valueLength int32) int32

//go:wasmimport pintle kv_delete
func hostKvDelete(key unsafe.Pointer, keyLength int32) int32

//go:wasmimport pintle kv_add
func hostKvAdd(key unsafe.Pointer, keyLength int32, delta int64, sum unsafe.Pointer) int32

//go:wasmimport pintle kv_cas
func hostKvCas(key unsafe.Pointer, keyLength int32, old unsafe.Pointer, oldLength int32, value unsafe.Pointer, valueLength int32) int32
