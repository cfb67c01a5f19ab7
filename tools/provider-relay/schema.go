package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"
)

// The maps of GetProviderSchema.Response (tfplugin5.proto) from a type's name to its schema.
var typeMaps = map[protowire.Number]bool{2: true /* resources */, 3: true /* data sources */, 7: true /* ephemeral resources */}

var typeName = regexp.MustCompile(`\baws_[a-z0-9_]+`)

// Answers with the schemas of the types that the folder's configuration or the tests name.
func (r *relay) schema(stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	whole, err := r.wholeSchema()
	if err != nil {
		return err
	}
	cut, err := onlyTypes(whole, r.types())
	if err != nil {
		return err
	}
	return stream.SendMsg(&cut)
}

// The names of the types that the tests know (the file `types` beside this program), and of those in the folder.
func (r *relay) types() map[string]bool {
	names := map[string]bool{}
	files, _ := filepath.Glob(filepath.Join(r.folder, "*.tf"))
	json, _ := filepath.Glob(filepath.Join(r.folder, "*.tf.json"))
	self, _ := os.Executable()
	for _, file := range append(append(files, json...), filepath.Join(filepath.Dir(self), "types")) {
		bytes, _ := os.ReadFile(file)
		for _, name := range typeName.FindAll(bytes, -1) {
			names[string(name)] = true
		}
	}
	return names
}

// The message without the entries of typeMaps whose keys aren't wanted.
func onlyTypes(message []byte, wanted map[string]bool) ([]byte, error) {
	cut := make([]byte, 0, len(message)/8)
	for len(message) > 0 {
		number, kind, tag := protowire.ConsumeTag(message)
		if tag < 0 {
			return nil, protowire.ParseError(tag)
		}
		size := protowire.ConsumeFieldValue(number, kind, message[tag:])
		if size < 0 {
			return nil, protowire.ParseError(size)
		}
		field := message[:tag+size]
		message = message[tag+size:]
		if typeMaps[number] && kind == protowire.BytesType {
			entry, _ := protowire.ConsumeBytes(field[tag:])
			if !wanted[keyOf(entry)] {
				continue
			}
		}
		cut = append(cut, field...)
	}
	return cut, nil
}

// The key of a map's entry.
func keyOf(entry []byte) string {
	for len(entry) > 0 {
		number, kind, tag := protowire.ConsumeTag(entry)
		if tag < 0 {
			return ""
		}
		if number == 1 && kind == protowire.BytesType {
			key, _ := protowire.ConsumeString(entry[tag:])
			return key
		}
		size := protowire.ConsumeFieldValue(number, kind, entry[tag:])
		if size < 0 {
			return ""
		}
		entry = entry[tag+size:]
	}
	return ""
}

// The provider's own answer, kept beside this program until the provider's file changes.
func (r *relay) wholeSchema() ([]byte, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	file, err := filepath.EvalSymlinks(r.provider)
	if err != nil {
		return nil, err
	}
	information, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	what := strings.Join([]string{file, fmt.Sprint(information.Size()), information.ModTime().UTC().Format(time.RFC3339Nano)}, "\x00")
	kept := filepath.Join(filepath.Dir(self), fmt.Sprintf("schema-%x", sha256.Sum256([]byte(what))))
	if whole, err := os.ReadFile(kept); err == nil {
		return whole, nil
	}
	asked := &backend{provider: r.provider, sockets: r.sockets}
	r.backends.Store(asked, true)
	defer func() {
		asked.stop()
		r.backends.Delete(asked)
	}()
	client, err := asked.start()
	if err != nil {
		return nil, err
	}
	var request, whole []byte
	if err := client.Invoke(context.Background(), getSchema, &request, &whole); err != nil {
		return nil, err
	}
	// Others may be at the same: whoever is last has written the same.
	temporary, err := os.CreateTemp(filepath.Dir(self), "schema-*.new")
	if err != nil {
		return nil, err
	}
	if _, err := temporary.Write(whole); err != nil {
		return nil, err
	}
	if err := temporary.Close(); err != nil {
		return nil, err
	}
	return whole, os.Rename(temporary.Name(), kept)
}
