"""The server's figures for a monitoring system."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app.metrics import Metrics

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    operation_id="readMetrics",
    summary="Read the server's figures",
    response_class=PlainTextResponse,
)
async def read_metrics(request: Request) -> Response:
    """Return the figures in Prometheus's text format, or as OpenMetrics where that is accepted."""
    metrics: Metrics = request.app.state.metrics
    body, media_type = metrics.exposition(request.headers.get("accept", ""))
    return Response(body, headers={"Content-Type": media_type, "Cache-Control": "no-store"})
