"""Python reads this at its start, from PYTHONPATH: it tells where moto has the key that signs the tokens of its user pools."""

import importlib.util
import os

moto = importlib.util.find_spec("moto")
if moto is not None:
    print(os.path.join(moto.submodule_search_locations[0], "cognitoidp", "resources", "jwks-private.json.gz"), flush=True)
