/** The main claim with other inputs: another region, awkward secrets, the README's own split, and Terraform as users run it. */
import { sampleVariables } from "../../local/trial/sample-variables";
import { adoptionTests, awkward, splitAsReadmeSays } from "../support/adoption-proof";
import { plainPath } from "../support/relay";

process.env.PATH = plainPath();

adoptionTests({
  name: "varied",
  part: splitAsReadmeSays,
  region: "eu-central-1",
  variables: {
    ...sampleVariables,
    cruddur_dns_name: "social.team-4.example.org",
    ecs_service_desired_count: "3",
    cognito_user_pool_id: "eu-central-1_other",
    db_password: `${awkward}-password`,
    db_connection_url: `postgresql://u:${awkward}@h:5432/cruddur`,
    honeycomb_api_key: `${awkward}-honeycomb`,
    rollbar_access_token: `${awkward}-rollbar`,
  },
});
