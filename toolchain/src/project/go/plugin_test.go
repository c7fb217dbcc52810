package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Makes the calls of test/requests.json: the answers must be those of test/replies.json.
func TestAnswers(t *testing.T) {
	// An earlier result holds until a file changes that the test has read: so it reads what the plugin is made of.
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range append(sources, "pintle.toml", "test/requests.json") {
		if _, err := os.ReadFile(source); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-buildmode=c-shared", "-ldflags=-s -w", "-o", "plugin.wasm", ".")
	build.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pintle := os.Getenv("PINTLE")
	if pintle == "" {
		pintle = "pintle"
	}
	call := exec.Command(pintle, "call", "stdio:"+pintle+" serve --stdio",
		"--timeout", "5m", "--batch", "test/requests.json")
	call.Stderr = os.Stderr
	// An error among the answers makes the exit code 1.
	answers, err := call.Output()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		t.Fatal(err)
	}
	replies, err := os.ReadFile("test/replies.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(answers, replies) {
		t.Errorf("expected\n%s\ngot\n%s", replies, answers)
	}
}
