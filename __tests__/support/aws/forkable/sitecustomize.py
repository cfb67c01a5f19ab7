"""Python reads this at its start, from PYTHONPATH. It lets a moto server fork: POST /fork answers with the port of a
process that starts with a copy of everything in memory, and goes its own way from there."""

import json
import os

if os.environ.get("MOTO_FORKABLE"):
    import signal
    import threading
    import time

    import werkzeug.serving as serving

    run_simple = serving.run_simple

    def end_with(parent):
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    def serve_copy(host, application, announce, parent):
        # The listening socket and the connections are the parent's.
        for descriptor in range(3, 1024):
            if descriptor != announce:
                try:
                    os.close(descriptor)
                except OSError:
                    pass
        threading.Thread(target=end_with, args=(parent,), daemon=True).start()
        server = serving.make_server(host, 0, application, threaded=True)
        os.write(announce, str(server.port).encode())
        os.close(announce)
        server.serve_forever()
        os._exit(0)

    def tell_databases_apart():
        # moto gives all of them one resource id, by which the provider looks for them.
        import uuid

        import moto.rds.models as rds

        make = rds.DBInstance.__init__

        def make_unique(self, *args, **kwargs):
            make(self, *args, **kwargs)
            self.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"

        rds.DBInstance.__init__ = make_unique

    def run_forkable(host, port, application, **options):
        tell_databases_apart()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)

        def forkable(environ, start_response):
            if environ["PATH_INFO"] != "/fork":
                return application(environ, start_response)
            reading, writing = os.pipe()
            parent = os.getpid()
            child = os.fork()
            if child == 0:
                serve_copy(host, forkable, writing, parent)
            os.close(writing)
            with os.fdopen(reading) as announced:
                body = json.dumps({"pid": child, "port": int(announced.read())}).encode()
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return [body]

        run_simple(host, port, forkable, **options)

    serving.run_simple = run_forkable
