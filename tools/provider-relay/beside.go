package main

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// Starts the process beside Terraform. It ends with Terraform: the pipe whose one end Terraform inherits is closed then.
// Returns the value of TF_REATTACH_PROVIDERS.
func beside(provider, folder string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	sockets, err := os.MkdirTemp("", "relay-")
	if err != nil {
		return "", err
	}
	address := filepath.Join(sockets, "s")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: address, Net: "unix"})
	if err != nil {
		return "", err
	}
	listener.SetUnlinkOnClose(false)
	socket, err := listener.File()
	if err != nil {
		return "", err
	}
	var ends [2]int
	if err := syscall.Pipe(ends[:]); err != nil {
		return "", err
	}
	syscall.CloseOnExec(ends[0])
	watched := os.NewFile(uintptr(ends[0]), "pipe")
	// The other end isn't the relay's: it would never see it closed.
	command := exec.Command(self, serveArgument, provider, folder, sockets)
	command.ExtraFiles = []*os.File{socket, watched}
	syscall.CloseOnExec(ends[1])
	if err := command.Start(); err != nil {
		return "", err
	}
	// Terraform's to keep.
	if _, _, errno := syscall.Syscall(syscall.SYS_FCNTL, uintptr(ends[1]), syscall.F_SETFD, 0); errno != 0 {
		return "", errno
	}
	reattach, err := json.Marshal(map[string]any{
		"registry.terraform.io/hashicorp/aws": map[string]any{
			"Protocol": "grpc", "ProtocolVersion": 5, "Pid": command.Process.Pid, "Test": true,
			"Addr": map[string]string{"Network": "unix", "String": address},
		},
	})
	return string(reattach), err
}
