import { synth } from "../../../../tools/testing";

describe("Database", () => {
  const { app } = synth();

  test("is PostgreSQL, encrypted, reachable from outside, and destroyed without a snapshot", () => {
    expect(app.resource("aws_db_instance.cruddur")).toEqual({
      identifier: "cruddur-db-instance",
      instance_class: "db.t3.micro",
      engine: "postgres",
      engine_version: "14.6",
      allocated_storage: 20,
      db_name: "cruddur",
      port: 5432,
      username: "${var.db_username}",
      password: "${var.db_password}",
      multi_az: false,
      publicly_accessible: true,
      storage_encrypted: true,
      performance_insights_enabled: false,
      deletion_protection: false,
      skip_final_snapshot: true,
      vpc_security_group_ids: ["${data.terraform_remote_state.network.outputs.rds_security_group_id}"],
      lifecycle: { prevent_destroy: true },
    });
  });

  test("is told by host and port", () => {
    expect(app.resource("output.database_endpoint").value).toBe("${aws_db_instance.cruddur.endpoint}");
  });
});
