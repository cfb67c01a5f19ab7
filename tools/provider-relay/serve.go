package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

const (
	getSchema = "/tfplugin5.Provider/GetSchema"
	// Of hashicorp/go-plugin, with which a provider speaks to Terraform alone.
	magicCookie = "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"
	maxMessage  = 512 << 20
	// What the process beside Terraform inherits.
	listenerEnd, terraformEnd = 3, 4
)

// Messages as they are on the wire.
type raw struct{}

func (raw) Marshal(message any) ([]byte, error) { return *message.(*[]byte), nil }
func (raw) Unmarshal(bytes []byte, message any) error {
	*message.(*[]byte) = append([]byte(nil), bytes...)
	return nil
}
func (raw) Name() string { return "proto" }

// A process of the provider, started at the first call that needs one.
type backend struct {
	provider string
	sockets  string
	once     sync.Once
	process  *exec.Cmd
	client   *grpc.ClientConn
	err      error
}

func (b *backend) start() (*grpc.ClientConn, error) {
	b.once.Do(func() { b.client, b.err = b.started() })
	return b.client, b.err
}

func (b *backend) started() (*grpc.ClientConn, error) {
	b.process = exec.Command(b.provider)
	b.process.Env = append(os.Environ(), magicCookie, "PLUGIN_PROTOCOL_VERSIONS=5", "PLUGIN_UNIX_SOCKET_DIR="+b.sockets)
	output, err := b.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := b.process.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s ended before it said where it listens: %w", b.provider, err)
	}
	// 1|5|unix|ADDRESS|grpc|
	fields := strings.Split(strings.TrimSpace(line), "|")
	if len(fields) < 5 || fields[1] != "5" || fields[2] != "unix" {
		return nil, fmt.Errorf("%s listens in a way that isn't known here: %s", b.provider, line)
	}
	return grpc.NewClient("unix://"+fields[3],
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(
			grpc.ForceCodec(raw{}), grpc.MaxCallRecvMsgSize(maxMessage), grpc.MaxCallSendMsgSize(maxMessage)))
}

func (b *backend) stop() {
	// None may start afterwards.
	b.once.Do(func() { b.err = errors.New("Terraform has hung up") })
	if b.process != nil && b.process.Process != nil {
		b.process.Process.Kill()
		b.process.Wait()
	}
}

// Passes a call on, and its answer back. No call of the protocol that the AWS provider answers streams.
func (b *backend) pass(method string, stream grpc.ServerStream) error {
	client, err := b.start()
	if err != nil {
		return status.Error(codes.Unavailable, err.Error())
	}
	var request, response []byte
	if err := stream.RecvMsg(&request); err != nil {
		return err
	}
	if err := client.Invoke(stream.Context(), method, &request, &response); err != nil {
		return err
	}
	return stream.SendMsg(&response)
}

// A listener of one connection.
type single struct {
	net.Conn
	accepted bool
	once     sync.Once
	closed   chan struct{}
}

func (s *single) Accept() (net.Conn, error) {
	if !s.accepted {
		s.accepted = true
		return s, nil
	}
	<-s.closed
	return nil, io.EOF
}

func (s *single) Addr() net.Addr { return s.LocalAddr() }

func (s *single) Close() error {
	s.once.Do(func() { close(s.closed) })
	return s.Conn.Close()
}

// Answers as one instance of the provider: each of Terraform's connections is one.
func (r *relay) answer(connection net.Conn) {
	own := &backend{provider: r.provider, sockets: r.sockets}
	r.backends.Store(own, true)
	server := grpc.NewServer(
		grpc.ForceServerCodec(raw{}), grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			method, _ := grpc.MethodFromServerStream(stream)
			switch {
			case method == getSchema:
				return r.schema(stream)
			case strings.HasPrefix(method, "/plugin.GRPCBroker/"):
				// Nothing is brokered; go-plugin wants the stream open.
				<-stream.Context().Done()
				return nil
			case strings.HasPrefix(method, "/tfplugin5.Provider/"):
				return own.pass(method, stream)
			default:
				return status.Error(codes.Unimplemented, method)
			}
		}))
	server.Serve(&single{Conn: connection, closed: make(chan struct{})})
	own.stop()
	r.backends.Delete(own)
}

type relay struct {
	provider, folder, sockets string
	backends                  sync.Map
}

func (r *relay) end() {
	r.backends.Range(func(own, _ any) bool {
		own.(*backend).stop()
		return true
	})
	os.RemoveAll(r.sockets)
	os.Exit(0)
}

func serve(provider, folder, sockets string) error {
	r := &relay{provider: provider, folder: folder, sockets: sockets}
	// Providers don't end by Ctrl-C: Terraform tells them to stop.
	signal.Ignore(os.Interrupt)
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-told
		r.end()
	}()
	go func() {
		os.NewFile(terraformEnd, "pipe").Read(make([]byte, 1))
		r.end()
	}()
	listener, err := net.FileListener(os.NewFile(listenerEnd, "socket"))
	if err != nil {
		return err
	}
	for {
		connection, err := listener.Accept()
		if err != nil {
			return err
		}
		go r.answer(connection)
	}
}
