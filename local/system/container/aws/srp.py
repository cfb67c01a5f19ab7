"""Sign-in by the Secure Remote Password protocol, as Cognito does it: moto takes any password there.

https://www.rfc-editor.org/rfc/rfc5054, with Cognito's own derivation of the key, as in amazon-cognito-identity-js.
"""

import base64
import hashlib
import hmac
import secrets

from moto.cognitoidp.exceptions import NotAuthorizedError, UserNotFoundError

# The 3072-bit group of RFC 5054, appendix A; written there in hexadecimal.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2
REFUSED = "Incorrect username or password."


def padded(number):
    """Big-endian, with a zero byte before one that would make it negative."""
    text = f"{number:x}"
    text = text if len(text) % 2 == 0 else f"0{text}"
    return bytes.fromhex(text if text[0] < "8" else f"00{text}")


def digest(*parts):
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


K = digest(padded(N), padded(G))


class Exchange:
    """The server's half of one sign-in."""

    def __init__(self, pool_id, user_id, password, client_public):
        self.identity = (pool_id.split("_", 1)[1] + user_id).encode()
        self.salt = secrets.randbits(128)
        inner = hashlib.sha256(self.identity + b":" + password.encode()).digest()
        verifier = pow(G, digest(padded(self.salt), inner), N)
        secret = secrets.randbits(1024)
        self.public = (K * verifier + pow(G, secret, N)) % N
        u = digest(padded(client_public), padded(self.public))
        shared = pow(client_public * pow(verifier, u, N), secret, N)
        extracted = hmac.digest(padded(u), padded(shared), "sha256")
        self.key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]

    def signature(self, secret_block, timestamp):
        message = self.identity + base64.b64decode(secret_block) + timestamp.encode()
        return base64.b64encode(hmac.digest(self.key, message, "sha256")).decode()


def install(cognito):
    exchanges = {}
    initiate = cognito.CognitoIdpBackend.initiate_auth
    respond = cognito.CognitoIdpBackend.respond_to_auth_challenge

    def initiate_auth(self, client_id, auth_flow, auth_parameters):
        try:
            answer = initiate(self, client_id, auth_flow, auth_parameters)
        except UserNotFoundError as error:
            raise NotAuthorizedError(REFUSED) from error
        if answer.get("ChallengeName") != "PASSWORD_VERIFIER":
            return answer
        username, pool = self.sessions.pop(answer["Session"])
        client_public = int(auth_parameters["SRP_A"], 16)
        if client_public % N == 0:
            raise NotAuthorizedError(REFUSED)
        user = pool._get_user(username)
        exchange = Exchange(pool.id, user.id, user.password, client_public)
        block = base64.b64encode(secrets.token_bytes(32)).decode()
        # moto knows the session by the block.
        self.sessions[block] = (username, pool)
        exchanges[block] = exchange
        answer["ChallengeParameters"].update(
            SALT=f"{exchange.salt:x}", SRP_B=f"{exchange.public:x}", SECRET_BLOCK=block, USERNAME=user.username
        )
        return answer

    def respond_to_auth_challenge(self, session, client_id, challenge_name, challenge_responses):
        if challenge_name == "PASSWORD_VERIFIER":
            block = challenge_responses.get("PASSWORD_CLAIM_SECRET_BLOCK", "")
            exchange = exchanges.pop(block, None)
            given = challenge_responses.get("PASSWORD_CLAIM_SIGNATURE", "")
            timestamp = challenge_responses.get("TIMESTAMP", "")
            if exchange is None or not hmac.compare_digest(exchange.signature(block, timestamp), given):
                raise NotAuthorizedError(REFUSED)
        return respond(self, session, client_id, challenge_name, challenge_responses)

    cognito.CognitoIdpBackend.initiate_auth = initiate_auth
    cognito.CognitoIdpBackend.respond_to_auth_challenge = respond_to_auth_challenge
