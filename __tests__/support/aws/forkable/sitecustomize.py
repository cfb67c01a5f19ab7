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

    def keep_used_parameters():
        # moto lets go of a group that an instance has, and then describes that instance no longer.
        import moto.rds.models as rds
        from moto.rds.exceptions import RDSClientError

        delete = rds.RDSBackend.delete_db_parameter_group

        def delete_unused(self, db_parameter_group_name):
            if any(one.db_parameter_group_name == db_parameter_group_name for one in self.databases.values()):
                message = f"{db_parameter_group_name} is in use"
                raise RDSClientError("InvalidDBParameterGroupState", message)
            return delete(self, db_parameter_group_name)

        rds.RDSBackend.delete_db_parameter_group = delete_unused

    def change_keys():
        # moto takes a key when table and log group are made, and no other one later: the provider waits for it, or fails.
        import moto.dynamodb.responses as dynamodb
        import moto.logs.responses as logs

        update = dynamodb.DynamoHandler.update_table

        def update_with_key(self):
            given = self.body.get("SSESpecification")
            if given is None:
                return update(self)
            table = self.dynamodb_backend.get_table(self.body["TableName"])
            table.sse_specification = given if given.get("Enabled") else None
            return dynamodb.DynamoResult(table.describe())

        def associate(self):
            self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = self._get_param("kmsKeyId")
            return "{}"

        dynamodb.DynamoHandler.update_table = update_with_key
        logs.LogsResponse.associate_kms_key = associate
        logs.LogsResponse.disassociate_kms_key = associate

    def switch_scans_off():
        # Clients leave out what is false, and moto keeps what it has for an empty configuration.
        import moto.ecr.models as ecr

        put = ecr.ECRBackend.put_image_scanning_configuration

        def put_whole(self, registry_id, repository_name, image_scan_config):
            return put(self, registry_id, repository_name, {"scanOnPush": False, **(image_scan_config or {})})

        ecr.ECRBackend.put_image_scanning_configuration = put_whole

    def tag_scaling_targets():
        # moto answers with 500, which the provider takes for a passing trouble.
        import moto.applicationautoscaling.responses as scaling

        scaling.ApplicationAutoScalingResponse.list_tags_for_resource = lambda self: json.dumps({"Tags": {}})

    def keep_deployments():
        # moto forgets of a service's deployment configuration what an update doesn't name.
        import moto.ecs.models as ecs

        update = ecs.EC2ContainerServiceBackend.update_service

        def update_named(self, properties):
            given = properties.get("deployment_configuration")
            if given is not None:
                service = self._get_service(properties.get("cluster", "default"), properties["service"].split("/")[-1])
                usual = {"maximumPercent": 200, "minimumHealthyPercent": 100}
                known = getattr(service, "deployment_configuration", None) or usual
                properties = {**properties, "deployment_configuration": {**known, **given}}
            return update(self, properties)

        ecs.EC2ContainerServiceBackend.update_service = update_named

    def look_at_resources():
        # moto asks of every policy whether it allows an action on "*".
        import moto.iam.access_control as access

        check = access.IAMRequestBase.check_action_permitted
        kinds = {"dynamodb": ("TableName", "table/"), "ssm": ("Name", "parameter")}

        def check_resource(self, resource):
            key, prefix = kinds.get(self._service, (None, None))
            name = json.loads(self._body or b"{}").get(key) if key else None
            if name is not None:
                resource = f"arn:aws:{self._service}:{self._region}:{self.account_id}:{prefix}{name}"
            return check(self, resource)

        access.IAMRequestBase.check_action_permitted = check_resource

    def run_forkable(host, port, application, **options):
        tell_databases_apart()
        keep_used_parameters()
        switch_scans_off()
        keep_deployments()
        look_at_resources()
        change_keys()
        tag_scaling_targets()
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
