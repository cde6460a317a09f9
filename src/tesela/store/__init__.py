"""Our own database: one file per noun, all behind `Store`."""

from tesela.store.ai import AiSettings, Usage
from tesela.store.api_keys import ApiKey
from tesela.store.audit import AuditLine, AuditWanted
from tesela.store.connections import BadStoreUrl
from tesela.store.conversations import Conversation, Message
from tesela.store.dashboards import DashboardRow, Facts
from tesela.store.grants import Grant
from tesela.store.secrets import BadSecrets, Keys
from tesela.store.sessions import Session
from tesela.store.store import Store, open_store
from tesela.store.teams import Team
from tesela.store.tenants import Counted, Tenant, TenantLimits
from tesela.store.tx import Tx
from tesela.store.users import User
from tesela.store.visibility import Visibility
from tesela.store.workspaces import Workspace

__all__ = [
    "AiSettings",
    "ApiKey",
    "AuditLine",
    "AuditWanted",
    "BadSecrets",
    "BadStoreUrl",
    "Conversation",
    "Counted",
    "DashboardRow",
    "Facts",
    "Grant",
    "Keys",
    "Message",
    "Session",
    "Store",
    "Team",
    "Tenant",
    "TenantLimits",
    "Tx",
    "Usage",
    "User",
    "Visibility",
    "Workspace",
    "open_store",
]
