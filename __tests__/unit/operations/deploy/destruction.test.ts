import { destructionRefusal, notAllowed } from "../../../../operations/deploy/destruction";
import { explanation } from "../../../../operations/explain/explanation";
import { planned, planOf, replaced } from "../../../support/plans";

const repository = 'aws_ecr_repository.repo["orders"]';
const explained = explanation([
  {
    name: "app",
    plan: planOf(
      planned(repository, { before: { name: "orders" } }),
      planned("aws_db_instance.cruddur", {
        before: { engine: "postgres" },
        after: { engine: "mysql" },
        change: replaced,
      }),
      planned("aws_ecs_task_definition.orders", { before: { family: "a" }, after: { family: "b" }, change: replaced }),
    ),
  },
]);

test("what is destroyed or replaced must be named, each; a new revision needn't", () => {
  expect(notAllowed(explained, []).sort()).toEqual(["aws_db_instance.cruddur", repository]);
  expect(notAllowed(explained, [repository])).toEqual(["aws_db_instance.cruddur"]);
  expect(notAllowed(explained, ["aws_ecr_repository.repo"]).length).toBe(2);
  expect(notAllowed(explained, [repository, "aws_db_instance.cruddur"])).toEqual([]);
});

test("the refusal says what allows it, to be pasted, and which allowance allows nothing", () => {
  expect(destructionRefusal([repository], explained, ["aws_db_instance.cruddur", "aws_ecr_repository.repo"])).toBe(
    `This would destroy or replace ${repository}: to allow it, give --allow-destroy '${repository}'. Nothing at aws_ecr_repository.repo is destroyed: did you mean ${repository}?`,
  );
});
