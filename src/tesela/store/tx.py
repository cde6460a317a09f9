"""A transaction with its rooms, one for each noun."""

from __future__ import annotations

from functools import cached_property

from tesela.store.ai import Ai
from tesela.store.api_keys import ApiKeys
from tesela.store.audit import Audit
from tesela.store.checkpoints import Checkpoints
from tesela.store.conversations import Conversations
from tesela.store.dashboards import Dashboards
from tesela.store.datasources import Datasources
from tesela.store.grants import Grants
from tesela.store.login_links import LoginLinks
from tesela.store.metrics import Metrics
from tesela.store.policies import Policies
from tesela.store.revisions import Revisions
from tesela.store.sessions import Sessions
from tesela.store.shares import Shares
from tesela.store.snapshots import Snapshots
from tesela.store.teams import Teams
from tesela.store.tenants import Tenants
from tesela.store.users import Users
from tesela.store.work import Work
from tesela.store.workspaces import Workspaces


class Tx(Work):
    """What a function passed to `Store.read` or `Store.write` is given. Good only inside that function."""

    @cached_property
    def tenants(self) -> Tenants:
        return Tenants(self)

    @cached_property
    def users(self) -> Users:
        return Users(self)

    @cached_property
    def teams(self) -> Teams:
        return Teams(self)

    @cached_property
    def sessions(self) -> Sessions:
        return Sessions(self)

    @cached_property
    def login_links(self) -> LoginLinks:
        return LoginLinks(self)

    @cached_property
    def api_keys(self) -> ApiKeys:
        return ApiKeys(self)

    @cached_property
    def workspaces(self) -> Workspaces:
        return Workspaces(self)

    @cached_property
    def datasources(self) -> Datasources:
        return Datasources(self)

    @cached_property
    def policies(self) -> Policies:
        return Policies(self)

    @cached_property
    def metrics(self) -> Metrics:
        return Metrics(self)

    @cached_property
    def dashboards(self) -> Dashboards:
        return Dashboards(self)

    @cached_property
    def revisions(self) -> Revisions:
        return Revisions(self)

    @cached_property
    def checkpoints(self) -> Checkpoints:
        return Checkpoints(self)

    @cached_property
    def snapshots(self) -> Snapshots:
        return Snapshots(self)

    @cached_property
    def shares(self) -> Shares:
        return Shares(self)

    @cached_property
    def grants(self) -> Grants:
        return Grants(self)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self)

    @cached_property
    def ai(self) -> Ai:
        return Ai(self)

    @cached_property
    def conversations(self) -> Conversations:
        return Conversations(self)
