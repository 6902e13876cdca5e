"""What a person looks at: pages over the published warehouse, each with an address. Alone knows Dash."""

from pipelines.dashboard.app import make_app
from pipelines.dashboard.server import listening

__all__ = ["listening", "make_app"]
