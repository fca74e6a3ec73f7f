"""What the Sentry double does about alert rules (workflows) and what they listen to (detectors)."""

from typing import Any

from tests.triage.sentry_issues import Issues, Refused

_FREQUENCIES = (0, 5, 10, 30, 60, 180, 720, 1440)
_INTERVALS = ("1m", "5m", "15m", "1h", "1d", "1w", "30d")
_TRIGGERS = ("first_seen_event", "regression_event", "reappeared_event", "issue_resolved_trigger")
_FILTERS = ("event_frequency_count", "event_unique_user_frequency_count", "tagged_event", "level")
_TARGETS = ("user", "team", "issue_owners")
WORKFLOW = "name enabled environment config triggers actionFilters detectorIds owner"


class Workflows(Issues):
    """Handlers of alert rules. A field that a change leaves out stays as it was."""

    def list_detectors(self) -> tuple[int, Any]:
        wanted = self.params.get("project", [*self.store.projects])
        return 200, self.page([row for row in self.store.detectors if row["projectId"] in wanted])

    def list_workflows(self) -> tuple[int, Any]:
        wanted = self.params.get("project", [*self.store.projects])
        heard = {row["id"] for row in self.store.detectors if row["projectId"] in wanted}
        return 200, self.page([row for row in self.store.workflows if heard & set(row["detectorIds"])])

    def create_workflow(self) -> tuple[int, Any]:
        self.store.made += 1
        row = {"id": str(7000 + self.store.made), "organizationId": "1", "enabled": True, "environment": None}
        row |= {"config": {}, "triggers": None, "actionFilters": [], "detectorIds": [], "lastTriggered": None}
        row |= self._given()
        self.store.workflows.append(row)
        return 201, row

    def change_workflow(self, number: str) -> tuple[int, Any]:
        row = self._workflow(number)
        row |= self._given()
        return 200, row

    def delete_workflow(self, number: str) -> tuple[int, Any]:
        self.store.workflows.remove(self._workflow(number))
        return 204, None

    def _workflow(self, number: str) -> dict[str, Any]:
        for row in self.store.workflows:
            if row["id"] == number:
                return row
        raise Refused(404)

    def _given(self) -> dict[str, Any]:
        given = dict(self.body)
        if not given.get("name") or len(given["name"]) > 256:
            raise Refused(400, {"name": ["This field is required."]})
        if given.get("config", {}).get("frequency", 0) not in _FREQUENCIES:
            raise Refused(400, {"config": ["Invalid config"]})
        if given.get("environment") not in (None, *self.store.environments):
            raise Refused(400, {"environment": ["Environment does not exist."]})
        if "detectorIds" in given:
            given["detectorIds"] = [self._detector(number) for number in given["detectorIds"]]
        if "triggers" in given:
            given["triggers"] = self._group(given["triggers"], ("any-short",), _TRIGGERS)
        if "actionFilters" in given:
            logics = ("any", "any-short", "all", "none")
            given["actionFilters"] = [self._group(one, logics, _FILTERS) for one in given["actionFilters"]]
        return given

    def _detector(self, number: Any) -> str:
        if not isinstance(number, int) or str(number) not in {row["id"] for row in self.store.detectors}:
            raise Refused(400, {"detectorIds": ["Some detectors do not exist."]})
        return str(number)

    def _group(self, group: dict[str, Any], logics: tuple[str, ...], types: tuple[str, ...]) -> dict[str, Any]:
        if set(group) - {"logicType", "conditions", "actions"} or group.get("logicType") not in logics:
            raise Refused(400, {"logicType": ["Not a valid choice."]})
        if "actions" not in group:
            raise Refused(400, {"detail": "Missing actions key in action filter"})
        conditions = [self._condition(one, types) for one in group.get("conditions", [])]
        actions = [self._action(one) for one in group["actions"]]
        return {"id": "5", "organizationId": "1", **group, "conditions": conditions, "actions": actions}

    def _condition(self, one: dict[str, Any], types: tuple[str, ...]) -> dict[str, Any]:
        if set(one) != {"type", "comparison", "conditionResult"} or one["type"] not in types:
            raise Refused(400, {"conditions": ["Not a valid condition."]})
        if one["type"].endswith("_count") and (
            set(one["comparison"]) != {"value", "interval"} or one["comparison"]["interval"] not in _INTERVALS
        ):
            raise Refused(400, {"comparison": ["Not a valid comparison."]})
        return {"id": "6", **one}

    def _action(self, one: dict[str, Any]) -> dict[str, Any]:
        known = {"type", "integrationId", "data", "config", "status"}
        if set(one) - known or one["type"] != "email" or one["config"].get("targetType") not in _TARGETS:
            raise Refused(400, {"actions": ["Not a valid action."]})
        config = {"targetDisplay": None, "targetIdentifier": None, **one["config"]}
        return {"id": "8", "integrationId": None, **one, "config": config}
