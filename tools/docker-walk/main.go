// What Docker's own code makes of build contexts: which entries of a folder an engine gets, by its ignore file. It is what the
// tests compare images/ with. Reads one JSON line for each case and answers with one:
//
//	{"folder": "/tmp/x", "ignoreFile": "BASE64"}            -> {"entries": [{"path": "BASE64", "kind": "file", "target": "BASE64"}]}
//	{"patterns": ["*", "!a"], "path": "a/b"}                -> {"ignored": false}
//
// or with {"error": "…"} where Docker refuses.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	gofs "io/fs"
	"os"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/tonistiigi/fsutil"
	"github.com/tonistiigi/fsutil/types"
)

type request struct {
	Folder     string   `json:"folder"`
	IgnoreFile []byte   `json:"ignoreFile"`
	Patterns   []string `json:"patterns"`
	Path       string   `json:"path"`
}

type entry struct {
	Path   []byte `json:"path"`
	Kind   string `json:"kind"`
	Target []byte `json:"target,omitempty"`
}

type answer struct {
	Entries []entry `json:"entries,omitempty"`
	Ignored bool    `json:"ignored"`
	Error   string  `json:"error,omitempty"`
}

func main() {
	requests := bufio.NewReader(os.Stdin)
	answers := bufio.NewWriter(os.Stdout)
	for {
		line, err := requests.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			fail(err)
		}
		var asked request
		if err := json.Unmarshal(line, &asked); err != nil {
			fail(err)
		}
		given, err := look(asked)
		if err != nil {
			given = answer{Error: err.Error()}
		}
		text, err := json.Marshal(given)
		if err != nil {
			fail(err)
		}
		answers.Write(append(text, '\n'))
	}
	if err := answers.Flush(); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func look(asked request) (answer, error) {
	if asked.Folder == "" {
		matcher, err := patternmatcher.New(asked.Patterns)
		if err != nil {
			return answer{}, err
		}
		ignored, err := matcher.MatchesOrParentMatches(asked.Path)
		return answer{Ignored: ignored}, err
	}
	patterns, err := ignorefile.ReadAll(bytes.NewReader(asked.IgnoreFile))
	if err != nil {
		return answer{}, err
	}
	entries := []entry{}
	options := fsutil.FilterOpt{ExcludePatterns: patterns}
	err = fsutil.WalkDir(context.Background(), asked.Folder, &options, func(path string, found gofs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := found.Info()
		if err != nil {
			return err
		}
		stat := info.Sys().(*types.Stat)
		one := entry{Path: []byte(path), Kind: "file"}
		switch {
		case info.IsDir():
			one.Kind = "folder"
		case info.Mode()&os.ModeSymlink != 0:
			one.Kind, one.Target = "link", []byte(stat.Linkname)
		case info.Mode()&0o100 != 0:
			one.Kind = "executable"
		}
		entries = append(entries, one)
		return nil
	})
	return answer{Entries: entries}, err
}
