import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { TerraformIterator, Token } from "cdktf";
import { Construct } from "constructs";
import { repositoryPrefix } from "../../services/aws-names";
import { environmentOf } from "../environment-names";

export interface RepositoriesProps {
  readonly names: readonly string[];
  readonly preventDestroy: boolean;
}

/**
 * The image repositories.
 *
 * `aws_ecr_repository.ID["NAME"]`
 */
export class Repositories extends Construct {
  /** One block, iterated over the names. */
  readonly repository: EcrRepository;
  /** Map of repository name to URL. */
  readonly urls: string;

  constructor(scope: Construct, id: string, { names, preventDestroy }: RepositoriesProps) {
    super(scope, id);
    const each = TerraformIterator.fromList([...names]);
    this.repository = new EcrRepository(this, "Repositories", {
      forEach: each,
      name: `${repositoryPrefix(environmentOf(this))}${Token.asString(each.value)}`,
      imageTagMutability: "MUTABLE",
      lifecycle: { preventDestroy },
    });
    this.urls = `\${{ for name, repository in ${this.repository.fqn} : name => repository.repository_url }}`;
  }
}
