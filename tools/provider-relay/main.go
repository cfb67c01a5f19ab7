// Terraform for the tests, whose AWS provider says less: installed on the tests' PATH under the name `terraform`.
//
// Nearly all that a run with the AWS provider costs is its schema: 1,500 resource types are built, sent and decoded for the
// few that a configuration has. This program becomes the real Terraform, and stands between it and the real provider, the
// one that `terraform init` has chosen for the folder. It answers the question for the schema itself, with the provider's
// own answer without the types that the folder doesn't name; every other call goes to a provider process of its own, as it
// is, and so does its answer. A command that needs no provider runs as if this weren't there.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// What the program calls itself as the process beside Terraform.
const serveArgument = "--serve-provider"

// The commands that ask providers for their schema.
var withProvider = map[string]bool{
	"apply": true, "console": true, "destroy": true, "import": true, "plan": true, "refresh": true, "show": true, "validate": true,
}

func main() {
	if len(os.Args) == 5 && os.Args[1] == serveArgument {
		if err := serve(os.Args[2], os.Args[3], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, "provider relay:", err)
			os.Exit(1)
		}
		return
	}
	terraform, err := nextOnPath()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(127)
	}
	environment := os.Environ()
	if provider := providerOf(os.Args[1:]); provider != "" {
		reattach, err := beside(provider, folderOf(os.Args[1:]))
		if err != nil {
			fmt.Fprintln(os.Stderr, "provider relay:", err)
			os.Exit(1)
		}
		environment = append(environment, "TF_REATTACH_PROVIDERS="+reattach)
	}
	err = syscall.Exec(terraform, os.Args, environment)
	fmt.Fprintf(os.Stderr, "%s: %v\n", terraform, err)
	os.Exit(126)
}

// The real Terraform: the first one on the PATH that isn't this program.
func nextOnPath() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	own, err := os.Stat(self)
	if err != nil {
		return "", err
	}
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		file := filepath.Join(folder, "terraform")
		if found, err := os.Stat(file); err == nil && !found.IsDir() && found.Mode()&0o111 != 0 && !os.SameFile(own, found) {
			return file, nil
		}
	}
	return "", fmt.Errorf("terraform: command not found")
}

// The folder that a command line works in.
func folderOf(arguments []string) string {
	for _, argument := range arguments {
		if folder, is := strings.CutPrefix(argument, "-chdir="); is {
			return folder
		}
		if !strings.HasPrefix(argument, "-") {
			break
		}
	}
	return "."
}

// The AWS provider that a command would start; none where there is none, or where someone else provides one.
func providerOf(arguments []string) string {
	if os.Getenv("TF_REATTACH_PROVIDERS") != "" {
		return ""
	}
	for _, argument := range arguments {
		if strings.HasPrefix(argument, "-chdir=") {
			continue
		}
		if !withProvider[argument] {
			return ""
		}
		break
	}
	data := os.Getenv("TF_DATA_DIR")
	if data == "" {
		data = ".terraform"
	}
	if !filepath.IsAbs(data) {
		data = filepath.Join(folderOf(arguments), data)
	}
	found, _ := filepath.Glob(filepath.Join(data, "providers", "*", "hashicorp", "aws", "*", "*", "terraform-provider-aws*"))
	if len(found) != 1 {
		return ""
	}
	file, err := filepath.Abs(found[0])
	if err != nil {
		return ""
	}
	return file
}
