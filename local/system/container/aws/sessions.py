"""What moto lacks of sessions: a refresh as newer libraries ask for it, the end of a session, and users who stay the same."""

import uuid

from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult, EmptyResult


def get_tokens_from_refresh_token(self):
    backend = self._get_region_agnostic_backend()
    parameters = {"REFRESH_TOKEN": self._get_param("RefreshToken")}
    return ActionResult(backend.initiate_auth(self._get_param("ClientId"), "REFRESH_TOKEN_AUTH", parameters))


def revoke_token(self):
    for pool in self.backend.user_pools.values():
        pool.refresh_tokens.pop(self._get_param("Token"), None)
    return EmptyResult()


def install(cognito, pool_id):
    CognitoIdpResponse.get_tokens_from_refresh_token = get_tokens_from_refresh_token
    CognitoIdpResponse.revoke_token = revoke_token
    begin = cognito.CognitoIdpUser.__init__

    def same_again(self, *arguments, **named):
        """The database may outlive this process, and has the user's id."""
        begin(self, *arguments, **named)
        email = self.attribute_lookup.get("email")
        if email is None or self.username != self.id:
            return
        self.id = self.username = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{pool_id}/{email}"))
        self.update_attributes([{"Name": "sub", "Value": self.id}])

    cognito.CognitoIdpUser.__init__ = same_again
