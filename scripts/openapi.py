"""Print the API's description as JSON, stable: `npm run gen` in web/ makes the app's types from it."""

import json
import sys

from tesela.app import describe_app

json.dump(describe_app().openapi(), sys.stdout, indent=1, sort_keys=True)
sys.stdout.write("\n")
