"""Is it alive, is it ready: for load balancers and orchestrators."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.error_tracking.delivery import status

from . import probes


class HealthSerializer(serializers.Serializer[Any]):
    """The process runs."""

    status = serializers.ChoiceField(["ok"])
    timestamp = serializers.DateTimeField()


class CheckSerializer(serializers.Serializer[Any]):
    """One dependency."""

    status = serializers.ChoiceField(["up", "down"])
    latency_ms = serializers.FloatField()
    error = serializers.CharField(required=False, help_text="The kind of error, when it is down.")


class OutboxSerializer(serializers.Serializer[Any]):
    """Errors that the tracker has not taken yet. However many: they make nothing unready."""

    waiting = serializers.IntegerField()
    oldest_seconds = serializers.FloatField(allow_null=True)


class ReadinessSerializer(serializers.Serializer[Any]):
    """Every dependency."""

    status = serializers.ChoiceField(["ready", "not_ready"])
    timestamp = serializers.DateTimeField()
    checks = serializers.DictField(child=CheckSerializer())
    outbox = OutboxSerializer()


class ProbeView(APIView):
    """Open to everyone, whatever the Authorization header says."""

    authentication_classes = []
    permission_classes = [AllowAny]


class HealthView(ProbeView):
    """GET health."""

    @extend_schema(operation_id="healthCheck", summary="Liveness check", responses=HealthSerializer, tags=["health"])
    def get(self, request: Request) -> Response:
        """Answer as long as the process can; nothing else is touched."""
        return Response({"status": "ok", "timestamp": timezone.now()})


class ReadinessView(ProbeView):
    """GET health/ready."""

    @extend_schema(
        operation_id="healthReadiness",
        summary="Readiness check",
        responses={200: ReadinessSerializer, 503: ReadinessSerializer},
        tags=["health"],
    )
    def get(self, request: Request) -> Response:
        """Try the database, the cache and the storage; 503 when one of them is down."""
        checks = probes.check_all()
        ready = all(check["status"] == "up" for check in checks.values())
        waiting, oldest = status.waiting()
        body = {
            "status": "ready" if ready else "not_ready",
            "timestamp": timezone.now(),
            "checks": checks,
            "outbox": {"waiting": waiting, "oldest_seconds": oldest},
        }
        return Response(body, status=200 if ready else 503)
